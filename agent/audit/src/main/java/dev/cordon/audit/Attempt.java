package dev.cordon.audit;

import dev.cordon.rules.RuleFileException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;

/** Runs a command and tells what kept it from its work, in one line and an exit code. */
final class Attempt {

  /** What a command does once its arguments are there. */
  @FunctionalInterface
  interface Work {
    int run() throws UsageException, IOException, RuleFileException;
  }

  private Attempt() {}

  static int run(String command, PrintStream err, Work work) {
    try {
      return work.run();
    } catch (RuleFileException e) {
      err.println(e);
      return Exit.FOUND_PROBLEMS;
    } catch (UsageException e) {
      err.println("cordon " + command + ": " + e.getMessage());
    } catch (IOException | InvalidPathException e) {
      err.println("cordon " + command + ": " + reason(e));
    }
    return Exit.USAGE;
  }

  /** In words; the messages of file exceptions are often just the name. */
  static String reason(Exception e) {
    if (e instanceof NoSuchFileException missing) {
      return "no such file: " + missing.getFile();
    }
    if (e instanceof AccessDeniedException denied) {
      return "no permission: " + denied.getFile();
    }
    return "cannot read or write: " + e.getMessage();
  }
}
