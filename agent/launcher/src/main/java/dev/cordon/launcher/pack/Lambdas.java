package dev.cordon.launcher.pack;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Makes plain classes of the lambdas of one class file, as a compiler for Java 7 would: the JVM
 * spins a class for every lambda when it is first met, which is the dearest part of a start that
 * meets some two hundred. Local variable tables go as well.
 *
 * <p>A lambda's body becomes visible in its package under a name that no other class has, so that a
 * subclass cannot override it by accident. What cannot be called from the package (references to
 * private methods, {@code super::method}, serializable lambdas) is left as it is.
 */
final class Lambdas extends ClassVisitor {

  private static final String METAFACTORY = "java/lang/invoke/LambdaMetafactory";
  private static final int MARKERS = 2;
  private static final int BRIDGES = 4;

  private final String host;
  private final boolean isInterface;

  /** Private methods by name and descriptor; the value is the new name of a lambda's body. */
  private final Map<String, @Nullable String> privates;

  private final Map<String, byte[]> classes = new LinkedHashMap<>();

  private final Set<String> privateElsewhere;

  private Lambdas(
      ClassReader reader,
      ClassWriter writer,
      Map<String, @Nullable String> privates,
      Set<String> privateElsewhere) {
    super(Opcodes.ASM9, writer);
    this.privateElsewhere = privateElsewhere;
    this.host = reader.getClassName();
    this.isInterface = (reader.getAccess() & Opcodes.ACC_INTERFACE) != 0;
    this.privates = privates;
  }

  /** The private methods of a class, as {@code owner.name(...)...}. */
  static Set<String> privateMethods(byte[] classFile) {
    ClassReader reader = new ClassReader(classFile);
    Set<String> found = new HashSet<>();
    for (String method : privates(reader).keySet()) {
      found.add(reader.getClassName() + "." + method);
    }
    return found;
  }

  /**
   * The class file without lambdas, and the classes they became; by internal name.
   *
   * @param privateElsewhere what {@link #privateMethods} tells of all classes around
   */
  static Map<String, byte[]> replace(byte[] classFile, Set<String> privateElsewhere) {
    ClassReader reader = new ClassReader(classFile);
    ClassWriter writer = new ClassWriter(0);
    Lambdas lambdas = new Lambdas(reader, writer, privates(reader), privateElsewhere);
    reader.accept(lambdas, 0);
    lambdas.classes.put(reader.getClassName(), writer.toByteArray());
    return lambdas.classes;
  }

  private static Map<String, @Nullable String> privates(ClassReader reader) {
    Map<String, @Nullable String> found = new HashMap<>();
    List<String> pinned = new ArrayList<>();
    String suffix =
        "$" + reader.getClassName().substring(reader.getClassName().lastIndexOf('/') + 1);
    reader.accept(
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public MethodVisitor visitMethod(
              int access,
              String name,
              String descriptor,
              @Nullable String s,
              String @Nullable [] e) {
            if ((access & Opcodes.ACC_PRIVATE) != 0) {
              boolean body = (access & Opcodes.ACC_SYNTHETIC) != 0 && name.startsWith("lambda$");
              found.put(name + descriptor, body ? name + suffix : null);
            }
            return new MethodVisitor(Opcodes.ASM9) {
              @Override
              public void visitInvokeDynamicInsn(
                  String sam, String factory, Handle bootstrap, Object... arguments) {
                for (Object argument : arguments) {
                  // a serializable lambda finds its body again by name
                  if (argument instanceof Handle body && !isPlain(bootstrap, arguments)) {
                    pinned.add(body.getName() + body.getDesc());
                  }
                }
              }
            };
          }
        },
        ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    for (String name : pinned) {
      found.replace(name, null);
    }
    return found;
  }

  private static boolean isPlain(Handle bootstrap, Object[] arguments) {
    if (!bootstrap.getOwner().equals(METAFACTORY)) {
      return false;
    }
    return bootstrap.getName().equals("metafactory")
        || ((Integer) arguments[3] & ~(MARKERS | BRIDGES)) == 0;
  }

