package dev.cordon.launcher.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** The agent jar runs rewritten classes; the unit tests of the modules run the original ones. */
final class LambdasTest {

  private static final String SAMPLES = "dev/cordon/launcher/pack/LambdaSamples";

  private static final List<String> NAMES =
      List.of(
          SAMPLES,
          SAMPLES + "$Named",
          SAMPLES + "$Marker",
          SAMPLES + "$Wide",
          SAMPLES + "$Narrow",
          SAMPLES + "$SerialSupplier",
          SAMPLES + "$Below",
          SAMPLES + "$1");

  @Test
  void rewrittenClassesDoWhatTheyDid() throws Exception {
    Map<String, byte[]> rewritten = rewritten();
    ClassLoader loader = new Rewritten(rewritten);
    @SuppressWarnings("unchecked")
    Supplier<List<String>> samples =
        (Supplier<List<String>>)
            loader.loadClass(SAMPLES.replace('/', '.')).getDeclaredConstructor().newInstance();
    assertEquals(new LambdaSamples().get(), samples.get());
    assertTrue(rewritten.size() > NAMES.size() + 20, "lambdas became classes");
  }

  @Test
  void onlyPrivateReferencesAndSerializableLambdasAreLeft() throws IOException {
    List<String> left = new ArrayList<>();
    for (byte[] classFile : rewritten().values()) {
      new ClassReader(classFile)
          .accept(
              new ClassVisitor(Opcodes.ASM9) {
                @Override
                public MethodVisitor visitMethod(
                    int access, String name, String descriptor, String generic, String[] thrown) {
                  return new MethodVisitor(Opcodes.ASM9) {
                    @Override
                    public void visitInvokeDynamicInsn(
                        String sam, String factory, Handle bootstrap, Object... arguments) {
                      if (bootstrap.getOwner().endsWith("/LambdaMetafactory")) {
                        left.add(((Handle) arguments[1]).getName().replaceAll("\\$\\d+$", ""));
                      }
                    }

                    @Override
                    public void visitLocalVariable(
                        String variable,
                        String type,
                        String generic,
                        Label from,
                        Label to,
                        int index) {
                      left.add("local variable " + variable);
                    }
                  };
                }
              },
              0);
    }
    left.removeIf(name -> name.startsWith("lambda$get$")); // the serializable one, twice
    assertEquals(List.of("secret"), left);
  }

  private static Map<String, byte[]> rewritten() throws IOException {
    Map<String, byte[]> originals = new HashMap<>();
    Set<String> privates = new HashSet<>();
    for (String name : NAMES) {
      try (InputStream in = LambdasTest.class.getResourceAsStream("/" + name + ".class")) {
        byte[] classFile = in.readAllBytes();
        originals.put(name, classFile);
        privates.addAll(Lambdas.privateMethods(classFile));
      }
    }
    Map<String, byte[]> all = new HashMap<>();
    for (byte[] classFile : originals.values()) {
      all.putAll(Lambdas.replace(classFile, privates));
    }
    return all;
  }

  private static final class Rewritten extends ClassLoader {
    private final Map<String, byte[]> classes;

    Rewritten(Map<String, byte[]> classes) {
      super(LambdasTest.class.getClassLoader());
      this.classes = classes;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      byte[] classFile = classes.get(name.replace('.', '/'));
      if (classFile == null) {
        return super.loadClass(name, resolve);
      }
      Class<?> known = findLoadedClass(name);
      return known != null ? known : defineClass(name, classFile, 0, classFile.length);
    }
  }
}
