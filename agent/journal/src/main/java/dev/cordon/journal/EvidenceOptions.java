package dev.cordon.journal;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Whether and how evidence is kept.
 *
 * @param keyFile the key under which the keys of persons lie
 * @param keyWithinMs how long the threads that write wait for the first key of a person, while all
 *     others wait for them; then the record goes without
 */
public record EvidenceOptions(Path keyFile, long keyWithinMs) {

  private static final long USUAL_MS = 200; // less than what a second device takes for slow

  public EvidenceOptions {
    Objects.requireNonNull(keyFile, "keyFile");
    if (keyWithinMs < 0 || keyWithinMs > 60_000) {
      throw new IllegalArgumentException("keyWithinMs=" + keyWithinMs + " is not in 0..60000");
    }
  }

  public static EvidenceOptions of(Path keyFile) {
    return new EvidenceOptions(keyFile, USUAL_MS);
  }
}
