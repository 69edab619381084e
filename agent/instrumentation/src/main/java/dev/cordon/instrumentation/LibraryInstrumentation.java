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
    /** Writes log lines: without its hook a text is withheld, counted and reported as a gap. */
    LOGGER
  }

  /** The name used in the journal and in docs/supported-libraries.md, such as {@code okhttp}. */
  String library();

  Kind kind();

  List<Target> targets();

  /**
   * Internal names of classes that an application loads before its first call or line. With one of
   * them all targets that have to be there are loaded and woven, on a thread of Cordon: the JVM
   * drops, without a word, what a transformer does on a thread that is out of stack, and that may
   * be the thread of the first line.
   */
  default List<String> companions() {
    return List.of();
  }

  /**
   * Makes what the hooks keep in the agent's own loader, where a class whose initialiser ran out of
   * stack stays unusable for good. Called on the thread that loads the targets early.
   */
  default void prepare() {}

  /**
   * Packages of JDK modules that the hooks reach into by method handle, besides the packages of the
   * woven classes themselves, as {@code java.base/sun.net.www.http}. Opened to the agent only.
   */
  default List<String> opens() {
    return List.of();
  }
}
