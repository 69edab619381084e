package dev.cordon.redaction;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One call to a model: gives tokens for values on the way out, and values for tokens on the way
 * back, of the kinds that may come back.
 */
public final class Prompt {
  private final Conversation conversation;
  private final int restored;
  private final int[] counts = new int[Kind.values().length]; // by the thread of the response

  /**
   * @param restored kinds that are put back into the response; secrets never are
   */
  public Prompt(Conversation conversation, Set<Kind> restored) {
    this.conversation = conversation;
    this.restored = Kind.bits(restored) & ~Kind.SECRET_KINDS;
  }

  /** Whether anything may come back. */
  public boolean isRestoring() {
    return restored != 0;
  }

  /** What puts the values back into the response to this call; null when there is nothing to. */
  public @Nullable StreamTransform restoring(@Nullable String contentType) {
    if (restored == 0 || conversation.isEmpty()) {
      return null;
    }
    ContentType type = ContentType.parse(contentType);
    return type.essence().equals("text/event-stream")
        ? new EventRestore(this)
        : new TextRestore(this, isJson(type.essence()));
  }

  private static boolean isJson(String essence) {
    return essence.endsWith("json") || essence.endsWith("jsonl") || essence.endsWith("ndjson");
  }

  /** How many values of a kind were put back so far; for whoever feeds the response. */
  public int restored(Kind kind) {
    return counts[kind.ordinal()];
  }

  void countRestored(Kind kind) {
    counts[kind.ordinal()]++;
  }

  @Nullable String token(Kind kind, String value) {
    return conversation.token(kind, value);
  }

  /** Bits of the kinds whose tokens come back: such text of somebody else's must not leave. */
  int restored() {
    return restored;
  }

  /** The value behind a token in capitals, if it may come back. */
  @Nullable String value(Kind kind, String token) {
    return (kind.bit() & restored) == 0 ? null : conversation.value(token);
  }

  boolean hasTokenFrom(String beginning) {
    return conversation.hasTokenFrom(beginning);
  }
}
