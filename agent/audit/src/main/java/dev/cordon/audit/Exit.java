package dev.cordon.audit;

/** Exit codes of every command. */
final class Exit {

  static final int OK = 0;

  /** It ran, and what it looked at is not in order. */
  static final int FOUND_PROBLEMS = 1;

  /** It did not run: a wrong option, a missing file. */
  static final int USAGE = 2;

  /** It ran, and not all that it was to read could be read. */
  static final int NOT_READ = 2;

  private Exit() {}
}