  @Override
  public MethodVisitor visitMethod(
      int access,
      String name,
      String descriptor,
      @Nullable String signature,
      String @Nullable [] thrown) {
    String renamed = privates.get(name + descriptor);
    int visible = access & ~Opcodes.ACC_PRIVATE | (isInterface ? Opcodes.ACC_PUBLIC : 0);
    MethodVisitor next =
        renamed == null
            ? super.visitMethod(access, name, descriptor, signature, thrown)
            : super.visitMethod(visible, renamed, descriptor, signature, thrown);
    return new MethodVisitor(Opcodes.ASM9, next) {
      @Override
      public void visitInvokeDynamicInsn(
          String sam, String factory, Handle bootstrap, Object... arguments) {
        if (isPlain(bootstrap, arguments) && isCallable((Handle) arguments[1])) {
          String lambda = host + "$$Lambda$" + classes.size();
          classes.put(lambda, lambda(lambda, sam, factory, arguments));
          super.visitMethodInsn(Opcodes.INVOKESTATIC, lambda, "make", factory, false);
        } else {
          super.visitInvokeDynamicInsn(sam, factory, bootstrap, arguments);
        }
      }

      @Override
      public void visitLocalVariable(
          String variable, String type, @Nullable String generic, Label from, Label to, int index) {
        // debuggers of applications have no business in here
      }
    };
  }

  /** Whether another class of the package may call it, under its new name if it has one. */
  private boolean isCallable(Handle target) {
    String method = target.getName() + target.getDesc();
    if (target.getOwner().equals(host) && privates.containsKey(method)) {
      return privates.get(method) != null;
    }
    return target.getTag() != Opcodes.H_INVOKESPECIAL
        && !privateElsewhere.contains(target.getOwner() + "." + method);
  }

  private byte[] lambda(String name, String sam, String factory, Object[] arguments) {
    Type interfaceType = Type.getReturnType(factory);
    Type[] captured = Type.getArgumentTypes(factory);
    List<String> interfaces = new ArrayList<>(List.of(interfaceType.getInternalName()));
    List<Type> shapes = new ArrayList<>(List.of((Type) arguments[0]));
    if (arguments.length > 3) {
      int next = 4;
      int flags = (Integer) arguments[3];
      if ((flags & MARKERS) != 0) {
        int count = (Integer) arguments[next++];
        for (int i = 0; i < count; i++) {
          interfaces.add(((Type) arguments[next++]).getInternalName());
        }
      }
      if ((flags & BRIDGES) != 0) {
        int count = (Integer) arguments[next++];
        for (int i = 0; i < count; i++) {
          shapes.add((Type) arguments[next++]);
        }
      }
    }
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    writer.visit(
        Opcodes.V1_8,
        Opcodes.ACC_FINAL | Opcodes.ACC_SYNTHETIC | Opcodes.ACC_SUPER,
        name,
        null,
        "java/lang/Object",
        interfaces.toArray(new String[0]));
    String constructor = Type.getMethodDescriptor(Type.VOID_TYPE, captured);
    constructor(writer, name, constructor, captured);
    factory(writer, name, factory, constructor, captured);
    for (Type shape : shapes) {
      body(writer, name, sam, shape, (Type) arguments[2], (Handle) arguments[1], captured);
    }
    writer.visitEnd();
    return writer.toByteArray();
  }

  private static void constructor(
      ClassWriter writer, String name, String descriptor, Type[] captured) {
    MethodVisitor code = writer.visitMethod(Opcodes.ACC_PRIVATE, "<init>", descriptor, null, null);
    code.visitCode();
    code.visitVarInsn(Opcodes.ALOAD, 0);
    code.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
    int slot = 1;
    for (int i = 0; i < captured.length; i++) {
      writer.visitField(
          Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL,
          "c" + i,
          captured[i].getDescriptor(),
          null,
          null);
      code.visitVarInsn(Opcodes.ALOAD, 0);
      code.visitVarInsn(captured[i].getOpcode(Opcodes.ILOAD), slot);
      code.visitFieldInsn(Opcodes.PUTFIELD, name, "c" + i, captured[i].getDescriptor());
      slot += captured[i].getSize();
    }
    code.visitInsn(Opcodes.RETURN);
    code.visitMaxs(0, 0);
    code.visitEnd();
  }

