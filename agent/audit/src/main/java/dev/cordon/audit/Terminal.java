package dev.cordon.audit;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** What we write to. */
final class Terminal {

  static final int UNLIMITED = Integer.MAX_VALUE;
  private static final int MIN_COLUMNS = 60;
  private static final int USUAL_COLUMNS = 120;

  private Terminal() {}

  /** {@code always}, {@code never}, or {@code auto}. */
  static boolean isColored(String when) {
    return when.equals("always") || (when.equals("auto") && isColored());
  }

  /** True on a terminal whose user did not ask for none (no-color.org). */
  static boolean isColored() {
    String noColor = System.getenv("NO_COLOR");
    return isTerminal()
        && (noColor == null || noColor.isEmpty())
        && !"dumb".equals(System.getenv("TERM"));
  }

  /** Characters that fit into a line; a file or a pipe has room for all. */
  static int columns() {
    if (!isTerminal()) {
      return UNLIMITED;
    }
    int columns = number(System.getenv("COLUMNS"));
    if (columns == 0) {
      columns = askStty();
    }
    return columns == 0 ? USUAL_COLUMNS : Math.max(columns, MIN_COLUMNS);
  }

  private static boolean isTerminal() {
    return isTerminal(1);
  }

  /**
   * @param descriptor 1 for standard output, 2 for standard error
   */
  static boolean isTerminal(int descriptor) {
    // System.console() is not enough: from JDK 22 it is there for a pipe, too; and it looks at
    // input as well
    File file = new File("/proc/self/fd/" + descriptor);
    return file.exists() ? isCharacterDevice(file) : System.console() != null;
  }

  private static boolean isCharacterDevice(File file) {
    try {
      String target = file.getCanonicalPath();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }

  private static int askStty() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!stty.waitFor(1, TimeUnit.SECONDS)) {
        stty.destroy();
        return 0;
      }
      String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      int space = size.indexOf(' ');
      return space < 0 ? 0 : number(size.substring(space + 1).strip());
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private static int number(@org.jspecify.annotations.Nullable String text) {
    return text != null && text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
  }
}
