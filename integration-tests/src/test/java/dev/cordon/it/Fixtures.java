package dev.cordon.it;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Where the build put what the forked services need. */
public final class Fixtures {

  private Fixtures() {}

  /** The compiled tests, which hold the main classes of the services. */
  public static Path testClasses() {
    return ForkedJvm.project().resolve("integration-tests/target/test-classes");
  }

  /**
   * The jars of one fixture, copied by the build into target/fixtures/NAME. Old versions live
   * there, because they cannot be on the class path of the tests.
   */
  public static List<Path> jars(String fixture) throws IOException {
    return jarsIn(ForkedJvm.project().resolve("integration-tests/target/fixtures/" + fixture));
  }

  private static List<Path> jarsIn(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new IllegalStateException(directory + " is missing; run mvn verify");
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
  }

  /** The class path of a vendor's SDK, copied by the build of the module sdks. */
  public static List<Path> sdk(String name) throws IOException {
    return jarsIn(ForkedJvm.project().resolve("integration-tests/sdks/target/" + name));
  }

  /**
   * Compiles a service of src/test/services against its own libraries.
   *
   * @return the directory of its classes
   */
  public static Path compile(String service, List<Path> libraries, Path directory)
      throws IOException {
    Path classes = Files.createDirectories(directory.resolve("classes"));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    int failed =
        compiler.run(
            null,
            messages,
            messages,
            "--release",
            "17",
            "-proc:none",
            "-classpath",
            libraries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)),
            "-d",
            classes.toString(),
            ForkedJvm.project()
                .resolve("integration-tests/src/test/services/" + service + ".java")
                .toString());
    if (failed != 0) {
      throw new IOException(messages.toString(StandardCharsets.UTF_8));
    }
    return classes;
  }

  /**
   * The jars of the tests' own class path that hold these classes, as the application would bring
   * them: not the agent's own copies.
   */
  public static List<Path> jarsOf(String... classNames) throws IOException {
    List<Path> jars = new ArrayList<>();
    for (String name : classNames) {
      jars.add(jarOf(name));
    }
    return jars;
  }

  private static Path jarOf(String className) throws IOException {
    String entry = className.replace('.', '/') + ".class";
    for (URL found : Collections.list(Fixtures.class.getClassLoader().getResources(entry))) {
      String place = found.getPath();
      if (found.getProtocol().equals("jar") && !place.contains("-isolated.jar!")) {
        return Path.of(URI.create(place.substring(0, place.indexOf("!/"))));
      }
    }
    throw new IllegalStateException(className + " is in no jar on the class path of the tests");
  }

  /** Writes a rule file and returns it. */
  public static Path rules(Path directory, String... lines) throws IOException {
    Files.createDirectories(directory);
    return Files.write(directory.resolve("rules.yaml"), List.of(lines));
  }
}
