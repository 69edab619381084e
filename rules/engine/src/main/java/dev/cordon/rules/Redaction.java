package dev.cordon.rules;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is to be redacted, where and how.
 *
 * @param fields field paths as in rule files; empty: everywhere
 * @param operators by detector type as in rule files ({@code email phone iban pan secret token}):
 *     what takes its place
 * @param restored types of VAULT that come back in the response
 * @param unredacted what becomes of what cannot be changed or read: of a call, because its
 *     signature would break; of a response, because nobody can tell what is in it
 */
public record Redaction(
    List<String> fields, Map<String, With> operators, Set<String> restored, Unredacted unredacted) {

  /** What takes the place of a finding; which is stronger, {@link #strength} tells. */
  public enum With {
    /** Nothing is redacted. */
    NONE("none"),
    TOKEN("token"),
    MASK("mask"),
    HASH("hash"),
    /** A finding stops the call. */
    BLOCK("block"),
    DROP("drop"),
    KEEP_LAST_4("keep-last-4"),
    KEEP_DOMAIN("keep-domain"),
    PSEUDONYM("pseudonym"),
    SIV("siv"),
    /** A token of a prompt, behind which the value is for as long as a conversation lasts. */
    VAULT("vault");

    private final String word;

    With(String word) {
      this.word = word;
    }

    /** As in rule files. */
    public String word() {
      return word;
    }

    /** Whether it takes a key that the agent has to be given. */
    boolean needsKey() {
      return this == PSEUDONYM || this == SIV;
    }
  }

  /** What becomes of what would have to be redacted, and cannot be. */
  public enum Unredacted {
    REFUSE,
    /** It goes on as it is, with what is in it. */
    PASS
  }

  /** Redacts nothing. */
  public static final Redaction NOTHING = new Redaction(List.of(), Map.of(), Unredacted.REFUSE);

  public Redaction {
    fields = List.copyOf(fields);
    operators = Map.copyOf(operators);
    restored = Set.copyOf(restored);
  }

  /** Of which nothing comes back. */
  public Redaction(List<String> fields, Map<String, With> operators, Unredacted unredacted) {
    this(fields, operators, Set.of(), unredacted);
  }

  /** One operator for all types. */
  public Redaction(List<String> fields, Set<String> types, With with, Unredacted unredacted) {
    this(fields, all(types, with), unredacted);
  }

  private static Map<String, With> all(Set<String> types, With with) {
    Map<String, With> operators = new HashMap<>();
    for (String type : types) {
      operators.put(type, with);
    }
    return operators;
  }

  /** Detector types as in rule files. */
  public Set<String> types() {
    return operators.keySet();
  }

  /** What takes the place of a type; NONE for a type that stays. */
  public With with(String type) {
    return operators.getOrDefault(type, With.NONE);
  }

  /** The strongest of its operators; NONE when it redacts nothing. */
  public With with() {
    With strongest = With.NONE;
    for (With one : operators.values()) {
      strongest = strength(one) > strength(strongest) ? one : strongest;
    }
    return strongest;
  }

  /** Whether one of its operators takes a key. */
  boolean needsKey() {
    for (With one : operators.values()) {
      if (one.needsKey()) {
        return true;
      }
    }
    return false;
  }

  /** Both at once: all types of both, each with the stronger of its operators. */
  Redaction and(Redaction other) {
    if (operators.isEmpty()) {
      return other;
    }
    if (other.operators.isEmpty()) {
      return this;
    }
    Map<String, With> all = new HashMap<>(operators);
    other.operators.forEach(
        (type, with) -> all.merge(type, with, (a, b) -> strength(a) >= strength(b) ? a : b));
    boolean refuses = unredacted == Unredacted.REFUSE || other.unredacted == Unredacted.REFUSE;
    return new Redaction(List.of(), all, refuses ? Unredacted.REFUSE : Unredacted.PASS);
  }

  /** The less it tells of a value, the stronger; as RedactionPlan.Operator has it. */
  static int strength(With with) {
    return switch (with) {
      case NONE -> 0;
      case SIV -> 1;
      case VAULT -> 2;
      case PSEUDONYM -> 3;
      case HASH -> 4;
      case TOKEN -> 5;
      case MASK, KEEP_LAST_4, KEEP_DOMAIN -> 6;
      case DROP -> 7;
      case BLOCK -> 8;
    };
  }

  /** For people: {@code email, pan in text with mask}, or each type with its own operator. */
  public String text() {
    With one = with();
    boolean same = operators.values().stream().allMatch(with -> with == one);
    StringBuilder text = new StringBuilder();
    for (String type : operators.keySet().stream().sorted().toList()) {
      text.append(text.isEmpty() ? "" : ", ").append(type);
      if (!same) {
        text.append(" with ").append(with(type).word());
      }
    }
    text.append(fields.isEmpty() ? "" : " in ").append(String.join(", ", fields));
    if (same) {
      text.append(" with ").append(one.word());
    }
    if (!restored.isEmpty()) {
      text.append(", restores ").append(String.join(", ", restored.stream().sorted().toList()));
    }
    return text.toString();
  }
}
