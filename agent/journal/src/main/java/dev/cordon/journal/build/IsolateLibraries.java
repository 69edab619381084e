package dev.cordon.journal.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * Writes the rewritten libraries, their licences, their services and the classes that they call
 * into one directory: {@code IsolateLibraries JARS CLASSES OUTPUT}.
 */
public final class IsolateLibraries {

  private static final String OWN_CLASSES = "dev/cordon/journal/isolated/";
  private static final String SERVICES = "META-INF/services/";

  private final LibraryRewriter rewriter = new LibraryRewriter();
  private final Map<String, StringBuilder> services = new TreeMap<>();
  private final Path output;

  private IsolateLibraries(Path output) {
    this.output = output;
  }

  public static void main(String[] arguments) throws IOException {
    Path jars = Path.of(arguments[0]);
    Path classes = Path.of(arguments[1]);
    IsolateLibraries build = new IsolateLibraries(Path.of(arguments[2]));
    build.clear();
    for (Path jar : files(jars)) {
      build.addJar(jar);
    }
    build.rewriter.checkComplete();
    build.addOwn(classes);
    build.write(LibraryRewriter.SHIM + ".class", UnsafeShim.generate(build.rewriter.used()));
    build.writeServices();
  }

  private void addJar(Path path) throws IOException {
    try (JarFile jar = new JarFile(path.toFile())) {
      for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
        JarEntry entry = entries.nextElement();
        String name = entry.getName();
        byte[] content = jar.getInputStream(entry).readAllBytes();
        if (entry.isDirectory() || name.endsWith("module-info.class")) {
          continue;
        }
        if (name.startsWith(SERVICES)) {
          addService(name, content);
        } else if (name.startsWith("META-INF/LICENSE") || name.startsWith("META-INF/NOTICE")) {
          write(
              "META-INF/licenses/" + path.getFileName() + name.substring("META-INF".length()),
              content);
        } else if (!name.startsWith("META-INF/")) {
          write(name, name.endsWith(".class") ? rewriter.rewrite(content) : content);
        }
      }
    }
  }

  private void addOwn(Path classes) throws IOException {
    for (Path file : files(classes.resolve(OWN_CLASSES))) {
      write(OWN_CLASSES + file.getFileName(), Files.readAllBytes(file));
    }
    for (Path file : files(classes.resolve(SERVICES))) {
      addService(SERVICES + file.getFileName(), Files.readAllBytes(file));
    }
  }

  private void addService(String name, byte[] content) {
    services
        .computeIfAbsent(name, unused -> new StringBuilder())
        .append(new String(content, StandardCharsets.UTF_8))
        .append('\n');
  }

  private void writeServices() throws IOException {
    for (Map.Entry<String, StringBuilder> service : services.entrySet()) {
      write(service.getKey(), service.getValue().toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  private void write(String name, byte[] content) throws IOException {
    Path file = output.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  private void clear() throws IOException {
    if (Files.exists(output)) {
      try (Stream<Path> old = Files.walk(output)) {
        for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
