package dev.cordon.audit;

import java.io.PrintStream;
import java.util.List;

/** One command of the command line. */
@FunctionalInterface
interface Command {

  /** Returns the exit code, one of {@link Exit}. */
  int run(List<String> arguments, PrintStream out, PrintStream err);
}
