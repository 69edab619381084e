package dev.cordon.instrumentation;

import dev.cordon.bootstrap.Hook;
import dev.cordon.instrumentation.TargetTable.Entry;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.WeakReference;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationHandler;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes the hooks of a woven class when it is first called, and keeps them with that class. Hooks
 * for classes of the JDK are loaded in the agent's loader; hooks for an application's library in a
 * loader beside that application.
 */
public final class HookLinker extends ClassValue<InvocationHandler[]> {

  private static final MethodType BOUND =
      MethodType.methodType(Object.class, Object.class, Object[].class);

  private final TargetTable table;
  private final Coverage coverage;
  private final Instrumentation instrumentation;
  private final ClassLoader agent;
  private final ClassBytes bytes;
  private final Set<String> adapterPackages = new HashSet<>();

  // values weak as well: an adapter loader holds its application loader
  private final Map<ClassLoader, WeakReference<AdapterLoader>> adapterLoaders = new WeakHashMap<>();

  /**
   * @param libraries the same, in the same order, as the weaver has
   * @param agent loads hooks for JDK classes, and what adapters use of dev.cordon
   * @param bytes finds the class files of adapters for application libraries
   */
  public HookLinker(
      List<LibraryInstrumentation> libraries,
      Coverage coverage,
      Instrumentation instrumentation,
      ClassLoader agent,
      ClassBytes bytes) {
    this.table = new TargetTable(libraries);
    this.coverage = coverage;
    this.instrumentation = instrumentation;
    this.agent = agent;
    this.bytes = bytes;
    for (LibraryInstrumentation library : libraries) {
      for (Target target : library.targets()) {
        adapterPackages.add(AdapterLoader.packageOf(target.hookClass()));
      }
    }
  }

  @Override
  protected InvocationHandler[] computeValue(Class<?> woven) {
    return Privileged.run(() -> hooksOf(woven));
  }

  private InvocationHandler[] hooksOf(Class<?> woven) {
    List<Entry> targets = table.of(woven.getName().replace('.', '/'));
    if (targets == null) {
      throw new IllegalStateException(woven.getName() + " is not a target; was it woven twice?");
    }
    InvocationHandler[] hooks = new InvocationHandler[targets.size()];
    for (int number = 0; number < hooks.length; number++) {
      Entry entry = targets.get(number);
      try {
        hooks[number] = link(woven, entry);
      } catch (Throwable fault) {
        VirtualMachineError passing = passing(fault);
        if (passing != null) {
          // out of stack or memory: nothing is kept, so this call fails and the next one links
          forget(woven.getClassLoader());
          throw passing;
        }
        if (entry.target().optional() && isAbsence(fault)) {
          // not woven either, so nobody asks for it
          hooks[number] = new UnlinkedHook(entry.library(), entry.target(), fault);
          continue;
        }
        coverage.missing(
            entry.libraryName(), entry.target().name(), "its hook cannot be linked: " + fault);
        hooks[number] = new UnlinkedHook(entry.library(), entry.target(), fault);
      }
    }
    return hooks;
  }

  /** What passes when there is stack or memory again; reflection and initialisers wrap it. */
  static @Nullable VirtualMachineError passing(Throwable fault) {
    Throwable cause = fault;
    for (int depth = 0; cause != null && depth < 8; depth++) {
      if (cause instanceof VirtualMachineError passing) {
        return passing;
      }
      cause = cause.getCause();
    }
    return null;
  }

  /** Its classes may be half initialised. */
  private void forget(@Nullable ClassLoader application) {
    synchronized (adapterLoaders) {
      adapterLoaders.remove(application);
    }
  }

  private static boolean isAbsence(Throwable fault) {
    return fault instanceof NoSuchMethodException || fault instanceof TypeNotPresentException;
  }

  private Hook link(Class<?> woven, Entry entry) throws ReflectiveOperationException {
    Target target = entry.target();
    open(woven, AdapterLoader.class.getModule());
    MethodHandle original = originalOf(woven, target);
    ClassLoader adapters = adaptersOf(woven.getClassLoader());
    open(woven, adapters.getUnnamedModule());
    for (String packageName : entry.library().opens()) {
      open(packageName, adapters.getUnnamedModule());
    }
    Class<?> type = Class.forName(target.hookClass(), true, adapters);
    Constructor<?> constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    Hook hook = (Hook) constructor.newInstance();
    hook.bind(original);
    return hook;
  }

  private static MethodHandle originalOf(Class<?> woven, Target target)
      throws ReflectiveOperationException {
    MethodType type =
        MethodType.fromMethodDescriptorString(target.descriptor(), woven.getClassLoader());
    MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(woven, MethodHandles.lookup());
    try {
      // special, not virtual: a subclass that overrides the method and calls up must not run twice;
      // not by reflection: that resolves every type the class names, and optional ones are absent
      return lookup
          .findSpecial(woven, target.method(), type, woven)
          .asFixedArity()
          .asSpreader(1, Object[].class, type.parameterCount())
          .asType(BOUND);
    } catch (IllegalAccessException isStatic) {
      MethodHandle plain =
          lookup
              .findStatic(woven, target.method(), type)
              .asFixedArity()
              .asSpreader(Object[].class, type.parameterCount());
      return MethodHandles.dropArguments(plain, 0, Object.class).asType(BOUND);
    }
  }

  private ClassLoader adaptersOf(@Nullable ClassLoader application) {
    if (application == null || application == ClassLoader.getPlatformClassLoader()) {
      return agent;
    }
    synchronized (adapterLoaders) {
      WeakReference<AdapterLoader> known = adapterLoaders.get(application);
      AdapterLoader loader = known == null ? null : known.get();
      if (loader == null) {
        loader = new AdapterLoader(application, agent, adapterPackages, bytes);
        adapterLoaders.put(application, new WeakReference<>(loader));
      }
      return loader;
    }
  }

  private void open(Class<?> woven, Module to) {
    Module module = woven.getModule();
    if (!module.isNamed()) {
      return;
    }
    if (woven.getClassLoader() == null
        || woven.getClassLoader() == ClassLoader.getPlatformClassLoader()) {
      open(module, Set.of(woven.getPackageName()), to);
    } else {
      open(module, module.getPackages(), to); // a library's own parts use one another freely
    }
  }

  private void open(String moduleAndPackage, Module to) {
    int slash = moduleAndPackage.indexOf('/');
    String packageName = moduleAndPackage.substring(slash + 1);
    ModuleLayer.boot()
        .findModule(moduleAndPackage.substring(0, slash))
        .ifPresent(module -> open(module, Set.of(packageName), to));
  }

  private void open(Module module, Set<String> packages, Module to) {
    Map<String, Set<Module>> opens = new HashMap<>();
    for (String name : packages) {
      if (module.getPackages().contains(name) && !module.isOpen(name, to)) {
        opens.put(name, Set.of(to));
      }
    }
    if (!opens.isEmpty()) {
      instrumentation.redefineModule(module, Set.of(), Map.of(), opens, Set.of(), Map.of());
    }
  }
}
