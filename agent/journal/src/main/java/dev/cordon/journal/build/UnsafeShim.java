package dev.cordon.journal.build;

import dev.cordon.journal.build.LibraryRewriter.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.HashSet;
import java.util.Set;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Makes the class that stands for sun.misc.Unsafe: the members that are used, each handed to
 * jdk.internal.misc.Unsafe (whose package the agent exports to its own loader). A member without a
 * counterpart fails the build.
 */
final class UnsafeShim {

  private static final String TARGET = "jdk/internal/misc/Unsafe";
  private static final String TARGET_TYPE = "L" + TARGET + ";";
  private static final String SHIM_TYPE = "L" + LibraryRewriter.SHIM + ";";

  private UnsafeShim() {}

  static byte[] generate(Set<Member> used) {
    Set<Member> offered = offered();
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    writer.visit(
        Opcodes.V17,
        Opcodes.ACC_PUBLIC | Opcodes.ACC_FINAL | Opcodes.ACC_SUPER,
        LibraryRewriter.SHIM,
        null,
        "java/lang/Object",
        null);
    int constant = Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_FINAL;
    writer.visitField(constant, "U", TARGET_TYPE, null, null).visitEnd();
    writer.visitField(constant, "theUnsafe", SHIM_TYPE, null, null).visitEnd(); // found by name
    for (Member member : used) {
      if (member.isMethod()) {
        method(writer, member, offered);
      } else {
        writer
            .visitField(
                Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC | Opcodes.ACC_FINAL,
                member.name(),
                member.descriptor(),
                null,
                null)
            .visitEnd();
      }
    }
    constructor(writer);
    initializer(writer, used);
    writer.visitEnd();
    return writer.toByteArray();
  }

  private static void method(ClassWriter writer, Member member, Set<Member> offered) {
    MethodVisitor code =
        writer.visitMethod(Opcodes.ACC_PUBLIC, member.name(), member.descriptor(), null, null);
    code.visitCode();
    Type returned = Type.getReturnType(member.descriptor());
    if (member.name().equals("arrayBaseOffset")) {
      code.visitVarInsn(Opcodes.ALOAD, 1);
      arrayBaseOffset(code);
    } else {
      Member target = new Member(renamed(member.name()), member.descriptor());
      if (!offered.contains(target)) {
        throw new IllegalStateException(
            "jdk.internal.misc.Unsafe has no "
                + target
                + " for "
                + member
                + "; name it in UnsafeShim");
      }
      code.visitFieldInsn(Opcodes.GETSTATIC, LibraryRewriter.SHIM, "U", TARGET_TYPE);
      int local = 1;
      for (Type argument : Type.getArgumentTypes(member.descriptor())) {
        code.visitVarInsn(argument.getOpcode(Opcodes.ILOAD), local);
        local += argument.getSize();
      }
      code.visitMethodInsn(
          Opcodes.INVOKEVIRTUAL, TARGET, target.name(), target.descriptor(), false);
    }
    code.visitInsn(returned.getOpcode(Opcodes.IRETURN));
    code.visitMaxs(0, 0);
    code.visitEnd();
  }

  private static String renamed(String name) {
    if (name.startsWith("putOrdered")) {
      return "put"
          + name.substring("putOrdered".length()).replace("Object", "Reference")
          + "Release";
    }
    return name.replace("compareAndSwap", "compareAndSet")
        .replace("getObject", "getReference")
        .replace("putObject", "putReference")
        .replace("SetObject", "SetReference");
  }

  private static void constructor(ClassWriter writer) {
    MethodVisitor code = writer.visitMethod(Opcodes.ACC_PRIVATE, "<init>", "()V", null, null);
    code.visitCode();
    code.visitVarInsn(Opcodes.ALOAD, 0);
    code.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
    code.visitInsn(Opcodes.RETURN);
    code.visitMaxs(0, 0);
    code.visitEnd();
  }

  private static void initializer(ClassWriter writer, Set<Member> used) {
    MethodVisitor code = writer.visitMethod(Opcodes.ACC_STATIC, "<clinit>", "()V", null, null);
    code.visitCode();
    code.visitMethodInsn(Opcodes.INVOKESTATIC, TARGET, "getUnsafe", "()" + TARGET_TYPE, false);
    code.visitFieldInsn(Opcodes.PUTSTATIC, LibraryRewriter.SHIM, "U", TARGET_TYPE);
    code.visitTypeInsn(Opcodes.NEW, LibraryRewriter.SHIM);
    code.visitInsn(Opcodes.DUP);
    code.visitMethodInsn(Opcodes.INVOKESPECIAL, LibraryRewriter.SHIM, "<init>", "()V", false);
    code.visitFieldInsn(Opcodes.PUTSTATIC, LibraryRewriter.SHIM, "theUnsafe", SHIM_TYPE);
    for (Member member : used) {
      if (!member.isMethod()) {
        arrayConstant(code, member);
      }
    }
    code.visitInsn(Opcodes.RETURN);
    code.visitMaxs(0, 0);
    code.visitEnd();
  }

  private static void arrayConstant(MethodVisitor code, Member field) {
    String[] words = field.name().split("_", -1); // ARRAY_BYTE_BASE_OFFSET
    boolean isOffset = field.name().endsWith("_BASE_OFFSET");
    if (!words[0].equals("ARRAY") || !isOffset && !field.name().endsWith("_INDEX_SCALE")) {
      throw new IllegalStateException(
          "no value is known for Unsafe." + field + "; name it in UnsafeShim");
    }
    Type array =
        Type.getType(
            switch (words[1]) {
              case "BOOLEAN" -> "[Z";
              case "BYTE" -> "[B";
              case "SHORT" -> "[S";
              case "CHAR" -> "[C";
              case "INT" -> "[I";
              case "LONG" -> "[J";
              case "FLOAT" -> "[F";
              case "DOUBLE" -> "[D";
              case "OBJECT" -> "[Ljava/lang/Object;";
              default -> throw new IllegalStateException("unknown array type in Unsafe." + field);
            });
    if (isOffset) {
      code.visitLdcInsn(array);
      arrayBaseOffset(code);
    } else {
      code.visitFieldInsn(Opcodes.GETSTATIC, LibraryRewriter.SHIM, "U", TARGET_TYPE);
      code.visitLdcInsn(array);
      code.visitMethodInsn(
          Opcodes.INVOKEVIRTUAL, TARGET, "arrayIndexScale", "(Ljava/lang/Class;)I", false);
    }
    code.visitFieldInsn(Opcodes.PUTSTATIC, LibraryRewriter.SHIM, field.name(), field.descriptor());
  }

  private static void arrayBaseOffset(MethodVisitor code) {
    code.visitMethodInsn(
        Opcodes.INVOKESTATIC,
        LibraryRewriter.PLATFORM,
        "arrayBaseOffset",
        "(Ljava/lang/Class;)I",
        false);
  }

  private static Set<Member> offered() {
    Set<Member> offered = new HashSet<>();
    try {
      for (Method method : Class.forName("jdk.internal.misc.Unsafe").getDeclaredMethods()) {
        if (Modifier.isPublic(method.getModifiers()) && !Modifier.isStatic(method.getModifiers())) {
          offered.add(new Member(method.getName(), Type.getMethodDescriptor(method)));
        }
      }
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("this JDK has no jdk.internal.misc.Unsafe", e);
    }
    return offered;
  }
}
