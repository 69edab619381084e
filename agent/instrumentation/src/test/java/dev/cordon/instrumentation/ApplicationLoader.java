package dev.cordon.instrumentation;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/** An application of its own: defines com.example itself, with the class file version asked for. */
final class ApplicationLoader extends ClassLoader {

  static {
    registerAsParallelCapable(); // as the loaders of the JDK are
  }

  private final int version;

  ApplicationLoader(int version) {
    super(ApplicationLoader.class.getClassLoader());
    this.version = version;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      if (known != null || !name.startsWith("com.example.")) {
        return known != null ? known : super.loadClass(name, resolve);
      }
      byte[] classFile = classFile(name, version);
      return defineClass(name, classFile, 0, classFile.length);
    }
  }

  static byte[] classFile(String name, int version) {
    ClassReader reader = new ClassReader(Objects.requireNonNull(WovenJvm.bytesOf(name)));
    ClassWriter writer = new ClassWriter(0);
    reader.accept(
        new ClassVisitor(Opcodes.ASM9, writer) {
          @Override
          public void visit(
              int original,
              int access,
              String className,
              @Nullable String signature,
              @Nullable String superName,
              String @Nullable [] interfaces) {
            super.visit(version, access, className, signature, superName, interfaces);
          }
        },
        version < Opcodes.V1_6 ? ClassReader.SKIP_FRAMES : 0);
    return writer.toByteArray();
  }
}
