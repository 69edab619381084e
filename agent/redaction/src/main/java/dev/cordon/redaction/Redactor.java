package dev.cordon.redaction;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The door: finds personal data and secrets in text and puts typed placeholders in their place. */
public final class Redactor {
  static final Redactor ALL_KINDS = forLogs(EnumSet.allOf(Kind.class));

  private final int kinds;

  private Redactor(int kinds) {
    this.kinds = kinds;
  }

  public static Redactor forLogs(Set<Kind> kinds) {
    return new Redactor(Kind.bits(kinds));
  }

  /** The same instance when there is nothing to replace. */
  public String line(String text) {
    return kinds == 0 ? text : text;
  }

  /** Scans a body whose content encoding is already undone. */
  public static Scan body(byte[] decodedBody, @Nullable String contentType, RedactionPlan plan) {
    return decodedBody.length == 0 || plan.kinds() == 0 ? Scan.clean() : Scan.unseen(Reach.FAILED);
  }

  /** Scans a raw query (without the question mark). */
  public static Scan query(String rawQuery, RedactionPlan plan) {
    return rawQuery.isEmpty() ? Scan.clean() : Scan.unseen(Reach.FAILED);
  }

  public static Scan header(String name, String value, RedactionPlan plan) {
    return value.isEmpty() ? Scan.clean() : new Scan(List.of(), null, false, Reach.FAILED);
  }
}
