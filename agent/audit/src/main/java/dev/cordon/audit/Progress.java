package dev.cordon.audit;

import java.io.PrintStream;

/** How far a long work is, on a terminal only; silent for what is done at once. */
final class Progress {
  private static final long MIN_BYTES = 50_000_000;
  private static final long EVERY_NS = 200_000_000;
  private static final int BAR_CHARS = 30;

  private final PrintStream err;
  private final String name;
  private final long totalBytes;
  private final boolean shown;
  private long toldNs = System.nanoTime();
  private boolean drawn;

  /**
   * @param totalBytes 0 when nobody knows
   */
  Progress(PrintStream err, String name, long totalBytes, boolean terminal) {
    this.err = err;
    this.name = name;
    this.totalBytes = totalBytes;
    this.shown = terminal && totalBytes > MIN_BYTES;
  }

  void at(long bytes) {
    long nowNs = System.nanoTime();
    if (!shown || nowNs - toldNs < EVERY_NS) {
      return;
    }
    toldNs = nowNs;
    drawn = true;
    int done = (int) Math.min(BAR_CHARS, bytes * BAR_CHARS / totalBytes);
    err.print(
        "\r"
            + "#".repeat(done)
            + ".".repeat(BAR_CHARS - done)
            + " "
            + Math.min(100, bytes * 100 / totalBytes)
            + " % of "
            + totalBytes / 1_000_000
            + " MB "
            + name);
    err.flush();
  }

  void done() {
    if (drawn) {
      err.print("\r\u001b[K");
      err.flush();
    }
  }
}
