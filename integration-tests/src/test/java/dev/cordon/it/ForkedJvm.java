package dev.cordon.it;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One run of a small service in a JVM of its own, with the real agent jar.
 *
 * <pre>{@code
 * ForkedJvm.Ended ended =
 *     ForkedJvm.of(Jdk.JDK_25).agent("rules=" + rules + ",journal=" + journal)
 *         .main(OneCall.class, server.url("/ok")).run();
 * }</pre>
 *
 * <p>A main class of the tests runs from the test classes alone: no library, no JUnit. More is
 * added with {@link #classPath}. Every run ends: after {@link #limit} the JVM is killed and the
 * test fails with what it wrote.
 */
public final class ForkedJvm {

  /** What a JVM left behind. */
  public record Ended(int exitCode, String out, String err) {

    /** The lines on stderr except the one banner line of the agent and the JVM's own greeting. */
    public List<String> errBeyondBanner() {
      return err.lines().filter(line -> !isBanner(line)).toList();
    }

    public String banner() {
      return err.lines().filter(Ended::isBanner).findFirst().orElse("");
    }

    private static boolean isBanner(String line) {
      return line.startsWith("cordon ") && line.contains(": rules ");
    }

    @Override
    public String toString() {
      return "exit code " + exitCode + "\n--- stdout\n" + out + "\n--- stderr\n" + err;
    }
  }

  private final Path home;
  private final List<String> options = new ArrayList<>();
  private final List<String> classPath = new ArrayList<>();
  private final Map<String, @Nullable String> environment = new LinkedHashMap<>();
  private final List<String> command = new ArrayList<>();
  private @Nullable Path directory;
  private Duration limit = Duration.ofSeconds(60);

  private ForkedJvm(Path home) {
    this.home = home;
  }

  public static ForkedJvm of(Jdk jdk) {
    return new ForkedJvm(jdk.home());
  }

  /** A runtime that is no JDK: an image of jlink. */
  public static ForkedJvm ofImage(Path home) {
    return new ForkedJvm(home);
  }

  /** The jar under test, as the build of agent/launcher left it. */
  public static Path agentJar() {
    Path jar = project().resolve("agent/launcher/target/cordon-agent.jar");
    if (!Files.isRegularFile(jar)) {
      throw new IllegalStateException(jar + " is missing; run mvn verify, not mvn test");
    }
    return jar;
  }

  /**
   * What {@code cordon.jar tail --json} prints of the journals below a directory, one object a
   * line, in the order of time.
   */
  public static List<String> journal(Path directory) throws IOException, InterruptedException {
    Path commandLine = project().resolve("agent/audit/target/cordon.jar");
    Ended ended =
        of(Jdk.current())
            .tool("java", "-jar", commandLine.toString(), "tail", directory.toString(), "--json");
    if (ended.exitCode() != 0) {
      throw new IOException("tail failed: " + ended);
    }
    return ended.out().lines().toList();
  }

  /** The top directory of the project. */
  public static Path project() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(directory.resolve("integration-tests"))) {
      Path parent = directory.getParent();
      if (parent == null) {
        throw new IllegalStateException("run this inside the project");
      }
      directory = parent;
    }
    return directory;
  }

  /** Adds the agent with these arguments; the order of several agents is the order of the calls. */
  public ForkedJvm agent(String arguments) {
    return agent(agentJar(), arguments);
  }

  public ForkedJvm agent(Path jar, String arguments) {
    return option("-javaagent:" + jar + (arguments.isEmpty() ? "" : "=" + arguments));
  }

  public ForkedJvm option(String... jvmOptions) {
    options.addAll(List.of(jvmOptions));
    return this;
  }

  /** Jars and directories for the service, before the test classes. */
  public ForkedJvm classPath(Path... entries) {
    for (Path entry : entries) {
      classPath.add(entry.toString());
    }
    return this;
  }

  /** Every jar of a directory, as {@link Fixtures#jars} names them. */
  public ForkedJvm classPath(List<Path> entries) {
    return classPath(entries.toArray(new Path[0]));
  }

  /** Sets a variable; null removes one. */
  public ForkedJvm environment(String name, @Nullable String value) {
    environment.put(name, value);
    return this;
  }

  public ForkedJvm directory(Path workingDirectory) {
    directory = workingDirectory;
    return this;
  }

  /** How long it may take before it counts as hung. */
  public ForkedJvm limit(Duration atMost) {
    limit = atMost;
    return this;
  }

  /** The service: a class of the tests, or of the class path given. */
  public ForkedJvm main(Class<?> main, String... arguments) {
    classPath.add(Fixtures.testClasses().toString());
    return main(main.getName(), arguments);
  }

  public ForkedJvm main(String main, String... arguments) {
    command.clear();
    command.add(main);
    command.addAll(List.of(arguments));
    return this;
  }

  /** Starts another program of this JDK, such as javac, with the same environment. */
  public Ended tool(String name, String... arguments) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    line.add(tool(name));
    line.addAll(List.of(arguments));
    return run(line);
  }

  /** Runs it to its end. */
  public Ended run() throws IOException, InterruptedException {
    return run(line());
  }

  /** Starts it and leaves it running; the caller must {@link Process#destroyForcibly()} it. */
  public Process start(Path out, Path err) throws IOException {
    return builder(line(), out, err).start();
  }

  private String tool(String name) {
    return home.resolve("bin").resolve(name).toString();
  }

  private List<String> line() {
    List<String> line = new ArrayList<>();
    line.add(tool("java"));
    line.addAll(options);
    if (!classPath.isEmpty()) {
      line.add("-classpath");
      line.add(String.join(File.pathSeparator, classPath));
    }
    line.addAll(command);
    return line;
  }

  private Ended run(List<String> line) throws IOException, InterruptedException {
    Path out = Files.createTempFile("cordon-it", ".out");
    Path err = Files.createTempFile("cordon-it", ".err");
    try {
      Process process = builder(line, out, err).start();
      process.getOutputStream().close();
      boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        process.destroyForcibly().waitFor();
      }
      Ended result = new Ended(process.exitValue(), read(out), read(err));
      if (!ended) {
        throw new AssertionError(
            "not ended after "
                + limit
                + ": "
                + line.stream().collect(Collectors.joining(" "))
                + "\n"
                + result);
      }
      return result;
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  private ProcessBuilder builder(List<String> line, Path out, Path err) {
    ProcessBuilder builder = new ProcessBuilder(line);
    // what the machine that runs the tests has set must not reach the service
    for (String inherited :
        List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH")) {
      builder.environment().remove(inherited);
    }
    builder.environment().keySet().removeIf(name -> name.startsWith("CORDON_"));
    environment.forEach(
        (name, value) -> {
          if (value == null) {
            builder.environment().remove(name);
          } else {
            builder.environment().put(name, value);
          }
        });
    if (directory != null) {
      builder.directory(directory.toFile());
    }
    builder.redirectOutput(out.toFile());
    builder.redirectError(err.toFile());
    return builder;
  }

  private static String read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
