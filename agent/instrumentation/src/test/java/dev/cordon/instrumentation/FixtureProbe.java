package dev.cordon.instrumentation;

import dev.cordon.bootstrap.Dispatcher;
import dev.cordon.bootstrap.Passed;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Connects a test with the hooks of the fixture, which live in loaders of their own. */
public final class FixtureProbe {

  /** Runs the woven body. */
  public interface Original {
    @Nullable Object proceed(Object[] arguments) throws Passed;
  }

  /** What the hook does. */
  public interface Behaviour {
    @Nullable Object run(@Nullable Object self, Object[] arguments, Original original)
        throws Throwable;
  }

  static final Behaviour PASS = (self, arguments, original) -> Dispatcher.PROCEED;

  public static volatile Behaviour behaviour = PASS;
  public static volatile @Nullable Object last;
  public static volatile boolean selfIsFixture;
  public static volatile @Nullable Throwable fault;

  /** Where the next hook to be made runs out of stack. */
  public static volatile @Nullable String starving;

  private FixtureProbe() {}

  public static void starve(String place) {
    if (place.equals(starving)) {
      starving = null;
      throw new StackOverflowError("on demand");
    }
  }

  static final String FIXTURE = "com/example/fixture/Fixture";

  /** The fixtures as a library that is woven. */
  static LibraryInstrumentation library() {
    String hook = "dev.cordon.instrumentation.fixture.FixtureHook";
    return new LibraryInstrumentation() {
      @Override
      public String library() {
        return "fixture";
      }

      @Override
      public Kind kind() {
        return Kind.CLIENT;
      }

      @Override
      public List<Target> targets() {
        return List.of(
            Target.of(FIXTURE, "not", "(Z)Z", hook),
            Target.of(FIXTURE, "next", "(C)C", hook),
            Target.of(FIXTURE, "next", "(B)B", hook),
            Target.of(FIXTURE, "next", "(S)S", hook),
            Target.of(FIXTURE, "next", "(I)I", hook),
            Target.of(FIXTURE, "next", "(F)F", hook),
            Target.of(FIXTURE, "mix", "(JDIFJ)D", hook),
            Target.of(FIXTURE, "wide", "(JJ)J", hook),
            Target.of(FIXTURE, "nothing", "()V", hook),
            Target.of(FIXTURE, "text", "(Ljava/lang/String;)Ljava/lang/String;", hook),
            Target.of(FIXTURE, "array", "([I[[Ljava/lang/String;)[I", hook),
            Target.of(FIXTURE, "loop", "(I)I", hook),
            Target.of(FIXTURE, "locked", "(Ljava/lang/String;)Ljava/lang/String;", hook),
            Target.of(FIXTURE, "twice", "(J)J", hook),
            new Target(FIXTURE, "later", "(Lcom/example/NotThere;)V", hook, List.of(), true),
            Target.of(
                "com/example/fixture/Unlinkable",
                "send",
                "()Ljava/lang/String;",
                "dev.cordon.instrumentation.fixture.NoSuchHook"));
      }
    };
  }

  /** A logger whose hook is missing. */
  static LibraryInstrumentation logger() {
    return new LibraryInstrumentation() {
      @Override
      public String library() {
        return "fixture-logger";
      }

      @Override
      public Kind kind() {
        return Kind.LOGGER;
      }

      @Override
      public List<Target> targets() {
        return List.of(
            unlinkable("log", "()Ljava/lang/String;"),
            unlinkable("bytes", "()[B"),
            unlinkable("map", "()Ljava/util/Map;"),
            unlinkable("list", "()Ljava/util/List;"),
            unlinkable("array", "()[Ljava/lang/Object;"),
            unlinkable("thrown", "()Ljava/lang/Throwable;"),
            unlinkable("number", "()I"));
      }

      private Target unlinkable(String method, String descriptor) {
        return Target.of(
            "com/example/fixture/UnlinkableLogger",
            method,
            descriptor,
            "dev.cordon.instrumentation.fixture.NoSuchHook");
      }
    };
  }
}
