package dev.cordon.launcher;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.net.URI;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.AllPermission;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * The one class of Cordon that the application can see: the door the JVM comes in by, and the
 * loader of everything else.
 *
 * <p>The agent jar lies on the application's class path, so all other classes are stored in one
 * entry of it, {@code cordon/classes}, and resources under {@code cordon/}: this loader only finds
 * them. Its parent is the platform loader: the application's libraries are invisible to Cordon and
 * Cordon's to the application. Only types of the JDK cross the border.
 *
 * <p>{@code cordon/classes} is, in network byte order: an int, the number of classes; an int, how
 * many bytes of the entry are kept in memory; for each class, in the order of the first, three
 * ints: {@link String#hashCode} of its binary name, where its record begins in the entry, and the
 * length of the class file; the records: name (two bytes length, then ISO 8859-1) and class file.
 * One entry, because the JVM reads the directory of a jar whole: thousands of entries, and a lookup
 * in it for each class, were a tenth of what a start costs.
 *
 * <p>Kept is what weaves, decides and tells: somebody may write another file over the jar of a
 * running service, and a client that is first used after that must not be left unguarded.
 */
public final class CordonAgent extends ClassLoader {

  static {
    registerAsParallelCapable();
  }

  private static final String PREFIX = "cordon/";
  private static final String CLASSES = PREFIX + "classes";
  private static final String SUFFIX = ".class";
  private static final int HEAD = 2 * Integer.BYTES;
  private static final int INTS_A_CLASS = 3;
  private static final String START = "dev.cordon.launcher.Start";

  private final ZipFile jar;
  private final ZipEntry classes;
  private final byte[] kept;
  private final int[] index;
  private final URI location;
  private final ProtectionDomain domain;

  private CordonAgent(File file) throws IOException {
    super("cordon", getPlatformClassLoader());
    // an application started with -ea must not switch on the asserts of the libraries in here
    clearAssertionStatus();
    this.jar = new ZipFile(file);
    this.classes = jar.getEntry(CLASSES);
    if (classes == null) {
      throw new IOException("no " + CLASSES + " in " + file);
    }
    this.kept = kept();
    this.index = index();
    this.location = file.toURI();
    this.domain =
        new ProtectionDomain(
            new CodeSource(location.toURL(), (Certificate @Nullable []) null), null, this, null);
  }

  private byte[] kept() throws IOException {
    int bytes = ByteBuffer.wrap(fromJar(0, HEAD)).getInt(Integer.BYTES);
    if (bytes < HEAD || bytes > classes.getSize()) {
      throw new IOException(CLASSES + " cannot have " + bytes + " bytes to keep");
    }
    return fromJar(0, bytes);
  }

  private int[] index() throws IOException {
    int count = ByteBuffer.wrap(kept).getInt();
    if (count < 0 || count > (kept.length - HEAD) / (INTS_A_CLASS * Integer.BYTES)) {
      throw new IOException(CLASSES + " cannot hold " + count + " classes");
    }
    int[] read = new int[count * INTS_A_CLASS];
    ByteBuffer.wrap(kept).position(HEAD).asIntBuffer().get(read);
    for (int i = 0; i < read.length; i += INTS_A_CLASS) {
      if (read[i + 1] + (long) read[i + 2] > classes.getSize()) {
        throw new IOException(CLASSES + " ends too early");
      }
    }
    return read;
  }

  private byte[] inClasses(int from, int length) throws IOException {
    return from + length <= kept.length
        ? Arrays.copyOfRange(kept, from, from + length)
        : fromJar(from, length);
  }

  private byte[] fromJar(int from, int length) throws IOException {
    byte[] bytes = new byte[length];
    try (InputStream in = jar.getInputStream(classes)) {
      in.skipNBytes(from);
      if (in.readNBytes(bytes, 0, length) < length) {
        throw new IOException(CLASSES + " ends too early");
      }
    }
    return bytes;
  }

  /** Called by the JVM before the application's main. */
  public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
    if (isPermitted(arguments, false)
        && !isWithoutApplication(
            System.getProperty("sun.java.launcher"), System.getProperty("sun.java.command"))
        && !isJdkTool(
            System.getProperty("jdk.module.main"), System.getProperty("sun.java.command"))) {
      start(arguments, instrumentation, false);
    }
  }

  /** Called by the JVM when the agent is attached to a running JVM. */
  public static void agentmain(@Nullable String arguments, Instrumentation instrumentation) {
    if (isPermitted(arguments, true)) {
      start(arguments, instrumentation, true);
    }
  }

  /**
   * Asks a security manager for what only a grant for this jar gives, before anything is read that
   * takes a permission: else the JVM would die of the exception, with its stack trace.
   */
  @SuppressWarnings("removal") // the security manager; JDK 17 has one
  private static boolean isPermitted(@Nullable String arguments, boolean attached) {
    SecurityManager manager = System.getSecurityManager();
    if (manager == null) {
      return true;
    }
    try {
      manager.checkPermission(new AllPermission());
      return true;
    } catch (SecurityException withoutGrant) {
      String why =
          "the security manager does not permit the agent what it needs; add to the policy: grant"
              + " codeBase \""
              + codeBase()
              + "\" { permission java.security.AllPermission; };";
      if (attached) {
        System.err.println("cordon: " + why + " this JVM goes on UNGUARDED");
      } else if (isObserving(arguments)) {
        System.err.println(
            "cordon: WARNING: " + why + " this JVM RUNS UNGUARDED (on-start-failure=observe)");
      } else {
        System.err.println("cordon: " + why + " the JVM does not start (on-start-failure=exit)");
        Runtime.getRuntime().halt(1); // every class of the class path may
      }
      return false;
    }
  }

  /** Where this jar is, without the permission to ask its protection domain. */
  private static String codeBase() {
    URL self =
        ClassLoader.getSystemResource(CordonAgent.class.getName().replace('.', '/') + SUFFIX);
    if (self == null) {
      return "file:/path/to/cordon-agent.jar";
    }
    String path = self.getPath(); // file:/place/cordon-agent.jar!/dev/cordon/...
    return path.substring(0, Math.max(0, path.indexOf("!/")));
  }

  /** Of the places of an option only the arguments can be read without permissions. */
  private static boolean isObserving(@Nullable String arguments) {
    return arguments != null
        && Arrays.asList(arguments.split(",")).contains("on-start-failure=observe");
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
   * True where the java command was given no program: {@code java -version}, {@code --help}, {@code
   * --list-modules}. A JVM that another program made through JNI has no command either, but no
   * launcher of the JDK.
   */
  static boolean isWithoutApplication(@Nullable String launcher, @Nullable String command) {
    return command == null && "SUN_STANDARD".equals(launcher);
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
        || main.startsWith("com.sun.tools.script.shell.")
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
        byte[] bytes = classFile(name);
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
    if (name.endsWith(SUFFIX)) {
      byte[] bytes =
          classFile(name.substring(0, name.length() - SUFFIX.length()).replace('/', '.'));
      return bytes == null ? null : new ByteArrayInputStream(bytes);
    }
    ZipEntry entry = jar.getEntry(PREFIX + name);
    if (entry == null || entry.isDirectory()) {
      return null;
    }
    try (InputStream in = jar.getInputStream(entry)) {
      return new ByteArrayInputStream(in.readAllBytes());
    } catch (IOException damaged) {
      throw unreadable(name, damaged);
    }
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

  /** Of resources only: a class has no entry of its own that a URL could name. */
  @Override
  protected @Nullable URL findResource(String name) {
    String path = PREFIX + name;
    if (path.equals(CLASSES) || jar.getEntry(path) == null) {
      return null;
    }
    try {
      return new URL("jar:" + location + "!/" + path);
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private byte @Nullable [] classFile(String name) {
    int hash = name.hashCode();
    for (int i = firstOf(hash); i < index.length && index[i] == hash; i += INTS_A_CLASS) {
      int header = Short.BYTES + name.length();
      try {
        byte[] record = inClasses(index[i + 1], header + index[i + 2]);
        if (ByteBuffer.wrap(record).getShort() == name.length()
            && name.equals(
                new String(record, Short.BYTES, name.length(), StandardCharsets.ISO_8859_1))) {
          return Arrays.copyOfRange(record, header, record.length);
        }
      } catch (IOException damaged) {
        throw unreadable(name, damaged);
      }
    }
    return null;
  }

  /** Where the first class of that hash, or else of a greater one, is in the index. */
  private int firstOf(int hash) {
    int from = 0;
    int to = index.length / INTS_A_CLASS;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (index[middle * INTS_A_CLASS] < hash) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from * INTS_A_CLASS;
  }

  private static IllegalStateException unreadable(String name, IOException damaged) {
    return new IllegalStateException("cannot read " + name + " from the agent jar", damaged);
  }
}
