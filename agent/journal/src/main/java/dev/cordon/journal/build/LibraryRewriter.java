package dev.cordon.journal.build;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;

/**
 * Rewrites one class of a library: sun.misc.Unsafe (which JDK 25 warns about and a later one
 * removes) becomes a shim, system properties come from a scope of our own, no shutdown hook is
 * registered, ./system.properties is not copied into the application's system properties, and what
 * a start spends on announcements, analytics, management beans and date formats is left out.
 */
final class LibraryRewriter {

  static final String UNSAFE = "sun/misc/Unsafe";
  static final String SHIM = "dev/cordon/journal/isolated/Unsafe";
  static final String PLATFORM = "dev/cordon/journal/isolated/Platform";
  private static final String JVM = "net/openhft/chronicle/core/Jvm";
  private static final String PROPERTY_SCOPE = "dev/cordon/journal/isolated/PropertyScope";

  /** A method or field of Unsafe that a library uses. */
  record Member(String name, String descriptor) implements Comparable<Member> {
    boolean isMethod() {
      return descriptor.startsWith("(");
    }

    @Override
    public int compareTo(Member other) {
      int byName = name.compareTo(other.name);
      return byName != 0 ? byName : descriptor.compareTo(other.descriptor);
    }
  }

  /**
   * Classes in place of others. An application that is a module, or an image of jlink, may come
   * without the modules jdk.unsupported and java.naming, and the queue would not open for the sake
   * of classes that it has no use for.
   */
  private static final Map<String, String> INSTEAD =
      Map.ofEntries(
          entry(UNSAFE, SHIM),
          entry("java/text/SimpleDateFormat", "dev/cordon/journal/isolated/LazyDateFormat"),
          // for the length of a time limit and a number; else the first security provider of the
          // JVM, which may be the application's, is asked on the journal's writer
          entry("java/security/SecureRandom", "java/util/Random"),
          entry("sun/misc/Signal", "dev/cordon/journal/isolated/Signal"),
          entry("sun/misc/SignalHandler", "dev/cordon/journal/isolated/SignalHandler"),
          entry("javax/naming/CompositeName", "dev/cordon/journal/isolated/CompositeName"),
          entry("javax/naming/InvalidNameException", "java/text/ParseException"),
          entry(
              "javax/naming/TimeLimitExceededException", "java/util/concurrent/TimeoutException"));

  private static final String TEMPORARY = "java.io.tmpdir";

  /** Methods with another body: nothing, a property's value, or a static method of ours. */
  private static final Map<String, String> REPLACED =
      Map.ofEntries(
          // copies ./system.properties into the system properties
          entry("net/openhft/chronicle/core/Jvm.loadSystemProperties(Ljava/lang/String;Z)V", ""),
          // make directories named target and tmp in java.io.tmpdir or the working directory
          entry("net/openhft/chronicle/core/OS.findTmp0()Ljava/lang/String;", TEMPORARY),
          entry("net/openhft/chronicle/core/OS.findTarget0()Ljava/lang/String;", TEMPORARY),
          // the rest only takes time at every start
          entry(
              "net/openhft/chronicle/core/announcer/Announcer.announce"
                  + "(Ljava/lang/String;Ljava/lang/String;)V",
              ""),
          entry(
              "net/openhft/chronicle/core/announcer/Announcer.announce"
                  + "(Ljava/lang/String;Ljava/lang/String;Ljava/util/Map;)V",
              ""),
          entry(
              "net/openhft/chronicle/core/analytics/AnalyticsFacade.standardAdditionalProperties"
                  + "()Ljava/util/Map;",
              PLATFORM + ".noProperties"),
          // a proxy for method writers that send texts; this journal has none
          entry("net/openhft/chronicle/wire/DocumentContext.<clinit>()V", ""),
          entry(
              "net/openhft/chronicle/core/internal/Bootstrap.getMajorVersion0()I",
              PLATFORM + ".javaVersion"),
          entry(
              "org/slf4j/LoggerFactory.getILoggerFactory()Lorg/slf4j/ILoggerFactory;",
              "dev/cordon/journal/isolated/LibraryLogProvider.factory"));

  private final Set<String> replacedSoFar = new TreeSet<>();
  private final Set<Member> used = new TreeSet<>();

  Set<Member> used() {
    return used;
  }

  byte[] rewrite(byte[] classFile) {
    ClassReader reader = new ClassReader(classFile);
    ClassWriter writer = new ClassWriter(0);
    Remapper toShim =
        new Remapper(Opcodes.ASM9) {
          @Override
          public String map(String internalName) {
            return INSTEAD.getOrDefault(internalName, internalName);
          }
        };
    String name = reader.getClassName();
    reader.accept(
        new ClassVisitor(Opcodes.ASM9, new ClassRemapper(writer, toShim)) {
          @Override
          public MethodVisitor visitMethod(
              int access, String method, String descriptor, String signature, String[] thrown) {
            MethodVisitor next = super.visitMethod(access, method, descriptor, signature, thrown);
            if (replaced(name + "." + method + descriptor, next)) {
              return new MethodVisitor(Opcodes.ASM9) {}; // the original goes nowhere
            }
            return new Calls(name, next);
          }
        },
        0);
    return writer.toByteArray();
  }

