package dev.cordon.instrumentation;

import java.security.ProtectionDomain;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stands beside one application loader and defines the adapters of the libraries in it: they see
 * the library's types through the application and everything else of Cordon through the agent. Held
 * only by the hooks it made, and so by the woven classes: it goes with the application.
 */
final class AdapterLoader extends ClassLoader {

  static {
    registerAsParallelCapable();
  }

  // a security manager gives adapters what its policy gives the agent jar
  private static final ProtectionDomain DOMAIN = AdapterLoader.class.getProtectionDomain();

  private final ClassLoader agent;
  private final Set<String> adapterPackages;
  private final ClassBytes bytes;

  AdapterLoader(
      ClassLoader application, ClassLoader agent, Set<String> adapterPackages, ClassBytes bytes) {
    super("cordon-adapters", application);
    this.agent = agent;
    this.adapterPackages = adapterPackages;
    this.bytes = bytes;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith("dev.cordon.")) {
      return super.loadClass(name, resolve);
    }
    if (!adapterPackages.contains(packageOf(name))) {
      return agent.loadClass(name);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      return known != null ? known : define(name);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    byte @Nullable [] classFile = bytes.of(name);
    if (classFile == null) {
      throw new ClassNotFoundException(name);
    }
    return defineClass(name, classFile, 0, classFile.length, DOMAIN);
  }

  static String packageOf(String binaryName) {
    return binaryName.substring(0, Math.max(0, binaryName.lastIndexOf('.')));
  }
}
