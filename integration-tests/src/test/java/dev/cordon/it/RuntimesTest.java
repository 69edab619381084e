package dev.cordon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.it.services.UrlCalls;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The ways in which a service can be started other than from a class path on a whole JDK. */
final class RuntimesTest {
  private static final List<String> REFUSED_AND_RECORDED =
      List.of("\"kind\":\"call.request\"", "\"kind\":\"call.response\"", "\"decision\":\"deny\"");

  @TempDir private Path directory;

  @SuppressWarnings("NullAway.Init")
  private LocalServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = LocalServer.http();
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  /** Its boot layer has no module but its own: not those that the libraries of Cordon like. */
  @ParameterizedTest
  @EnumSource(Jdk.class)
  void aServiceThatIsAModuleIsGuarded(Jdk jdk) throws Exception {
    Path modules = directory.resolve("modules");
    Path sources = directory.resolve("sources");
    Files.createDirectories(sources);
    Files.writeString(sources.resolve("module-info.java"), "module service { }");
    ForkedJvm.Ended compiled =
        ForkedJvm.of(Jdk.current())
            .tool(
                "javac",
                "--release",
                "17",
                "-d",
                modules.resolve("service").toString(),
                sources.resolve("module-info.java").toString(),
                ForkedJvm.project()
                    .resolve("integration-tests/src/test/java/dev/cordon/it/services/UrlCalls.java")
                    .toString());
    assertEquals(0, compiled.exitCode(), compiled::toString);
    check(
        guarded(ForkedJvm.of(jdk))
            .option("--module-path", modules.toString())
            .main("-m", arguments("service/" + UrlCalls.class.getName()))
            .run());
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void anImageWithAlmostNothingInItIsEnough(Jdk jdk) throws Exception {
    Path image = directory.resolve("image");
    ForkedJvm.Ended linked =
        ForkedJvm.of(jdk)
            .limit(Duration.ofMinutes(3))
            .tool(
                "jlink",
                "--add-modules",
                "java.base,java.instrument",
                "--output",
                image.toString());
    assertEquals(0, linked.exitCode(), linked::toString);
    check(
        guarded(ForkedJvm.ofImage(image))
            .classPath(Fixtures.testClasses())
            .main(UrlCalls.class.getName(), arguments())
            .run());
  }

  /** Classes of the client are read from an archive, in which they are not woven. */
  @Test
  void classesThatComeFromAnArchiveAreGuarded() throws Exception {
    ForkedJvm recording = ForkedJvm.of(Jdk.JDK_17);
    checkArchive(recording, Jdk.JDK_17, "-XX:ArchiveClassesAtExit=", "-XX:SharedArchiveFile=");
    assertEquals(2, server.received().size(), "the recording, without the agent, and one more");
  }

  /** From JDK 24 on an archive that is made without an agent is of no use with one. */
  @Test
  void classesThatComeFromACacheOfJdk25AreGuarded() throws Exception {
    ForkedJvm recording = guarded(ForkedJvm.of(Jdk.JDK_25));
    checkArchive(recording, Jdk.JDK_25, "-XX:AOTCacheOutput=", "-XX:AOTCache=");
  }

  private void checkArchive(ForkedJvm recording, Jdk jdk, String record, String use)
      throws Exception {
    Path jar = jarOf(UrlCalls.class);
    Path archive = directory.resolve("classes.archive");
    ForkedJvm.Ended made =
        recording
            .limit(Duration.ofMinutes(3))
            .option(record + archive)
            .classPath(jar)
            .main(UrlCalls.class.getName(), "POST", server.url("/allowed"))
            .run();
    assertEquals(0, made.exitCode(), made::toString);
    assertTrue(Files.size(archive) > 0, made::toString);
    Path loaded = directory.resolve("loaded.txt");
    check(
        guarded(ForkedJvm.of(jdk))
            .option(use + archive, "-Xlog:class+load:file=" + loaded)
            .classPath(jar)
            .main(UrlCalls.class.getName(), arguments())
            .run());
    assertTrue(
        Files.readString(loaded).lines().anyMatch(line -> line.contains("UrlCalls source: shared")),
        "the service did not come from the archive: this test shows nothing");
  }

  private ForkedJvm guarded(ForkedJvm jvm) throws IOException {
    return jvm.agent(
        "rules="
            + RuleFiles.enforcing(directory)
            + ",journal="
            + directory.resolve("journal")
            + ",service=runtimes");
  }

  private String[] arguments(String... before) {
    List<String> all = new ArrayList<>(List.of(before));
    all.addAll(List.of("POST", server.url("/allowed"), "POST", server.url("/denied")));
    return all.toArray(new String[0]);
  }

  private void check(ForkedJvm.Ended ended) throws Exception {
    assertEquals("POST 200\nPOST 403 refused\n", ended.out(), ended::toString);
    assertEquals(List.of(), ended.errBeyondBanner(), ended::toString);
    List<String> records = ForkedJvm.journal(directory);
    for (String expected : REFUSED_AND_RECORDED) {
      assertTrue(records.stream().anyMatch(record -> record.contains(expected)), records::toString);
    }
    assertTrue(
        records.stream().noneMatch(record -> record.contains("hook.missing")), records::toString);
  }

  /** Archives of classes are made of jars only. */
  private Path jarOf(Class<?> main) throws IOException {
    Path jar = directory.resolve("service.jar");
    String name = main.getName().replace('.', '/') + ".class";
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      out.putNextEntry(new JarEntry(name));
      Files.copy(Fixtures.testClasses().resolve(name), out);
      out.closeEntry();
    }
    return jar;
  }
}
