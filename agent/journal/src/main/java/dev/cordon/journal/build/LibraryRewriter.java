package dev.cordon.journal.build;

import java.util.Set;
import java.util.TreeSet;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;

/**
 * Rewrites one class of a library: sun.misc.Unsafe (which JDK 25 warns about and a later one
 * removes) becomes a shim, system properties come from a scope of our own, no shutdown hook is
 * registered, and ./system.properties is not copied into the application's system properties.
 */
final class LibraryRewriter {

  static final String UNSAFE = "sun/misc/Unsafe";
  static final String SHIM = "dev/cordon/journal/isolated/Unsafe";
  static final String PLATFORM = "dev/cordon/journal/isolated/Platform";
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

  private static final Set<String> REPLACED =
      Set.of(
          // copies ./system.properties into the system properties
          "net/openhft/chronicle/core/Jvm.loadSystemProperties(Ljava/lang/String;Z)V",
          // make directories named target and tmp in java.io.tmpdir or the working directory
          "net/openhft/chronicle/core/OS.findTmp0()Ljava/lang/String;",
          "net/openhft/chronicle/core/OS.findTarget0()Ljava/lang/String;");

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
            return internalName.equals(UNSAFE) ? SHIM : internalName;
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
            return new Calls(next);
          }
        },
        0);
    return writer.toByteArray();
  }

  /** Writes another body for a method of {@link #REPLACED}; false if it is none. */
  private boolean replaced(String method, MethodVisitor code) {
    if (!REPLACED.contains(method)) {
      return false;
    }
    replacedSoFar.add(method);
    code.visitCode();
    if (method.endsWith("V")) {
      code.visitInsn(Opcodes.RETURN);
    } else {
      code.visitLdcInsn("java.io.tmpdir");
      code.visitMethodInsn(
          Opcodes.INVOKESTATIC,
          PROPERTY_SCOPE,
          "getProperty",
          "(Ljava/lang/String;)Ljava/lang/String;",
          false);
      code.visitInsn(Opcodes.ARETURN);
    }
    code.visitMaxs(1, 2);
    code.visitEnd();
    return true;
  }

  /** Fails if another version of the library does not have what must be replaced. */
  void checkComplete() {
    if (!replacedSoFar.equals(REPLACED)) {
      throw new IllegalStateException("replaced " + replacedSoFar + ", expected " + REPLACED);
    }
  }

  private final class Calls extends MethodVisitor {

    Calls(MethodVisitor next) {
      super(Opcodes.ASM9, next);
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
