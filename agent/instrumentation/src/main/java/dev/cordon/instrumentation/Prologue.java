package dev.cordon.instrumentation;

import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Writes the one shape that Cordon weaves, before the first instruction of a method:
 *
 * <pre>{@code
 * Object answer = CordonDispatcher.enter(ThisClass.class, number, this, new Object[] {arguments});
 * if (answer != CordonDispatcher.PROCEED) return (T) answer;
 * }</pre>
 *
 * <p>The answer lives on the stack, not in a local variable, so the locals of the body keep their
 * places. The one frame it needs stands before a {@code pop}, so it never falls together with a
 * frame of the body.
 */
final class Prologue extends MethodVisitor {

  static final String DISPATCHER = "java/lang/CordonDispatcher";

  private static final int STACK = 8; // class, number, self, array, array, index, a long

  private final String className;
  private final int version;
  private final boolean isStatic;
  private final Type[] parameters;
  private final Type result;
  private final int number;
  private final boolean lean;

  Prologue(
      MethodVisitor body,
      String className,
      int version,
      int access,
      String descriptor,
      int number,
      boolean lean) {
    super(Opcodes.ASM9, body);
    this.lean = lean;
    this.className = className;
    this.version = version;
    this.isStatic = (access & Opcodes.ACC_STATIC) != 0;
    this.parameters = Type.getArgumentTypes(descriptor);
    this.result = Type.getReturnType(descriptor);
    this.number = number;
  }

  @Override
  public void visitCode() {
    super.visitCode();
    visitLdcInsn(Type.getObjectType(className));
    pushInt(number);
    if (isStatic) {
      visitInsn(Opcodes.ACONST_NULL);
    } else {
      visitVarInsn(Opcodes.ALOAD, 0);
    }
    pushArguments();
    visitMethodInsn(
        Opcodes.INVOKESTATIC,
        DISPATCHER,
        "enter",
        "(Ljava/lang/Class;ILjava/lang/Object;[Ljava/lang/Object;)Ljava/lang/Object;",
        false);
    visitInsn(Opcodes.DUP);
    visitFieldInsn(Opcodes.GETSTATIC, DISPATCHER, "PROCEED", "Ljava/lang/Object;");
    Label body = new Label();
    visitJumpInsn(Opcodes.IF_ACMPEQ, body);
    returnAnswer();
    visitLabel(body);
    if (version >= Opcodes.V1_6) { // older class files have no frames
      visitFrame(Opcodes.F_SAME1, 0, null, 1, new Object[] {"java/lang/Object"});
    }
    visitInsn(Opcodes.POP);
  }

  @Override
  public void visitMaxs(int maxStack, int maxLocals) {
    super.visitMaxs(Math.max(maxStack, STACK), maxLocals);
  }

  private void pushArguments() {
    if (parameters.length == 0) {
      visitFieldInsn(Opcodes.GETSTATIC, DISPATCHER, "NO_ARGUMENTS", "[Ljava/lang/Object;");
      return;
    }
    if (lean) {
      visitVarInsn(Opcodes.ALOAD, isStatic ? 0 : 1);
      visitMethodInsn(
          Opcodes.INVOKESTATIC,
          DISPATCHER,
          "single",
          "(Ljava/lang/Object;)[Ljava/lang/Object;",
          false);
      return;
    }
    pushInt(parameters.length);
    visitTypeInsn(Opcodes.ANEWARRAY, "java/lang/Object");
    int local = isStatic ? 0 : 1;
    for (int i = 0; i < parameters.length; i++) {
      Type type = parameters[i];
      visitInsn(Opcodes.DUP);
      pushInt(i);
      visitVarInsn(type.getOpcode(Opcodes.ILOAD), local);
      String box = boxOf(type);
      if (box != null) {
        visitMethodInsn(
            Opcodes.INVOKESTATIC,
            box,
            "valueOf",
            "(" + type.getDescriptor() + ")L" + box + ";",
            false);
      }
      visitInsn(Opcodes.AASTORE);
      local += type.getSize();
    }
  }

  private void returnAnswer() {
    if (result.getSort() == Type.VOID) {
      visitInsn(Opcodes.POP);
      visitInsn(Opcodes.RETURN);
      return;
    }
    String box = boxOf(result);
    if (box != null) {
      visitTypeInsn(Opcodes.CHECKCAST, box);
      visitMethodInsn(
          Opcodes.INVOKEVIRTUAL,
          box,
          result.getClassName() + "Value",
          "()" + result.getDescriptor(),
          false);
    } else {
      visitTypeInsn(Opcodes.CHECKCAST, result.getInternalName());
    }
    visitInsn(result.getOpcode(Opcodes.IRETURN));
  }

  private void pushInt(int value) {
    if (value <= 5) {
      visitInsn(Opcodes.ICONST_0 + value);
    } else {
      visitIntInsn(value <= Byte.MAX_VALUE ? Opcodes.BIPUSH : Opcodes.SIPUSH, value);
    }
  }

  private static @org.jspecify.annotations.Nullable String boxOf(Type type) {
    return switch (type.getSort()) {
      case Type.BOOLEAN -> "java/lang/Boolean";
      case Type.CHAR -> "java/lang/Character";
      case Type.BYTE -> "java/lang/Byte";
      case Type.SHORT -> "java/lang/Short";
      case Type.INT -> "java/lang/Integer";
      case Type.FLOAT -> "java/lang/Float";
      case Type.LONG -> "java/lang/Long";
      case Type.DOUBLE -> "java/lang/Double";
      default -> null;
    };
  }
}
