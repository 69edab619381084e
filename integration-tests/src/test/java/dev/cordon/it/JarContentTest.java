package dev.cordon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/**
 * The agent jar lies on the application's class path: what an application can find in it is one
 * class and licences.
 */
final class JarContentTest {

  private static final String DOOR = "dev/cordon/launcher/CordonAgent.class";

  @Test
  void anApplicationFindsOneClassAndNoServices() throws IOException {
    TreeSet<String> visible = new TreeSet<>();
    for (String name : entries()) {
      if (!name.startsWith("cordon/") && !name.endsWith("/")) {
        visible.add(name.startsWith("META-INF/licenses/") ? "META-INF/licenses/" : name);
      }
    }
    assertEquals(
        new TreeSet<>(
            List.of("META-INF/MANIFEST.MF", "META-INF/LICENSE", "META-INF/licenses/", DOOR)),
        visible);
  }

  @Test
  void nothingBelowThePrefixIsAClassFileByName() throws IOException {
    for (String name : entries()) {
      assertFalse(name.startsWith("cordon/") && name.endsWith(".class"), name);
      assertFalse(name.startsWith("cordon/META-INF/") && !isServiceOrDirectory(name), name);
    }
    for (String name : classes().keySet()) {
      assertFalse(name.endsWith("module-info"), name);
    }
  }

  @Test
  void aJarOfSoFewEntriesCostsAStartNothingToOpen() throws IOException {
    assertTrue(entries().size() < 200, entries().size() + " entries");
    assertTrue(classes().size() > 1_000, classes().size() + " classes");
  }

  @Test
  void onlyKnownPackagesAreBundled() throws IOException {
    List<String> known =
        List.of(
            "cordon/META-INF/services/",
            "cordon/com/fasterxml/jackson/core/",
            "cordon/com/google/re2j/",
            "cordon/dev/cordon/",
            "cordon/java/lang/CordonDispatcher",
            "cordon/net/openhft/",
            "cordon/org/objectweb/asm/",
            "cordon/org/slf4j/",
            "cordon/org/snakeyaml/engine/");
    List<String> unknown = new ArrayList<>();
    for (String name : names()) {
      boolean directory = name.endsWith("/");
      if (name.startsWith("cordon/") && !directory && known.stream().noneMatch(name::startsWith)) {
        unknown.add(name);
      }
    }
    assertEquals(List.of(), unknown);
  }

  @Test
  void nothingThatPhonesHomeOrLoadsNativeCodeIsBundled() throws IOException {
    for (String name : names()) {
      for (String banned :
          List.of(
              "openhft/chronicle/analytics/",
              "com/github/jnr",
              "jffi",
              "com/sun/jna",
              "bytebuddy")) {
        assertFalse(name.contains(banned), name);
      }
      assertFalse(name.endsWith(".so") || name.endsWith(".dll") || name.endsWith(".jar"), name);
    }
    classes()
        .forEach(
            (name, content) ->
                assertFalse(
                    new String(content, StandardCharsets.ISO_8859_1)
                        .contains("google-analytics.com"),
                    name));
  }

  @Test
  void buildToolsAreNotShipped() throws IOException {
    for (String name : names()) {
      assertFalse(name.contains("/launcher/pack/"), name);
      assertFalse(name.contains("/journal/build/"), name);
    }
  }

  @Test
  void everyLibraryBringsItsLicence() throws IOException {
    String all = String.join("\n", names());
    for (String library : List.of("jackson-core", "re2j", "LICENSE")) {
      assertTrue(all.contains(library), library);
    }
  }

  @Test
  void theManifestLetsTheJvmStartAndAttachIt() throws IOException {
    try (JarFile jar = open()) {
      Attributes manifest = jar.getManifest().getMainAttributes();
      assertEquals("dev.cordon.launcher.CordonAgent", manifest.getValue("Premain-Class"));
      assertEquals("dev.cordon.launcher.CordonAgent", manifest.getValue("Agent-Class"));
      assertEquals("true", manifest.getValue("Can-Retransform-Classes"));
      assertEquals("true", manifest.getValue("Can-Redefine-Classes"));
      assertEquals(null, manifest.getValue("Launcher-Agent-Class"));
      assertEquals(null, manifest.getValue("Boot-Class-Path"));
      assertEquals(null, manifest.getValue("Class-Path"));
    }
  }

  @Test
  void allClassFilesRunOnJava17() throws IOException {
    Map<String, byte[]> all = new TreeMap<>(classes());
    try (JarFile jar = open()) {
      JarEntry door = jar.getJarEntry(DOOR);
      assertNotNull(door);
      all.put(DOOR, bytes(jar, door));
    }
    for (Map.Entry<String, byte[]> one : all.entrySet()) {
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(one.getValue()));
      assertEquals(0xCAFEBABE, in.readInt(), one.getKey());
      in.readUnsignedShort();
      assertTrue(in.readUnsignedShort() <= 61, one.getKey());
    }
  }

  @Test
  void theJarIsSmallerThanPromised() throws IOException {
    assertTrue(Files.size(ForkedJvm.agentJar()) < 12 * 1024 * 1024);
  }

  private static boolean isServiceOrDirectory(String name) {
    return name.startsWith("cordon/META-INF/services/") || name.endsWith("/");
  }

  /** Entries of the jar, and the classes in {@code cordon/classes} as if they were some. */
  private static List<String> names() throws IOException {
    List<String> names = new ArrayList<>(entries());
    assertTrue(names.remove("cordon/classes"));
    names.addAll(classes().keySet());
    return names;
  }

  private static List<String> entries() throws IOException {
    try (JarFile jar = open()) {
      return jar.stream().map(JarEntry::getName).toList();
    }
  }

  /** By path below the prefix, without a suffix. */
  private static Map<String, byte[]> classes() throws IOException {
    Map<String, byte[]> classes = new TreeMap<>();
    try (JarFile jar = open()) {
      ByteBuffer all = ByteBuffer.wrap(bytes(jar, jar.getJarEntry("cordon/classes")));
      int count = all.getInt();
      assertTrue(all.getInt() < 3 << 20, "bytes that each JVM keeps in memory");
      for (int i = 0; i < count; i++) {
        int hash = all.getInt();
        int at = all.getInt();
        byte[] content = new byte[all.getInt()];
        byte[] name = new byte[all.getShort(at)];
        all.get(at + Short.BYTES, name).get(at + Short.BYTES + name.length, content);
        String binaryName = new String(name, StandardCharsets.ISO_8859_1);
        assertEquals(binaryName.hashCode(), hash);
        classes.put("cordon/" + binaryName.replace('.', '/'), content);
      }
    }
    return classes;
  }

  private static byte[] bytes(JarFile jar, JarEntry entry) throws IOException {
    try (InputStream in = jar.getInputStream(entry)) {
      return in.readAllBytes();
    }
  }

  private static JarFile open() throws IOException {
    return new JarFile(ForkedJvm.agentJar().toFile());
  }
}
