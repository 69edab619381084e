package dev.cordon.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A JVM that is started, waited for within bounds, and never left behind. */
final class Child {

  private static final long MAX_RUN_SECONDS = 120;

  private static final Set<String> INHERITED =
      Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  private Child() {}

  /** What a child printed and how it ended. */
  record Ended(int exitCode, List<String> out, List<String> errors) {}

  /**
   * Runs a command to its end.
   *
   * @param name names the two files below {@code prints} that take what the child prints
   * @param workDirectory where relative paths of the command begin
   */
  static Ended run(
      String name,
      List<String> command,
      Map<String, String> environment,
      Path workDirectory,
      Path prints)
      throws IOException, InterruptedException {
    Path out = prints.resolve(name + ".out");
    Path errors = prints.resolve(name + ".err");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(workDirectory.toFile());
    // what the machine has set for its own JVMs would change what the demo compares
    builder.environment().keySet().removeAll(INHERITED);
    builder.environment().keySet().removeIf(variable -> variable.startsWith("CORDON_"));
    builder.environment().putAll(environment);
    builder.redirectOutput(out.toFile());
    builder.redirectError(errors.toFile());
    Process process = builder.start();
    Thread stopper = new Thread(process::destroyForcibly, "stop-" + name);
    Runtime.getRuntime().addShutdownHook(stopper);
    try {
      if (!process.waitFor(MAX_RUN_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException(
            name
                + " did not end within "
                + MAX_RUN_SECONDS
                + " s; it printed "
                + out
                + ", "
                + errors);
      }
      return new Ended(process.exitValue(), Files.readAllLines(out), Files.readAllLines(errors));
    } finally {
      process.destroyForcibly();
      Runtime.getRuntime().removeShutdownHook(stopper);
    }
  }
}
