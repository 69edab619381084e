package dev.cordon.journal;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts a JVM of the same version with the same class path and grants as this one. */
final class ForkedJvm {

  private static final List<String> GRANTS =
      ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
          .filter(argument -> argument.startsWith("--add-"))
          .toList();

  private ForkedJvm() {}

  static ProcessBuilder java(List<String> options, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(GRANTS);
    command.addAll(options);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  record Result(int exit, String out, String err) {}

  static Result run(ProcessBuilder builder) throws IOException, InterruptedException {
    Path err = java.nio.file.Files.createTempFile("cordon", ".err");
    Process process = builder.redirectError(err.toFile()).start();
    try {
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new AssertionError("child still runs after its output ended");
      }
      return new Result(process.exitValue(), out, java.nio.file.Files.readString(err));
    } finally {
      process.destroyForcibly();
      java.nio.file.Files.delete(err);
    }
  }
}
