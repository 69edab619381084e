package dev.cordon.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;

/** docs/architecture/dependencies.txt, and what it says of a class file. */
final class DependencyTable {

  /** Packages: one, or one with all below it. */
  private record Packages(String name, boolean below) {
    static Packages of(String text) {
      return text.endsWith(".*")
          ? new Packages(text.substring(0, text.length() - 2), true)
          : new Packages(text, false);
    }

    boolean covers(String packageName) {
      return packageName.equals(name) || (below && packageName.startsWith(name + "."));
    }
  }

  private static final List<Packages> FREE =
      List.of(
          Packages.of("java.*"),
          Packages.of("javax.crypto.*"),
          Packages.of("javax.net.ssl.*"),
          Packages.of("org.jspecify.annotations"));

  private final Map<Packages, List<Packages>> lines = new LinkedHashMap<>();

  static DependencyTable read(Path file) throws IOException {
    DependencyTable table = new DependencyTable();
    for (String line : Files.readAllLines(file)) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] halves = line.split(":", 2);
      List<Packages> allowed = new ArrayList<>();
      if (halves.length < 2) {
        throw new IOException(file + ": want PACKAGE : PACKAGES, not: " + line);
      }
      for (String name : halves[1].strip().split("\\s+")) {
        if (!name.equals("-")) {
          allowed.add(Packages.of(name));
        }
      }
      table.lines.put(Packages.of(halves[0].strip()), allowed);
    }
    return table;
  }

  /** One line for each package that the class must not use; empty when all is well. */
  List<String> violations(byte[] classFile) {
    ClassReader reader = new ClassReader(classFile);
    String name = reader.getClassName().replace('/', '.');
    Packages own = lineFor(packageOf(name));
    if (own == null) {
      return List.of(name + " is covered by no line of the table");
    }
    List<Packages> allowed = lines.getOrDefault(own, List.of());
    List<String> violations = new ArrayList<>();
    for (String used : packagesUsedBy(reader)) {
      if (own.covers(used)
          || FREE.stream().anyMatch(free -> free.covers(used))
          || allowed.stream().anyMatch(one -> one.covers(used))) {
        continue;
      }
      violations.add(name + " uses " + used);
    }
    return violations;
  }

  private @Nullable Packages lineFor(String packageName) {
    Packages best = null;
    for (Packages line : lines.keySet()) {
      if (line.covers(packageName)
          && (best == null || line.name().length() > best.name().length())) {
        best = line;
      }
    }
    return best;
  }

  /** Every type a class file names: in code, signatures, annotations. */
  private static TreeSet<String> packagesUsedBy(ClassReader reader) {
    TreeSet<String> packages = new TreeSet<>();
    Remapper collector =
        new Remapper(Opcodes.ASM9) {
          @Override
          public String map(String internalName) {
            packages.add(packageOf(internalName.replace('/', '.')));
            return internalName;
          }
        };
    reader.accept(new ClassRemapper(new ClassVisitor(Opcodes.ASM9) {}, collector), 0);
    return packages;
  }

  private static String packageOf(String className) {
    int dot = className.lastIndexOf('.');
    return dot < 0 ? "" : className.substring(0, dot);
  }
}
