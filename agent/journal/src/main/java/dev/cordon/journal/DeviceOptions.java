package dev.cordon.journal;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a journal treats the devices it is kept on.
 *
 * @param durability when records are forced to the device
 * @param forceEveryMs how often what was written is forced in the background, at most; 0: never
 * @param forceWithinMs how long a caller waits for a force, at most; one that takes longer has
 *     failed
 * @param lowWaterBytes so much is left free on the first device; {@link #AUTOMATIC}: 258 MiB, but
 *     no more than a twentieth of it
 * @param second parent of directories for what the first device does not take; null: none
 */
public record DeviceOptions(
    Durability durability,
    long forceEveryMs,
    long forceWithinMs,
    long lowWaterBytes,
    @Nullable Path second) {

  /** Of {@code lowWaterBytes}. */
  public static final long AUTOMATIC = -1;

  private static final long MAX_AUTOMATIC_BYTES = (256L << 20) + 2 * QueueFile.BLOCK_BYTES;
  private static final int AUTOMATIC_PART = 20;

  static final long DEFAULT_FORCE_EVERY_MS = 1_000;

  // some hundred times what a disk takes; a device that takes longer hangs
  static final long DEFAULT_FORCE_WITHIN_MS = 1_000;

  public DeviceOptions {
    Objects.requireNonNull(durability, "durability");
    if (forceEveryMs < 0) {
      throw new IllegalArgumentException("forceEveryMs=" + forceEveryMs + " is negative");
    }
    if (forceWithinMs < 1) {
      throw new IllegalArgumentException("forceWithinMs=" + forceWithinMs + " is less than 1");
    }
  }

  public static DeviceOptions standard() {
    return new DeviceOptions(
        Durability.INTERVAL, DEFAULT_FORCE_EVERY_MS, DEFAULT_FORCE_WITHIN_MS, AUTOMATIC, null);
  }

  public DeviceOptions withDurability(Durability level) {
    return new DeviceOptions(level, forceEveryMs, forceWithinMs, lowWaterBytes, second);
  }

  public DeviceOptions withForceEveryMs(long ms) {
    return new DeviceOptions(durability, ms, forceWithinMs, lowWaterBytes, second);
  }

  public DeviceOptions withForceWithinMs(long ms) {
    return new DeviceOptions(durability, forceEveryMs, ms, lowWaterBytes, second);
  }

  public DeviceOptions withSecond(@Nullable Path parent) {
    return new DeviceOptions(durability, forceEveryMs, forceWithinMs, lowWaterBytes, parent);
  }

  public DeviceOptions withLowWaterBytes(long bytes) {
    return new DeviceOptions(durability, forceEveryMs, forceWithinMs, bytes, second);
  }

  /** What is to stay free on a device of a size. */
  long lowWaterBytesOf(long totalBytes) {
    return lowWaterBytes == AUTOMATIC
        ? Math.min(MAX_AUTOMATIC_BYTES, totalBytes / AUTOMATIC_PART)
        : lowWaterBytes;
  }

  /** How often the force thread forces unasked; 0: never. */
  long intervalMs() {
    return durability == Durability.NONE ? 0 : forceEveryMs;
  }
}