  /** Writes another body for a method of {@link #REPLACED}; false if it is none. */
  private boolean replaced(String method, MethodVisitor code) {
    String instead = REPLACED.get(method);
    if (instead == null) {
      return false;
    }
    replacedSoFar.add(method);
    String descriptor = method.substring(method.indexOf('('));
    code.visitCode();
    int dot = instead.indexOf('.');
    if (instead.equals(TEMPORARY)) {
      code.visitLdcInsn(TEMPORARY);
      code.visitMethodInsn(
          Opcodes.INVOKESTATIC,
          PROPERTY_SCOPE,
          "getProperty",
          "(Ljava/lang/String;)Ljava/lang/String;",
          false);
    } else if (!instead.isEmpty()) {
      code.visitMethodInsn(
          Opcodes.INVOKESTATIC,
          instead.substring(0, dot),
          instead.substring(dot + 1),
          descriptor,
          false);
    }
    code.visitInsn(Type.getReturnType(descriptor).getOpcode(Opcodes.IRETURN));
    code.visitMaxs(1, 3);
    code.visitEnd();
    return true;
  }

  /** Fails if another version of the library does not have what must be replaced. */
  void checkComplete() {
    if (!replacedSoFar.equals(REPLACED.keySet())) {
      throw new IllegalStateException(
          "replaced " + replacedSoFar + ", expected " + REPLACED.keySet());
    }
  }

  private final class Calls extends MethodVisitor {

    private final String caller;

    Calls(String caller, MethodVisitor next) {
      super(Opcodes.ASM9, next);
      this.caller = caller;
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean isInterface) {
      if (owner.equals(UNSAFE)) {
        used.add(new Member(name, descriptor));
      }
      if (opcode == Opcodes.INVOKESTATIC && readsProperties(owner, name)) {
        super.visitMethodInsn(opcode, PROPERTY_SCOPE, name, descriptor, false);
      } else if (owner.equals("java/lang/Runtime") && name.equals("addShutdownHook")) {
        super.visitMethodInsn(
            Opcodes.INVOKESTATIC,
            PLATFORM,
            name,
            "(Ljava/lang/Runtime;Ljava/lang/Thread;)V",
            false);
      } else if (caller.equals(JVM) && name.equals("getRuntimeMXBean")) {
        super.visitInsn(Opcodes.ACONST_NULL);
      } else if (caller.equals(JVM) && name.equals("getInputArguments")) {
        super.visitMethodInsn(
            Opcodes.INVOKESTATIC,
            PLATFORM,
            "inputArguments",
            "(Ljava/lang/management/RuntimeMXBean;)Ljava/util/List;",
            false);
      } else if (caller.endsWith("Wires$SerializeJavaLang") && name.equals("getTimeZone")) {
        super.visitMethodInsn(Opcodes.INVOKESTATIC, PLATFORM, name, descriptor, false);
      } else if (owner.endsWith("/AnalyticsHolder") && name.equals("instance")) {
        super.visitMethodInsn(Opcodes.INVOKESTATIC, PLATFORM, "noAnalytics", descriptor, false);
      } else {
        super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
      }
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
      if (owner.equals(UNSAFE)) {
        used.add(new Member(name, descriptor));
      }
      super.visitFieldInsn(opcode, owner, name, descriptor);
    }

    @Override
    public void visitInvokeDynamicInsn(
        String name, String descriptor, Handle bootstrap, Object... arguments) {
      Object[] rewritten = arguments.clone();
      for (int i = 0; i < rewritten.length; i++) {
        if (rewritten[i] instanceof Handle handle) {
          if (handle.getOwner().equals(UNSAFE)) {
            used.add(new Member(handle.getName(), handle.getDesc()));
          } else if (handle.getTag() == Opcodes.H_INVOKESTATIC
              && readsProperties(handle.getOwner(), handle.getName())) {
            rewritten[i] =
                new Handle(
                    handle.getTag(), PROPERTY_SCOPE, handle.getName(), handle.getDesc(), false);
          }
        }
      }
      super.visitInvokeDynamicInsn(name, descriptor, bootstrap, rewritten);
    }
  }

  private static boolean readsProperties(String owner, String name) {
    return switch (owner) {
      case "java/lang/System" ->
          name.equals("getProperty")
              || name.equals("getProperties")
              || name.equals("setProperty")
              || name.equals("clearProperty");
      case "java/lang/Integer" -> name.equals("getInteger");
      case "java/lang/Long" -> name.equals("getLong");
      case "java/lang/Boolean" -> name.equals("getBoolean");
      default -> false;
    };
  }
}
