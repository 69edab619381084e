package dev.cordon.audit;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Kafka's client, which is not part of cordon.jar: the user's own, with the login modules of his
 * broker. The command runs in a loader that has all of cordon.jar once more and those jars behind
 * it.
 */
final class KafkaLibs {

  private static final String NAME = "cordon-kafka-libs";
  private static final String CLIENT = "org.apache.kafka.clients.producer.KafkaProducer";

  private KafkaLibs() {}

  /** Whether this is the loader that has them, or Kafka is on the class path anyway. */
  static boolean areHere(List<String> given) {
    ClassLoader loader = KafkaLibs.class.getClassLoader();
    if (!given.isEmpty() && loader != null && !NAME.equals(loader.getName())) {
      return false;
    }
    try {
      Class.forName(CLIENT, false, loader);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Runs {@code ship} with the jars given, each a file or a directory of them. */
  static int run(List<String> given, List<String> arguments, PrintStream out, PrintStream err)
      throws UsageException, IOException {
    ClassLoader own = KafkaLibs.class.getClassLoader();
    if (given.isEmpty() || own != null && NAME.equals(own.getName())) {
      throw new UsageException(
          (given.isEmpty()
                  ? "Kafka's client is not part of cordon.jar"
                  : "no kafka-clients.jar in " + String.join(", ", given))
              + "; name it with --kafka-libs, a jar or the directory libs of a Kafka");
    }
    List<URL> urls = new ArrayList<>();
    for (String one : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
      urls.add(url(Path.of(one)));
    }
    for (String one : given) {
      addJars(Path.of(one), urls);
    }
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader =
        new URLClassLoader(NAME, urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      thread.setContextClassLoader(loader);
      java.lang.reflect.Method run =
          Class.forName(ShipCommand.class.getName(), true, loader)
              .getDeclaredMethod("run", List.class, PrintStream.class, PrintStream.class);
      run.setAccessible(true);
      return (Integer) run.invoke(null, arguments, out, err);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("ship failed in the loader of --kafka-libs", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cordon.jar cannot be loaded once more", e);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static void addJars(Path given, List<URL> urls) throws UsageException, IOException {
    if (Files.isRegularFile(given)) {
      urls.add(url(given));
      return;
    }
    if (!Files.isDirectory(given)) {
      throw new UsageException("--kafka-libs " + given + " is neither a jar nor a directory");
    }
    List<Path> jars = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(given, "*.jar")) {
      all.forEach(jars::add);
    } catch (java.nio.file.DirectoryIteratorException e) {
      throw e.getCause();
    }
    jars.sort(null);
    for (Path jar : jars) {
      urls.add(url(jar));
    }
  }

  private static URL url(Path file) throws UsageException {
    try {
      return file.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new UsageException(file + ": " + e.getMessage());
    }
  }
}
