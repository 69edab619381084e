package dev.cordon.journal;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a journal is sealed.
 *
 * @param on whether it is at all
 * @param key file with the private key; null: tiles and roots without a signature
 * @param copy file on another device that every signed checkpoint is appended to; null: none
 * @param firstAfterMs not before, so that a start costs nothing and a short-lived JVM never pays
 */
public record SealOptions(boolean on, @Nullable Path key, @Nullable Path copy, long firstAfterMs) {

  static final long DEFAULT_FIRST_AFTER_MS = 5_000;

  public SealOptions {
    if (firstAfterMs < 0) {
      throw new IllegalArgumentException("firstAfterMs=" + firstAfterMs + " is negative");
    }
  }

  /** Without a key: every change by accident shows, one on purpose only to who remembers roots. */
  public static SealOptions unsigned() {
    return new SealOptions(true, null, null, DEFAULT_FIRST_AFTER_MS);
  }

  public static SealOptions off() {
    return new SealOptions(false, null, null, DEFAULT_FIRST_AFTER_MS);
  }

  public SealOptions withKey(@Nullable Path file) {
    return new SealOptions(on, file, copy, firstAfterMs);
  }

  public SealOptions withCopy(@Nullable Path file) {
    return new SealOptions(on, key, file, firstAfterMs);
  }

  public SealOptions withFirstAfterMs(long ms) {
    return new SealOptions(on, key, copy, ms);
  }
}