  /** {@code make}: one shared instance when nothing is captured, as the metafactory has it. */
  private static void factory(
      ClassWriter writer, String name, String descriptor, String constructor, Type[] captured) {
    if (captured.length == 0) {
      String type = "L" + name + ";";
      writer.visitField(
          Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_FINAL, "ONLY", type, null, null);
      MethodVisitor code = writer.visitMethod(Opcodes.ACC_STATIC, "<clinit>", "()V", null, null);
      code.visitCode();
      code.visitTypeInsn(Opcodes.NEW, name);
      code.visitInsn(Opcodes.DUP);
      code.visitMethodInsn(Opcodes.INVOKESPECIAL, name, "<init>", constructor, false);
      code.visitFieldInsn(Opcodes.PUTSTATIC, name, "ONLY", type);
      code.visitInsn(Opcodes.RETURN);
      code.visitMaxs(0, 0);
      code.visitEnd();
    }
    MethodVisitor code = writer.visitMethod(Opcodes.ACC_STATIC, "make", descriptor, null, null);
    code.visitCode();
    if (captured.length == 0) {
      code.visitFieldInsn(Opcodes.GETSTATIC, name, "ONLY", "L" + name + ";");
    } else {
      code.visitTypeInsn(Opcodes.NEW, name);
      code.visitInsn(Opcodes.DUP);
      int slot = 0;
      for (Type type : captured) {
        code.visitVarInsn(type.getOpcode(Opcodes.ILOAD), slot);
        slot += type.getSize();
      }
      code.visitMethodInsn(Opcodes.INVOKESPECIAL, name, "<init>", constructor, false);
    }
    code.visitInsn(Opcodes.ARETURN);
    code.visitMaxs(0, 0);
    code.visitEnd();
  }

  private void body(
      ClassWriter writer,
      String name,
      String sam,
      Type shape,
      Type instantiated,
      Handle target,
      Type[] captured) {
    MethodVisitor code =
        writer.visitMethod(Opcodes.ACC_PUBLIC, sam, shape.getDescriptor(), null, null);
    code.visitCode();
    boolean constructs = target.getTag() == Opcodes.H_NEWINVOKESPECIAL;
    boolean isStatic = target.getTag() == Opcodes.H_INVOKESTATIC;
    Type owner = Type.getObjectType(target.getOwner());
    List<Type> wanted = new ArrayList<>();
    if (constructs) {
      code.visitTypeInsn(Opcodes.NEW, target.getOwner());
      code.visitInsn(Opcodes.DUP);
    } else if (!isStatic) {
      wanted.add(owner);
    }
    wanted.addAll(List.of(Type.getArgumentTypes(target.getDesc())));
    int next = 0;
    for (int i = 0; i < captured.length; i++, next++) {
      code.visitVarInsn(Opcodes.ALOAD, 0);
      code.visitFieldInsn(Opcodes.GETFIELD, name, "c" + i, captured[i].getDescriptor());
      convert(code, captured[i], captured[i], wanted.get(next));
    }
    Type[] given = shape.getArgumentTypes();
    Type[] known = instantiated.getArgumentTypes();
    int slot = 1;
    for (int i = 0; i < given.length; i++, next++) {
      code.visitVarInsn(given[i].getOpcode(Opcodes.ILOAD), slot);
      convert(code, given[i], known[i], wanted.get(next));
      slot += given[i].getSize();
    }
    String renamed =
        target.getOwner().equals(host) ? privates.get(target.getName() + target.getDesc()) : null;
    code.visitMethodInsn(
        opcode(target, renamed != null),
        target.getOwner(),
        renamed == null ? target.getName() : renamed,
        target.getDesc(),
        target.isInterface());
    Type result = constructs ? owner : Type.getReturnType(target.getDesc());
    Type returned = shape.getReturnType();
    if (returned.getSort() == Type.VOID) {
      if (result.getSize() > 0) {
        code.visitInsn(result.getSize() == 2 ? Opcodes.POP2 : Opcodes.POP);
      }
    } else {
      convert(code, result, result, returned);
    }
    code.visitInsn(returned.getOpcode(Opcodes.IRETURN));
    code.visitMaxs(0, 0);
    code.visitEnd();
  }

