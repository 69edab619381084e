package dev.cordon.launcher.pack;

import dev.cordon.instrumentation.DispatcherInstaller;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * Writes the content of the agent jar as a directory:
 *
 * <pre>
 * dev/cordon/launcher/CordonAgent.class   the only class the application's loader can find
 * cordon/classes                          every other class, as the loader there reads them
 * cordon/PATH                             resources: rule packs, services of the bundled libraries
 * META-INF/LICENSE, META-INF/licenses/    licences and notices, one directory for each library
 * </pre>
 *
 * Lambdas of the stored classes become classes ({@link Lambdas}): they start faster.
 *
 * <p>Fails when two inputs claim one path with different content: the agent would run either.
 */
public final class AgentImage {

  private static final String PREFIX = "cordon/";
  private static final String CLASSDATA = ".classdata"; // while the image is made
  private static final String CLASSES = PREFIX + "classes";
  private static final String DOOR = "dev/cordon/launcher/CordonAgent.class";
  private static final String BUILD_TOOL = "dev/cordon/launcher/pack/";
  private static final String DISPATCHER = "dev/cordon/bootstrap/Dispatcher.class";

  /** What is kept in memory, see {@code CordonAgent}: about two megabytes. */
  private static final List<String> KEPT =
      List.of(
          "dev.cordon.bootstrap.",
          "dev.cordon.enforcement.",
          "dev.cordon.instrumentation.",
          "dev.cordon.journal.",
          "dev.cordon.launcher.",
          "java.lang.",
          "org.objectweb.asm.");

  private final Map<String, byte[]> image = new TreeMap<>();
  private final Map<String, String> origins = new TreeMap<>();

  private AgentImage() {}

  /**
   * @param arguments the directory to write, and the licence file of the project; the inputs are
   *     the class path
   */
  public static void main(String[] arguments) throws IOException {
    Path target = Path.of(arguments[0]);
    AgentImage agent = new AgentImage();
    agent.put("META-INF/LICENSE", Files.readAllBytes(Path.of(arguments[1])), "the project");
    for (String input : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      agent.add(Path.of(input));
    }
    agent.write(target);
  }

  private void add(Path input) throws IOException {
    if (Files.isDirectory(input)) {
      try (Stream<Path> walk = Files.walk(input)) {
        for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
          String name = input.relativize(file).toString().replace(File.separatorChar, '/');
          add(name, Files.readAllBytes(file), input);
        }
      }
      return;
    }
    try (JarFile jar = new JarFile(input.toFile())) {
      for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
        if (!entry.isDirectory()) {
          try (InputStream in = jar.getInputStream(entry)) {
            add(entry.getName(), in.readAllBytes(), input);
          }
        }
      }
    }
  }

  private void add(String name, byte[] content, Path input) {
    String upper = name.substring(name.lastIndexOf('/') + 1).toUpperCase(java.util.Locale.ROOT);
    if (upper.startsWith("LICENSE") || upper.startsWith("NOTICE")) {
      String file = input.getFileName().toString();
      put(
          "META-INF/licenses/"
              + file.replaceFirst("\\.jar$", "")
              + name.replaceFirst("^META-INF", ""),
          content,
          file);
    } else if (name.equals(DOOR)) {
      put(DOOR, content, input.toString());
    } else if (isWanted(name)) {
      put(stored(name), content, input.toString());
      if (name.equals(DISPATCHER)) {
        put(
            stored("java/lang/CordonDispatcher.class"),
            DispatcherInstaller.renamed(content),
            input.toString());
      }
    }
  }

  private static boolean isWanted(String name) {
    if (name.startsWith(BUILD_TOOL) || name.endsWith("module-info.class")) {
      return false;
    }
    if (name.indexOf('/') < 0) {
      return false; // word lists and read-me files of the libraries
    }
    return !name.startsWith("META-INF/") || name.startsWith("META-INF/services/");
  }

  private static String stored(String name) {
    return PREFIX
        + (name.endsWith(".class")
            ? name.substring(0, name.length() - ".class".length()) + CLASSDATA
            : name);
  }

  private void put(String path, byte[] content, String origin) {
    byte[] before = image.putIfAbsent(path, content);
    String first = origins.putIfAbsent(path, origin);
    if (before != null && !Arrays.equals(before, content)) {
      throw new IllegalStateException(
          path + " comes from both " + first + " and " + origin + ", with different content");
    }
  }

  private void replaceLambdas() {
    Set<String> privateMethods = new HashSet<>();
    List<String> classes = new ArrayList<>();
    image.forEach(
        (path, content) -> {
          // the class that goes into java.lang goes there alone
          if (path.endsWith(CLASSDATA) && !path.startsWith("cordon/java/")) {
            privateMethods.addAll(Lambdas.privateMethods(content));
            classes.add(path);
          }
        });
    for (String path : classes) {
      byte[] content = image.remove(path);
      if (content != null) {
        Lambdas.replace(content, privateMethods)
            .forEach((name, made) -> put(PREFIX + name + CLASSDATA, made, path));
      }
    }
  }

  private void write(Path target) throws IOException {
    if (!image.containsKey(DOOR)) {
      throw new IllegalStateException(DOOR + " is not on the class path");
    }
    if (Files.exists(target)) {
      List<Path> old = new ArrayList<>();
      try (Stream<Path> walk = Files.walk(target)) {
        walk.sorted(Comparator.reverseOrder()).forEach(old::add);
      }
      for (Path path : old) {
        Files.delete(path);
      }
    }
    replaceLambdas();
    image.put(CLASSES, takeClasses());
    for (Map.Entry<String, byte[]> entry : image.entrySet()) {
      Path file = target.resolve(entry.getKey());
      Files.createDirectories(file.getParent());
      Files.write(file, entry.getValue());
    }
  }

  /** As {@code CordonAgent} describes it. */
  private byte[] takeClasses() throws IOException {
    TreeMap<String, byte[]> classes = new TreeMap<>();
    image.forEach(
        (path, content) -> {
          if (path.endsWith(CLASSDATA)) {
            String name = path.substring(PREFIX.length(), path.length() - CLASSDATA.length());
            classes.put(name.replace('/', '.'), content);
          }
        });
    List<String> records = new ArrayList<>(classes.keySet());
    records.sort(Comparator.comparing(name -> !isKept(name))); // those that are kept come first
    Map<String, Integer> places = new HashMap<>();
    int at = Integer.BYTES * (2 + 3 * records.size());
    int kept = at;
    for (String name : records) {
      places.put(name, at);
      at += Short.BYTES + name.length() + Objects.requireNonNull(classes.get(name)).length;
      kept = isKept(name) ? at : kept;
    }
    List<String> names = new ArrayList<>(records);
    names.sort(Comparator.comparingInt(String::hashCode).thenComparing(Comparator.naturalOrder()));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(names.size());
    out.writeInt(kept);
    for (String name : names) {
      out.writeInt(name.hashCode());
      out.writeInt(Objects.requireNonNull(places.get(name)));
      out.writeInt(Objects.requireNonNull(classes.get(name)).length);
    }
    for (String name : records) {
      byte[] binaryName = name.getBytes(StandardCharsets.ISO_8859_1);
      out.writeShort(binaryName.length);
      out.write(binaryName);
      out.write(Objects.requireNonNull(classes.get(name)));
    }
    image.keySet().removeIf(path -> path.endsWith(CLASSDATA));
    return bytes.toByteArray();
  }

  private static boolean isKept(String name) {
    return KEPT.stream().anyMatch(name::startsWith);
  }
}
