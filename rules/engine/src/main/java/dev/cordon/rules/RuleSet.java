package dev.cordon.rules;

import java.io.IOException;
import java.nio.file.Path;

/** A compiled rule file with its packs: immutable, used by any number of threads. */
public final class RuleSet {

  private RuleSet() {}

  /**
   * Reads and compiles a rule file.
   *
   * @throws RuleFileException with all problems of the file
   * @throws IOException when the file cannot be read
   */
  public static RuleSet load(Path file) throws RuleFileException, IOException {
    throw new UnsupportedOperationException("not built yet: " + file);
  }

  /** Decides one call. Never throws, whatever the input. */
  public Decision decide(CallFacts facts) {
    throw new UnsupportedOperationException();
  }

  /** The class of a call by method, URL and headers; the body is not needed. */
  public CallClass classify(CallFacts facts) {
    throw new UnsupportedOperationException();
  }

  public String name() {
    throw new UnsupportedOperationException();
  }

  public long serial() {
    throw new UnsupportedOperationException();
  }

  /** SHA-256 over the file and its packs, 64 hex digits. */
  public String digest() {
    throw new UnsupportedOperationException();
  }

  public Mode mode() {
    throw new UnsupportedOperationException();
  }

  /** Longer bodies are not read: {@link BodyState#TOO_LARGE}. */
  public int inspectUpToBytes() {
    throw new UnsupportedOperationException();
  }

  /** What happens when the agent itself fails. */
  public Fallback onError() {
    throw new UnsupportedOperationException();
  }

  /** What happens when no journal takes the record. */
  public Fallback onJournalDown() {
    throw new UnsupportedOperationException();
  }

  /** What is redacted in log lines, in observe mode too. */
  public Redaction logs() {
    throw new UnsupportedOperationException();
  }

  /** What is redacted in every outgoing call. */
  public Redaction outgoing() {
    throw new UnsupportedOperationException();
  }
}
