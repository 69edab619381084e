package dev.cordon.instrumentation;

import dev.cordon.bootstrap.Dispatcher;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import net.bytebuddy.agent.ByteBuddyAgent;
import org.jspecify.annotations.Nullable;

/**
 * Weaves the JVM the tests run in, with every library and the real weaver and linker. The class
 * path plays the application and the agent at once.
 */
public final class WovenJvm {

  private static final Instrumentation INSTRUMENTATION = ByteBuddyAgent.install();
  private static final Set<String> INSTALLED = new ConcurrentSkipListSet<>();
  private static final Set<String> MISSING = new ConcurrentSkipListSet<>();
  private static final Coverage COVERAGE =
      new Coverage() {
        @Override
        public void installed(String library, String target) {
          INSTALLED.add(library + " " + target);
        }

        @Override
        public void missing(String library, String target, String why) {
          MISSING.add(library + " " + target + ": " + why);
        }
      };
  private static final List<LibraryInstrumentation> LIBRARIES = libraries();
  private static final Weaver WEAVER = new Weaver(LIBRARIES, COVERAGE, null);
  private static boolean dispatching;
  private static boolean woven;

  private WovenJvm() {}

  private static List<LibraryInstrumentation> libraries() {
    List<LibraryInstrumentation> all = new ArrayList<>(Libraries.all());
    all.add(FixtureProbe.library());
    all.add(FixtureProbe.logger());
    return all;
  }

  /** Weaves what is loaded and what will be; does nothing when it is woven. */
  public static synchronized void weave() {
    if (woven) {
      return;
    }
    if (!dispatching) {
      HookLinker linker =
          new HookLinker(
              LIBRARIES,
              COVERAGE,
              INSTRUMENTATION,
              WovenJvm.class.getClassLoader(),
              WovenJvm::bytesOf);
      byte[] dispatcher = Objects.requireNonNull(bytesOf(Dispatcher.class.getName()));
      DispatcherInstaller.install(INSTRUMENTATION, DispatcherInstaller.renamed(dispatcher), linker);
      dispatching = true;
    }
    WEAVER.install(INSTRUMENTATION);
    woven = true;
  }

  /** Takes the woven code out of every class again: how the application behaves without Cordon. */
  public static synchronized void unweave() {
    if (!woven) {
      return;
    }
    WEAVER.remove(INSTRUMENTATION);
    Set<String> targets = new TreeSet<>();
    for (LibraryInstrumentation library : LIBRARIES) {
      for (Target target : library.targets()) {
        targets.add(target.className().replace('/', '.'));
      }
    }
    List<Class<?>> loaded = new ArrayList<>();
    for (Class<?> type : INSTRUMENTATION.getAllLoadedClasses()) {
      if (targets.contains(type.getName())) {
        loaded.add(type);
      }
    }
    try {
      INSTRUMENTATION.retransformClasses(loaded.toArray(new Class<?>[0]));
    } catch (UnmodifiableClassException refused) {
      throw new AssertionError(refused);
    }
    woven = false;
  }

  /** The targets woven so far, as {@code library class#method}. */
  public static Set<String> installed() {
    return INSTALLED;
  }

  /** The gaps reported so far, with their reasons. */
  public static Set<String> missing() {
    return MISSING;
  }

  public static Instrumentation instrumentation() {
    return INSTRUMENTATION;
  }

  static byte @Nullable [] bytesOf(String binaryName) {
    String file = binaryName.replace('.', '/') + ".class";
    try (InputStream in = WovenJvm.class.getClassLoader().getResourceAsStream(file)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException unreadable) {
      throw new AssertionError(unreadable);
    }
  }
}
