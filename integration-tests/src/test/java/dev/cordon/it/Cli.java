package dev.cordon.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command line, as a user runs it: {@code java -jar cordon.jar ...}. */
final class Cli {

  record Ended(int exitCode, String out, String err) {}

  private Cli() {}

  static Path jar() {
    Path jar = ForkedJvm.project().resolve("agent/audit/target/cordon.jar");
    if (!Files.isRegularFile(jar)) {
      throw new IllegalStateException(jar + " is missing; run mvn verify, not mvn test");
    }
    return jar;
  }

  static List<String> tailJson(Path journal) throws IOException, InterruptedException {
    Ended ended = run(Jdk.current(), "tail", journal.toString(), "--json");
    if (ended.exitCode() != 0) {
      throw new AssertionError("tail failed: " + ended);
    }
    return ended.out().lines().toList();
  }

  static Ended run(Jdk jdk, String... arguments) throws IOException, InterruptedException {
    Path out = Files.createTempFile("cordon-cli", ".out");
    Path err = Files.createTempFile("cordon-cli", ".err");
    try {
      List<String> line = new ArrayList<>();
      line.add(jdk.tool("java").toString());
      line.add("-jar");
      line.add(jar().toString());
      line.addAll(List.of(arguments));
      Process process =
          new ProcessBuilder(line).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      process.getOutputStream().close();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError("not ended after 60 s: " + line);
      }
      return new Ended(
          process.exitValue(),
          Files.readString(out, StandardCharsets.UTF_8),
          Files.readString(err, StandardCharsets.UTF_8));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }
}
