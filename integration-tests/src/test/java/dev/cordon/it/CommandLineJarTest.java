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
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** What is in cordon.jar, the command line, and what is not. */
final class CommandLineJarTest {

  private static final List<String> KNOWN =
      List.of(
          "META-INF/",
          "com/fasterxml/jackson/core/",
          "com/google/re2j/",
          "dev/cordon/audit/",
          "dev/cordon/journal/",
          "dev/cordon/packs/",
          "dev/cordon/redaction/",
          "dev/cordon/rules/",
          "net/openhft/",
          "org/slf4j/",
          "org/snakeyaml/engine/",
          "common-words.txt", // both of Chronicle Core
          "more-common-words.txt");

  @Test
  void onlyKnownPackagesAreBundled() throws IOException {
    List<String> unknown = new ArrayList<>();
    try (JarFile jar = open()) {
      for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
        String name = entry.getName();
        if (!entry.isDirectory() && KNOWN.stream().noneMatch(name::startsWith)) {
          unknown.add(name);
        }
      }
    }
    assertEquals(List.of(), unknown);
  }

  @Test
  void nothingThatPhonesHomeOrLoadsNativeCodeIsBundled() throws IOException {
    try (JarFile jar = open()) {
      for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
        String name = entry.getName();
        for (String banned :
            List.of(
                "openhft/chronicle/analytics/",
                "com/github/jnr",
                "jffi",
                "com/sun/jna",
                "bytebuddy")) {
          assertFalse(name.contains(banned), name);
        }
        assertFalse(name.matches(".*\\.(so|dll|dylib|jnilib|jar)"), name);
        String content = new String(bytes(jar, entry), StandardCharsets.ISO_8859_1);
        assertFalse(content.contains("google-analytics.com"), name);
      }
    }
  }

  @Test
  void buildToolsAreNotShipped() throws IOException {
    try (JarFile jar = open()) {
      for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
        assertFalse(entry.getName().contains("/journal/build/"), entry.getName());
      }
    }
  }

  @Test
  void itStartsByItselfOnJava17AndBringsItsLicences() throws IOException {
    try (JarFile jar = open()) {
      Attributes manifest = jar.getManifest().getMainAttributes();
      assertEquals("dev.cordon.audit.Main", manifest.getValue(Attributes.Name.MAIN_CLASS));
      assertEquals(null, manifest.getValue(Attributes.Name.CLASS_PATH));
      assertNotNull(jar.getEntry("META-INF/LICENSE"));
      assertTrue(jar.stream().anyMatch(entry -> entry.getName().contains("re2j-")));
      for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
        if (entry.getName().endsWith(".class")) {
          DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes(jar, entry)));
          assertEquals(0xCAFEBABE, in.readInt(), entry.getName());
          in.readUnsignedShort();
          assertTrue(in.readUnsignedShort() <= 61, entry.getName());
        }
      }
    }
  }

  private static byte[] bytes(JarFile jar, JarEntry entry) throws IOException {
    try (InputStream in = jar.getInputStream(entry)) {
      return in.readAllBytes();
    }
  }

  private static JarFile open() throws IOException {
    return new JarFile(Cli.jar().toFile());
  }
}
