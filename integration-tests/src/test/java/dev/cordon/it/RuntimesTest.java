package dev.cordon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.it.services.UrlCalls;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
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

  /** As a Spring Boot service is shipped: the libraries are jars inside of the jar. */
  @ParameterizedTest
  @EnumSource(Jdk.class)
  void aJarWithItsLibrariesInItIsGuarded(Jdk jdk) throws Exception {
    List<Path> libraries = new ArrayList<>(Fixtures.jars("okhttp-3"));
    libraries.addAll(Fixtures.jars("packed"));
    Path jar = packed("PackedCalls", libraries);
    ForkedJvm.Ended ended =
        guarded(ForkedJvm.of(jdk))
            .main("-jar", jar.toString(), server.url("/allowed"), server.url("/denied"))
            .run();
    assertEquals(0, ended.exitCode(), ended::toString);
    assertEquals(List.of(), ended.errBeyondBanner(), ended::toString);
    List<String> out = ended.out().lines().toList();
    assertEquals(List.of("POST 200", "POST 403 refused"), out.subList(0, 2), ended::toString);
    assertTrue(out.get(2).contains("\"by\":\"[EMAIL]\""), ended::toString);
    assertFalse(ended.out().contains("jane.roe"), ended::toString);
    assertEquals(1, server.received().size());
    checkRecords();
  }

  private Path packed(String main, List<Path> libraries) throws IOException {
    Path classes = Fixtures.compile(main, libraries, directory);
    Path jar = directory.resolve("packed.jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest
        .getMainAttributes()
        .put(Attributes.Name.MAIN_CLASS, "org.springframework.boot.loader.launch.JarLauncher");
    manifest.getMainAttributes().putValue("Start-Class", main);
    manifest.getMainAttributes().putValue("Spring-Boot-Classes", "BOOT-INF/classes/");
    manifest.getMainAttributes().putValue("Spring-Boot-Lib", "BOOT-INF/lib/");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
        ZipFile loader = new ZipFile(Fixtures.jars("packed-loader").get(0).toFile())) {
      for (ZipEntry entry : Collections.list(loader.entries())) {
        if (!entry.getName().startsWith("META-INF/")) {
          stored(out, entry.getName(), loader.getInputStream(entry).readAllBytes());
        }
      }
      for (String folder : List.of("BOOT-INF/", "BOOT-INF/classes/", "BOOT-INF/lib/")) {
        stored(out, folder, new byte[0]);
      }
      String file = main + ".class";
      stored(out, "BOOT-INF/classes/" + file, Files.readAllBytes(classes.resolve(file)));
      for (Path library : libraries) {
        stored(out, "BOOT-INF/lib/" + library.getFileName(), Files.readAllBytes(library));
      }
    }
    return jar;
  }

  /** Not compressed: a jar in a jar is read where it lies. */
  private static void stored(JarOutputStream out, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    JarEntry entry = new JarEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    out.putNextEntry(entry);
    out.write(content);
    out.closeEntry();
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
    checkRecords();
  }

  private void checkRecords() throws Exception {
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
