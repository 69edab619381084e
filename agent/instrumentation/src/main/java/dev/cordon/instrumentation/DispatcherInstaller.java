package dev.cordon.instrumentation;

import dev.cordon.bootstrap.Dispatcher;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationHandler;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.SimpleRemapper;

/**
 * Defines the dispatcher as {@code java.lang.CordonDispatcher} in the boot loader, where the code
 * of every loader finds it, and connects it with the hooks.
 */
public final class DispatcherInstaller {

  private static final String ORIGINAL = "dev/cordon/bootstrap/Dispatcher";

  private DispatcherInstaller() {}

  /** The dispatcher's class file under its name in java.lang; done once, at build time. */
  public static byte[] renamed(byte[] classFileOfDispatcher) {
    ClassWriter writer = new ClassWriter(0);
    new ClassReader(classFileOfDispatcher)
        .accept(
            new ClassRemapper(writer, new SimpleRemapper(Map.of(ORIGINAL, Prologue.DISPATCHER))),
            0);
    return writer.toByteArray();
  }

  /**
   * Must run before the first class is woven.
   *
   * @param renamedClassFile as {@link #renamed} makes it
   * @throws IllegalStateException when this JVM has a dispatcher already
   */
  public static void install(
      Instrumentation instrumentation, byte[] renamedClassFile, HookLinker hooks) {
    // redefineModule and defineClass rather than the boot class path: see the ADR on weaving
    instrumentation.redefineModule(
        Object.class.getModule(),
        Set.of(),
        Map.of(),
        Map.of("java.lang", Set.of(DispatcherInstaller.class.getModule())),
        Set.of(),
        Map.of());
    try {
      MethodHandles.Lookup lookup =
          MethodHandles.privateLookupIn(Object.class, MethodHandles.lookup());
      Class<?> dispatcher = lookup.defineClass(renamedClassFile);
      MethodHandle install =
          lookup.findStatic(
              dispatcher, "install", MethodType.methodType(void.class, ClassValue.class));
      install.invoke((ClassValue<InvocationHandler[]>) hooks);
    } catch (LinkageError twice) {
      throw new IllegalStateException(
          Prologue.DISPATCHER.replace('/', '.')
              + " is defined already; attach one Cordon agent only",
          twice);
    } catch (Throwable fault) {
      throw new IllegalStateException(
          "cannot define the dispatcher: " + Dispatcher.class.getName(), fault);
    }
  }
}
