package dev.cordon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
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
    for (String name : names()) {
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
    for (String name : names()) {
      assertFalse(name.startsWith("cordon/") && name.endsWith(".class"), name);
      assertFalse(name.endsWith("module-info.classdata"), name);
      assertFalse(name.startsWith("cordon/META-INF/") && !isServiceOrDirectory(name), name);
    }
  }

  @Test
  void onlyKnownPackagesAreBundled() throws IOException {
    List<String> known =
        List.of(
            "cordon/META-INF/services/",
            "cordon/com/fasterxml/jackson/core/",
            "cordon/com/google/re2j/",
            "cordon/dev/cordon/",
            "cordon/java/lang/CordonDispatcher.classdata",
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
    try (JarFile jar = open()) {
      for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
        if (entry.getName().endsWith(".classdata")) {
          String content = new String(bytes(jar, entry), StandardCharsets.ISO_8859_1);
          assertFalse(content.contains("google-analytics.com"), entry.getName());
        }
      }
    }
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
    try (JarFile jar = open()) {
      assertNotNull(jar.getEntry(DOOR));
      for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
        if (entry.getName().endsWith(".classdata") || entry.getName().endsWith(".class")) {
          DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes(jar, entry)));
          assertEquals(0xCAFEBABE, in.readInt(), entry.getName());
          in.readUnsignedShort();
          assertTrue(in.readUnsignedShort() <= 61, entry.getName());
        }
      }
    }
  }

  @Test
  void theJarIsSmallerThanPromised() throws IOException {
    assertTrue(Files.size(ForkedJvm.agentJar()) < 12 * 1024 * 1024);
  }

  private static boolean isServiceOrDirectory(String name) {
    return name.startsWith("cordon/META-INF/services/") || name.endsWith("/");
  }

  private static List<String> names() throws IOException {
    try (JarFile jar = open()) {
      return jar.stream().map(JarEntry::getName).toList();
    }
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
