package dev.cordon.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts a measured JVM with or without the agent and reads the one line it prints. */
final class Fork {
  private static final int MAX_SECONDS = 120;

  private Fork() {}

  /** The java of the JDK in JAVA_HOME style directory {@code home}. */
  static Path java(Path home) {
    return home.resolve("bin").resolve("java");
  }

  /** The agent's flag with a rule file that allows everything and a journal of its own. */
  static List<String> agent(Path jar, Path rules, Path journal) {
    return List.of(
        "-javaagent:"
            + jar.toAbsolutePath()
            + "=rules="
            + rules.toAbsolutePath()
            + ",journal="
            + journal.toAbsolutePath());
  }

  /** Runs a main class of this module and returns the last line of its output. */
  static String run(Path java, List<String> options, Class<?> main, List<String> arguments)
      throws IOException, InterruptedException {
    Process process = start(java, options, main, arguments);
    String last = "";
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        last = line;
      }
    }
    if (!process.waitFor(MAX_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(main.getSimpleName() + " did not end within " + MAX_SECONDS + " s");
    }
    if (process.exitValue() != 0) {
      throw new IOException(main.getSimpleName() + " ended with " + process.exitValue());
    }
    return last;
  }

  static Process start(Path java, List<String> options, Class<?> main, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.addAll(options);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(arguments);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** A rule file that enforces and lets the two measured calls pass. */
  static Path rules(Path directory, int port) throws IOException {
    Path file = directory.resolve("benchmark.yaml");
    Files.writeString(
        file,
        """
        version: 1
        name: benchmark
        serial: 1
        owner: benchmarks@example.com
        defaults: { mode: enforce, host: deny, read: allow, write: deny, unknown: deny }
        destinations:
          local: { hosts: [127.0.0.1, localhost], ports: [%d] }
        rules:
          - id: notes.write
            owner: benchmarks@example.com
            to: local
            call: POST /v1/notes
            then: allow
        redaction:
          logs: { types: [email, phone, iban, pan, secret], with: token }
          outgoing: { types: [email, phone, iban, pan, secret], with: token }
        """
            .formatted(port));
    return file;
  }
}
