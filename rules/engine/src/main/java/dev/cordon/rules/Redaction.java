package dev.cordon.rules;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is to be redacted, where and how.
 *
 * @param fields field paths as in rule files; empty: everywhere
 * @param types detector types as in rule files: {@code email phone iban pan secret token}
 * @param signed what becomes of a call whose signature the redaction would break
 */
public record Redaction(List<String> fields, Set<String> types, With with, Signed signed) {

  /** What takes the place of a finding. */
  public enum With {
    /** Nothing is redacted. */
    NONE,
    TOKEN,
    MASK,
    HASH,
    /** A finding stops the call. */
    BLOCK
  }

  /** A changed body would leave with a signature that is wrong, so it never is. */
  public enum Signed {
    REFUSE,
    /** It leaves as it is, with what was found in it. */
    PASS
  }

  /** Redacts nothing. */
  public static final Redaction NOTHING =
      new Redaction(List.of(), Set.of(), With.NONE, Signed.REFUSE);

  /** Both at once: all types of both, the stronger of their operators. */
  Redaction and(Redaction other) {
    if (types.isEmpty()) {
      return other;
    }
    if (other.types.isEmpty()) {
      return this;
    }
    Set<String> all = new HashSet<>(types);
    all.addAll(other.types);
    boolean refuses = signed == Signed.REFUSE || other.signed == Signed.REFUSE;
    return new Redaction(
        List.of(),
        all,
        strength(with) >= strength(other.with) ? with : other.with,
        refuses ? Signed.REFUSE : Signed.PASS);
  }

  static int strength(With with) {
    return switch (with) {
      case NONE -> 0;
      case HASH -> 1;
      case TOKEN -> 2;
      case MASK -> 3;
      case BLOCK -> 4;
    };
  }

  public Redaction {
    fields = List.copyOf(fields);
    types = Set.copyOf(types);
  }
}
