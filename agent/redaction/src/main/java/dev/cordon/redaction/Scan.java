package dev.cordon.redaction;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a scan found and made of its input.
 *
 * @param redacted the spliced input, null when there is nothing to change. Spans under a BLOCK
 *     order are replaced in it as well, so sending it by mistake leaks nothing.
 * @param blocked whether a finding is under a BLOCK order
 * @param reach how much could be scanned; findings and {@code redacted} speak for that part only
 */
public record Scan(
    List<Finding> findings, byte @Nullable [] redacted, boolean blocked, Reach reach) {
  private static final Scan CLEAN = new Scan(List.of(), null, false, Reach.WHOLE);

  // not compact: javac drops the annotation of an array component from a compact constructor
  public Scan(List<Finding> findings, byte @Nullable [] redacted, boolean blocked, Reach reach) {
    this.findings = List.copyOf(findings);
    this.redacted = redacted;
    this.blocked = blocked;
    this.reach = reach;
  }

  public Scan(List<Finding> findings, byte @Nullable [] redacted, boolean blocked) {
    this(findings, redacted, blocked, Reach.WHOLE);
  }

  static Scan clean() {
    return CLEAN;
  }

  static Scan unseen(Reach reach) {
    return new Scan(List.of(), null, false, reach);
  }

  @Override
  public String toString() {
    // never the bytes
    return "Scan[" + findings.size() + " findings, blocked=" + blocked + ", " + reach + "]";
  }
}
