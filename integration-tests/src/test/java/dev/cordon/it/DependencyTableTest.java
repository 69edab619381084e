package dev.cordon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/** The built classes use what docs/architecture/dependencies.txt lets them use. */
final class DependencyTableTest {

  @TempDir private Path directory;

  @Test
  void everyBuiltClassKeepsToTheTable() throws IOException {
    DependencyTable table =
        DependencyTable.read(ForkedJvm.project().resolve("docs/architecture/dependencies.txt"));
    TreeSet<String> violations = new TreeSet<>();
    int classes = 0;
    for (Path module : modules()) {
      for (Path file : classFiles(module)) {
        violations.addAll(table.violations(Files.readAllBytes(file)));
        classes++;
      }
    }
    assertEquals("", String.join("\n", violations));
    assertTrue(classes > 100, "only " + classes + " classes were found; run mvn verify");
  }

  @Test
  void aForbiddenUseIsFound() throws IOException {
    Path file =
        Files.write(
            directory.resolve("table.txt"),
            List.of("# comment", "a.b : c.*", "a.b.special : -", "d.* : -"));
    DependencyTable table = DependencyTable.read(file);
    assertEquals(List.of(), table.violations(extending("a/b/X", "c/deep/Y")));
    assertEquals(List.of("a.b.X uses d"), table.violations(extending("a/b/X", "d/Y")));
    assertEquals(
        List.of("a.b.special.X uses c"), table.violations(extending("a/b/special/X", "c/Y")));
    assertEquals(List.of(), table.violations(extending("d/e/X", "d/f/Y")));
    assertEquals(
        List.of("z.X is covered by no line of the table"),
        table.violations(extending("z/X", "c/Y")));
  }

  private static byte[] extending(String name, String superName) {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, name, null, superName, null);
    writer.visitEnd();
    return writer.toByteArray();
  }

  private static List<Path> modules() throws IOException {
    List<Path> modules = new ArrayList<>();
    Path project = ForkedJvm.project();
    for (String parent : List.of("agent", "rules", ".")) {
      try (Stream<Path> children = Files.list(project.resolve(parent))) {
        children
            .filter(child -> Files.isRegularFile(child.resolve("pom.xml")))
            .filter(child -> Files.isDirectory(child.resolve("target/classes")))
            .forEach(modules::add);
      }
    }
    return modules;
  }

  private static List<Path> classFiles(Path module) throws IOException {
    try (Stream<Path> walk = Files.walk(module.resolve("target/classes"))) {
      return walk.filter(file -> file.toString().endsWith(".class"))
          .filter(file -> !file.endsWith("module-info.class"))
          .toList();
    }
  }
}
