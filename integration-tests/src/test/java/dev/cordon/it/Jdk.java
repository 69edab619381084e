package dev.cordon.it;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * The JDKs that Cordon is tested on. The one that runs the tests is one of them; the others are
 * looked for beside it, and under the system property {@code cordon.it.jdk25} (or 17).
 */
public enum Jdk {
  JDK_17(17),
  JDK_25(25);

  private final int feature;

  Jdk(int feature) {
    this.feature = feature;
  }

  public int feature() {
    return feature;
  }

  /**
   * The directory of this JDK. Skips the test that asks when it is not installed, but fails it
   * where {@code CI} is set: there, a JDK that went missing must not look like a passed test.
   */
  public Path home() {
    for (Path home : candidates()) {
      if (featureOf(home) == feature) {
        return home;
      }
    }
    String missing =
        "JDK "
            + feature
            + " is not installed beside "
            + System.getProperty("java.home")
            + "; install it there or give -Dcordon.it.jdk"
            + feature
            + "=DIR";
    if (System.getenv("CI") != null) {
      Assertions.fail(missing);
    }
    Assumptions.abort(missing);
    throw new AssertionError("unreachable");
  }

  /** True when {@link #home()} will not skip. */
  public boolean isInstalled() {
    return candidates().stream().anyMatch(home -> featureOf(home) == feature);
  }

  public Path tool(String name) {
    return home().resolve("bin").resolve(name);
  }

  /** The JDK that runs the tests. */
  public static Jdk current() {
    for (Jdk jdk : values()) {
      if (jdk.feature == Runtime.version().feature()) {
        return jdk;
      }
    }
    return JDK_17;
  }

  private List<Path> candidates() {
    List<Path> homes = new ArrayList<>();
    String given = System.getProperty("cordon.it.jdk" + feature);
    if (given != null) {
      homes.add(Path.of(given));
    }
    Path own = Path.of(System.getProperty("java.home"));
    homes.add(own);
    Path parent = own.getParent();
    if (parent != null) {
      try (DirectoryStream<Path> siblings = Files.newDirectoryStream(parent)) {
        siblings.forEach(homes::add);
      } catch (IOException unreadable) {
        return homes;
      }
    }
    return homes;
  }

  private static int featureOf(Path home) {
    Path release = home.resolve("release");
    if (!Files.isRegularFile(release) || !Files.isExecutable(home.resolve("bin/java"))) {
      return -1;
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(release)) {
      properties.load(reader);
      String version = properties.getProperty("JAVA_VERSION", "").replace("\"", "");
      return Runtime.Version.parse(version).feature();
    } catch (IOException | IllegalArgumentException unreadable) {
      return -1;
    }
  }
}