  private static int opcode(Handle target, boolean wasPrivate) {
    return switch (target.getTag()) {
      case Opcodes.H_INVOKESTATIC -> Opcodes.INVOKESTATIC;
      case Opcodes.H_NEWINVOKESPECIAL -> Opcodes.INVOKESPECIAL;
      case Opcodes.H_INVOKEINTERFACE -> Opcodes.INVOKEINTERFACE;
      default ->
          wasPrivate && target.isInterface() ? Opcodes.INVOKEINTERFACE : Opcodes.INVOKEVIRTUAL;
    };
  }

  /** As the metafactory adapts: casts, boxes, unboxes and widens. */
  private static void convert(MethodVisitor code, Type from, Type known, Type to) {
    if (from.equals(to)) {
      return;
    }
    if (isPrimitive(from) && isPrimitive(to)) {
      widen(code, from, to);
    } else if (isPrimitive(from)) {
      Type box = box(from);
      code.visitMethodInsn(
          Opcodes.INVOKESTATIC,
          box.getInternalName(),
          "valueOf",
          Type.getMethodDescriptor(box, from),
          false);
    } else if (isPrimitive(to)) {
      Type primitive = unboxed(known);
      Type box = primitive == null ? box(to) : known;
      Type value = primitive == null ? to : primitive;
      code.visitTypeInsn(Opcodes.CHECKCAST, box.getInternalName());
      code.visitMethodInsn(
          Opcodes.INVOKEVIRTUAL,
          box.getInternalName(),
          value.getClassName() + "Value",
          Type.getMethodDescriptor(value),
          false);
      widen(code, value, to);
    } else if (!to.getInternalName().equals("java/lang/Object")) {
      code.visitTypeInsn(Opcodes.CHECKCAST, to.getInternalName());
    }
  }

  private static void widen(MethodVisitor code, Type from, Type to) {
    int source = rank(from);
    int target = rank(to);
    if (source == target) {
      return;
    }
    if (source > target) {
      throw new IllegalStateException("a lambda narrows " + from + " to " + to);
    }
    code.visitInsn(
        switch (source * 4 + target) {
          case 1 -> Opcodes.I2L;
          case 2 -> Opcodes.I2F;
          case 3 -> Opcodes.I2D;
          case 6 -> Opcodes.L2F;
          case 7 -> Opcodes.L2D;
          default -> Opcodes.F2D;
        });
  }

  /** int and what the JVM treats as one, long, float, double. */
  private static int rank(Type type) {
    return switch (type.getSort()) {
      case Type.LONG -> 1;
      case Type.FLOAT -> 2;
      case Type.DOUBLE -> 3;
      default -> 0;
    };
  }

  private static boolean isPrimitive(Type type) {
    return type.getSort() < Type.ARRAY;
  }

  private static Type box(Type primitive) {
    return Type.getObjectType(
        switch (primitive.getSort()) {
          case Type.BOOLEAN -> "java/lang/Boolean";
          case Type.CHAR -> "java/lang/Character";
          case Type.BYTE -> "java/lang/Byte";
          case Type.SHORT -> "java/lang/Short";
          case Type.INT -> "java/lang/Integer";
          case Type.LONG -> "java/lang/Long";
          case Type.FLOAT -> "java/lang/Float";
          default -> "java/lang/Double";
        });
  }

  private static @Nullable Type unboxed(Type box) {
    return switch (box.getInternalName()) {
      case "java/lang/Boolean" -> Type.BOOLEAN_TYPE;
      case "java/lang/Character" -> Type.CHAR_TYPE;
      case "java/lang/Byte" -> Type.BYTE_TYPE;
      case "java/lang/Short" -> Type.SHORT_TYPE;
      case "java/lang/Integer" -> Type.INT_TYPE;
      case "java/lang/Long" -> Type.LONG_TYPE;
      case "java/lang/Float" -> Type.FLOAT_TYPE;
      case "java/lang/Double" -> Type.DOUBLE_TYPE;
      default -> null;
    };
  }
}
