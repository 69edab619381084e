package dev.cordon.launcher;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.net.URI;
import java.net.URL;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.Collections;
import java.util.Enumeration;
import java.util.function.Consumer;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/**
 * The one class of Cordon that the application can see: the door the JVM comes in by, and the
 * loader of everything else.
 *
 * <p>The agent jar lies on the application's class path, so all other classes are stored in it
 * under {@code cordon/} with the suffix {@code .classdata} and are found by this loader only. Its
 * parent is the platform loader: the application's libraries are invisible to Cordon and Cordon's
 * to the application. Only types of the JDK cross the border.
 */
public final class CordonAgent extends ClassLoader {

  static {
    registerAsParallelCapable();
  }

  private static final String PREFIX = "cordon/";
  private static final String SUFFIX = ".classdata";
  private static final String START = "dev.cordon.launcher.Start";

  private final JarFile jar;
  private final URI location;
  private final ProtectionDomain domain;

  private CordonAgent(File file) throws IOException {
    super("cordon", getPlatformClassLoader());
    // an application started with -ea must not switch on the asserts of the libraries in here
    clearAssertionStatus();
    this.jar = new JarFile(file, false);
    this.location = file.toURI();
    this.domain =
        new ProtectionDomain(
            new CodeSource(location.toURL(), (Certificate @Nullable []) null), null, this, null);
  }

  /** Called by the JVM before the application's main. */
  public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
    if (!isJdkTool(System.getProperty("jdk.module.main"), System.getProperty("sun.java.command"))) {
      start(arguments, instrumentation, false);
    }
  }

  /** Called by the JVM when the agent is attached to a running JVM. */
  public static void agentmain(@Nullable String arguments, Instrumentation instrumentation) {
    start(arguments, instrumentation, true);
  }

  private static void start(
      @Nullable String arguments, Instrumentation instrumentation, boolean attached) {
    try {
      URL self = CordonAgent.class.getProtectionDomain().getCodeSource().getLocation();
      CordonAgent loader = new CordonAgent(new File(self.toURI()));
      @SuppressWarnings("unchecked") // JDK types only: this loader's Start is unknown here
      Consumer<@Nullable Object[]> start =
          (Consumer<@Nullable Object[]>)
              loader.loadClass(START).getDeclaredConstructor().newInstance();
      start.accept(new @Nullable Object[] {arguments, instrumentation, attached});
    } catch (Exception | LinkageError damaged) {
      // not even the options can be read, so the default holds: no guard, no JVM
      System.err.println(
          "cordon: the agent jar cannot be read ("
              + damaged
              + "); use the jar as it was built"
              + (attached ? "" : "; the JVM does not start"));
      if (!attached) {
        Runtime.getRuntime().halt(1);
      }
    }
  }

  /**
   * True for javac, jcmd, keytool and the like, which inherit JAVA_TOOL_OPTIONS from a shell that
   * means to guard a service. False for whatever runs code of the user, as {@code java File.java}
   * does inside a class of the compiler's module.
   *
   * @param module the main module, set by the launcher of each JDK tool; null for a class path
   * @param command main module and class with the arguments
   */
  static boolean isJdkTool(@Nullable String module, @Nullable String command) {
    if (module == null || command == null || !command.startsWith(module + "/")) {
      return false;
    }
    String main = command.substring(module.length() + 1);
    if (main.startsWith("com.sun.tools.javac.launcher.")) {
      return false;
    }
    return module.startsWith("jdk.")
        || main.startsWith("sun.security.tools.")
        || main.startsWith("sun.rmi.registry.");
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (name.startsWith("java.")) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded == null) {
        byte[] bytes = read(name.replace('.', '/') + SUFFIX);
        loaded =
            bytes == null
                ? super.loadClass(name, resolve)
                : defineClass(name, bytes, 0, bytes.length, domain);
      }
      if (resolve) {
        resolveClass(loaded);
      }
      return loaded;
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    throw new ClassNotFoundException(name); // loadClass looked already
  }

  @Override
  public @Nullable InputStream getResourceAsStream(String name) {
    if (name.endsWith("system.properties")) {
      // Chronicle would copy a file of that name from the working directory into the JVM's own
      // system properties; it looks there only when the loader has none
      return new ByteArrayInputStream(new byte[0]);
    }
    byte[] bytes = read(stored(name));
    return bytes == null ? null : new ByteArrayInputStream(bytes);
  }

  @Override
  public @Nullable URL getResource(String name) {
    return findResource(name);
  }

  @Override
  public Enumeration<URL> getResources(String name) {
    URL found = findResource(name);
    return found == null
        ? Collections.emptyEnumeration()
        : Collections.enumeration(Collections.singletonList(found));
  }

  @Override
  protected @Nullable URL findResource(String name) {
    String path = PREFIX + stored(name);
    if (jar.getEntry(path) == null) {
      return null;
    }
    try {
      return new URL("jar:" + location + "!/" + path);
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Classes asked for as resources are found under the name they are stored by. */
  private static String stored(String name) {
    return name.endsWith(".class") ? name.substring(0, name.length() - 6) + SUFFIX : name;
  }

  private byte @Nullable [] read(String path) {
    ZipEntry entry = jar.getEntry(PREFIX + path);
    if (entry == null || entry.isDirectory()) {
      return null;
    }
    try (InputStream in = jar.getInputStream(entry)) {
      return in.readNBytes((int) entry.getSize());
    } catch (IOException damaged) {
      throw new IllegalStateException("cannot read " + path + " from the agent jar", damaged);
    }
  }
}
