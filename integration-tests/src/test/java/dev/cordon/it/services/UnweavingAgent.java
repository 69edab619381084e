package dev.cordon.it.services;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import org.jspecify.annotations.Nullable;

/** Another agent that gives the JVM the classes of java.net.http as they came with the JDK. */
public final class UnweavingAgent {

  private UnweavingAgent() {}

  public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
    instrumentation.addTransformer(
        new ClassFileTransformer() {
          @Override
          public byte @Nullable [] transform(
              Module module,
              @Nullable ClassLoader loader,
              String className,
              @Nullable Class<?> redefined,
              @Nullable ProtectionDomain domain,
              byte[] woven) {
            if (!"java.net.http".equals(module.getName())) {
              return null;
            }
            try (InputStream original = module.getResourceAsStream(className + ".class")) {
              return original == null ? null : original.readAllBytes();
            } catch (IOException unreadable) {
              return null;
            }
          }
        },
        true);
  }
}
