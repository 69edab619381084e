package dev.cordon.instrumentation;

import java.util.List;

/**
 * What is woven into one library, as data. One per library package. Loaded in the agent loader
 * before the library is, so it must not refer to any of the library's types; the hooks do that.
 */
public interface LibraryInstrumentation {

  /** What becomes of a call when its hook cannot be linked. */
  enum Kind {
    /** Sends calls out: without its hook a call counts as undecided, which refuses writes. */
    CLIENT,
    /** Writes log lines: without its hook the line is written as it is, and reported as a gap. */
    LOGGER
  }

  /** The name used in the journal and in docs/supported-libraries.md, such as {@code okhttp}. */
  String library();

  Kind kind();

  List<Target> targets();

  /**
   * Packages of JDK modules that the hooks reach into by method handle, besides the packages of the
   * woven classes themselves, as {@code java.base/sun.net.www.http}. Opened to the agent only.
   */
  default List<String> opens() {
    return List.of();
  }
}
