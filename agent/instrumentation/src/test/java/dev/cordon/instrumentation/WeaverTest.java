package dev.cordon.instrumentation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.bootstrap.CallDenied;
import dev.cordon.bootstrap.Gate;
import dev.cordon.instrumentation.LibraryInstrumentation.Kind;
import dev.cordon.instrumentation.Target.Member;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WeaverTest {

  /** Every class file version this JVM loads, from Java 5 on. */
  static IntStream versions() {
    return IntStream.rangeClosed(49, Math.min(69, 44 + Runtime.version().feature()));
  }

  @BeforeEach
  void weave() {
    WovenJvm.weave();
    FixtureProbe.behaviour = FixtureProbe.PASS;
    FixtureProbe.fault = null;
  }

  @AfterEach
  void pass() {
    FixtureProbe.behaviour = FixtureProbe.PASS;
  }

  @ParameterizedTest
  @MethodSource("versions")
  void wovenBodyRunsUnchangedWhenTheHookSaysSo(int version) throws Exception {
    App app = new App(version);
    assertEverythingWorks(app);
    assertEquals(3, app.calls(), "each body ran once");
  }

  @ParameterizedTest
  @MethodSource("versions")
  void hookCanRunTheBodyItself(int version) throws Exception {
    FixtureProbe.behaviour = (self, arguments, original) -> original.proceed(arguments);
    App app = new App(version);
    assertEverythingWorks(app);
    assertEquals(3, app.calls(), "each body ran once");
    assertNull(FixtureProbe.fault);
  }

  private static void assertEverythingWorks(App app) throws Exception {
    assertEquals(false, app.call("not", boolean.class, true));
    assertEquals('b', app.call("next", char.class, 'a'));
    assertEquals((byte) 3, app.call("next", byte.class, (byte) 2));
    assertEquals((short) 3, app.call("next", short.class, (short) 2));
    assertEquals(3, app.call("next", int.class, 2));
    assertEquals(3f, app.call("next", float.class, 2f));
    assertEquals(18.5, app.mix(1L << 3, 0.5, 2, 3f, 5L));
    assertEquals(1L << 40, app.wide(1L << 40, 0));
    assertNull(app.call("nothing"));
    assertEquals(-1, app.call("loop", int.class, 8));
    assertEquals(14L, app.call("twice", long.class, 7L));
    int[] values = {1, 2};
    assertSame(values, app.array(values));
    assertEquals("a!", app.call("locked", String.class, "a"));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void hookCanAnswerInPlaceOfTheBody(int version) throws Exception {
    App app = new App(version);
    answer(true);
    assertEquals(true, app.call("not", boolean.class, true));
    answer('z');
    assertEquals('z', app.call("next", char.class, 'a'));
    answer((byte) 9);
    assertEquals((byte) 9, app.call("next", byte.class, (byte) 2));
    answer((short) 9);
    assertEquals((short) 9, app.call("next", short.class, (short) 2));
    answer(9);
    assertEquals(9, app.call("next", int.class, 2));
    answer(9f);
    assertEquals(9f, app.call("next", float.class, 2f));
    answer(9.5);
    assertEquals(9.5, app.mix(1, 2, 3, 4, 5));
    answer(9L);
    assertEquals(9L, app.wide(1, 2));
    assertEquals(9L, app.call("twice", long.class, 7L));
    answer(null);
    assertNull(app.call("nothing"));
    answer("refused");
    assertEquals("refused", app.call("text", String.class, "a"));
    assertEquals(0, app.calls());
  }

  private static void answer(@Nullable Object value) {
    FixtureProbe.behaviour = (self, arguments, original) -> value;
  }

  @Test
  void hookSeesTheArgumentsAndCanChangeThem() throws Exception {
    List<Object> seen = new ArrayList<>();
    FixtureProbe.behaviour =
        (self, arguments, original) -> {
          seen.addAll(List.of(arguments));
          return original.proceed(new Object[] {1L, 1.0, 1, 1f, 1L});
        };
    assertEquals(5.0, new App(61).mix(1L << 40, 0.25, 7, 0.5f, Long.MIN_VALUE));
    assertEquals(List.of(1L << 40, 0.25, 7, 0.5f, Long.MIN_VALUE), seen);
  }

  @Test
  void exceptionOfTheBodyComesOutAsItIs() {
    FixtureProbe.behaviour = (self, arguments, original) -> original.proceed(arguments);
    InvocationTargetException thrown =
        assertThrows(
            InvocationTargetException.class,
            () -> new App(61).call("text", String.class, (Object) null));
    assertInstanceOf(IOException.class, thrown.getCause());
    assertNull(FixtureProbe.fault);
  }

  @Test
  void classLoadedBeforeIsWovenByRetransformation() throws Exception {
    WovenJvm.unweave();
    App app = new App(61);
    answer("refused");
    assertEquals("a", app.call("text", String.class, " a "));
    WovenJvm.weave();
    assertEquals("refused", app.call("text", String.class, " a "));
    WovenJvm.unweave();
    assertEquals("a", app.call("text", String.class, " a "));
    WovenJvm.weave();
  }

  @Test
  void classOnWhichTheWeaverRanOutOfStackIsWovenSoon() throws Exception {
    Gate.install(RecordingGuard.allowing()); // refuses what it cannot decide
    // its sweep runs in the group that installs it; the sweeps of other weavers are no help
    ThreadGroup own = new ThreadGroup("own");
    Coverage starving =
        new Coverage() {
          @Override
          public void installed(String library, String target) {
            if (Thread.currentThread().getThreadGroup() != own) {
              throw new StackOverflowError("on demand");
            }
          }

          @Override
          public void missing(String library, String target, String why) {}
        };
    Target target =
        Target.of("com/example/fixture/Unlinkable", "send", "()Ljava/lang/String;", "a.Hook");
    Weaver weaver = new Weaver(List.of(libraryOf(target)), starving, null);
    WovenJvm.unweave();
    Thread premain = new Thread(own, () -> weaver.install(WovenJvm.instrumentation()));
    premain.start();
    premain.join();
    try {
      Class<?> type = new ApplicationLoader(61).loadClass("com.example.fixture.Unlinkable");
      Object client = type.getConstructor().newInstance();
      Method send = type.getMethod("send");
      assertEquals("sent", send.invoke(client), "loaded as it was");
      awaitWoven(send, client);
      // as another agent does; this thread is still out of stack, so the prologue is lost
      WovenJvm.instrumentation().retransformClasses(type);
      awaitWoven(send, client);
    } finally {
      weaver.remove(WovenJvm.instrumentation());
      WovenJvm.weave();
    }
  }

  private static void awaitWoven(Method send, Object client) throws Exception {
    long deadlineNs = System.nanoTime() + 30_000_000_000L;
    while (!isRefused(send, client)) {
      assertTrue(System.nanoTime() - deadlineNs < 0, "still not woven");
      Thread.sleep(20);
    }
  }

  private static boolean isRefused(Method send, Object client) throws Exception {
    try {
      send.invoke(client);
      return false;
    } catch (InvocationTargetException thrown) {
      assertInstanceOf(CallDenied.class, thrown.getCause());
      return true;
    }
  }

  /** So that its first use cannot be on a thread that is out of stack. */
  @Test
  void targetsAreWovenOnAThreadOfTheirOwnOnceTheirCompanionIsLoaded() throws Exception {
    Gate.install(RecordingGuard.allowing());
    List<String> wovenBy = new CopyOnWriteArrayList<>();
    Coverage recording =
        new Coverage() {
          @Override
          public void installed(String library, String target) {
            wovenBy.add(Thread.currentThread().getName() + " " + target);
          }

          @Override
          public void missing(String library, String target, String why) {}
        };
    LibraryInstrumentation library =
        new LibraryInstrumentation() {
          @Override
          public String library() {
            return "test";
          }

          @Override
          public Kind kind() {
            return Kind.CLIENT;
          }

          @Override
          public List<String> companions() {
            return List.of("com/example/fixture/Companion");
          }

          @Override
          public List<Target> targets() {
            return List.of(
                Target.of(
                    "com/example/fixture/Unlinkable", "send", "()Ljava/lang/String;", "a.Hook"),
                Target.of("com/example/fixture/NotThere", "send", "()V", "a.Hook"));
          }
        };
    Weaver weaver = new Weaver(List.of(library), recording, null);
    WovenJvm.unweave();
    weaver.install(WovenJvm.instrumentation());
    try {
      wovenBy.clear();
      new ApplicationLoader(61).loadClass("com.example.fixture.Companion");
      assertEquals(
          List.of("cordon-early-load com.example.fixture.Unlinkable#send"), List.copyOf(wovenBy));
    } finally {
      weaver.remove(WovenJvm.instrumentation());
      WovenJvm.weave();
    }
  }

  @Test
  void classThatIsNoTargetIsLeftAlone() {
    assertNull(weaver().transform(null, "com/example/Other", null, null, new byte[0]));
    assertNull(weaver().transform(null, null, null, null, new byte[0]));
    assertEquals(List.of(), reports);
  }

  @Test
  void classOfTheAgentsOwnLoaderIsLeftAlone() {
    ClassLoader own = new ApplicationLoader(61);
    Weaver weaver = new Weaver(List.of(FixtureProbe.library()), coverage, own);
    assertNull(weaver.transform(own, FixtureProbe.FIXTURE, null, null, fixture(61)));
    assertEquals(List.of(), reports);
  }

  @Test
  void damagedClassFileIsReportedAndNeverThrows() {
    byte[] damaged = fixture(61);
    for (int i = 10; i < 200; i++) {
      damaged[i] = (byte) 0xFF;
    }
    assertNull(weaver().transform(null, FixtureProbe.FIXTURE, null, null, damaged));
    assertNull(weaver().transform(null, FixtureProbe.FIXTURE, null, null, new byte[3]));
    assertTrue(
        reports.get(0).startsWith("missing fixture com.example.fixture.Fixture#not"),
        reports::toString);
  }

  @Test
  void classFileOlderThanJavaFiveIsReported() {
    assertNull(weaver().transform(null, FixtureProbe.FIXTURE, null, null, fixture(48)));
    assertTrue(reports.get(0).contains("version 48"), reports::toString);
  }

  @Test
  void classWithoutTheMethodIsReportedAndLeftAlone() {
    Weaver weaver =
        weaver(
            Target.of(FixtureProbe.FIXTURE, "nothing", "()V", "a.Hook"),
            Target.of(FixtureProbe.FIXTURE, "gone", "()V", "a.Hook"));
    assertNull(weaver.transform(null, FixtureProbe.FIXTURE, null, null, fixture(61)));
    assertEquals(
        List.of(
            "missing test com.example.fixture.Fixture#gone: no gone()V",
            "missing test com.example.fixture.Fixture#nothing: left alone with the rest of its class"),
        reports);
  }

  @Test
  void classWithoutAMemberThatTheHookNeedsIsReportedAndLeftAlone() {
    Weaver weaver =
        weaver(
            new Target(
                FixtureProbe.FIXTURE,
                "nothing",
                "()V",
                "a.Hook",
                List.of(
                    new Member(FixtureProbe.FIXTURE, "calls", "I"),
                    new Member(FixtureProbe.FIXTURE, "calls", "J")),
                false));
    assertNull(weaver.transform(null, FixtureProbe.FIXTURE, null, null, fixture(61)));
    assertEquals(
        List.of(
            "missing test com.example.fixture.Fixture#nothing: no com.example.fixture.Fixture.calls:J"),
        reports);
  }

  @Test
  void memberOfAnotherClassIsLookedUpInTheApplication() {
    ClassLoader application = new ApplicationLoader(61);
    Member there = new Member("com/example/fixture/Unlinkable", "send", "()Ljava/lang/String;");
    Member gone = new Member("com/example/fixture/Unlinkable", "send", "()V");
    assertNotNull(
        weaver(needing(there))
            .transform(application, FixtureProbe.FIXTURE, null, null, fixture(61)));
    assertNull(
        weaver(needing(gone))
            .transform(application, FixtureProbe.FIXTURE, null, null, fixture(61)));
  }

  private static Target needing(Member member) {
    return new Target(FixtureProbe.FIXTURE, "nothing", "()V", "a.Hook", List.of(member), false);
  }

  @Test
  void absentOptionalMethodIsNoGap() {
    Weaver weaver =
        weaver(
            Target.of(FixtureProbe.FIXTURE, "nothing", "()V", "a.Hook"),
            new Target(FixtureProbe.FIXTURE, "gone", "()V", "a.Hook", List.of(), true));
    assertNotNull(weaver.transform(null, FixtureProbe.FIXTURE, null, null, fixture(61)));
    assertEquals(List.of("installed test com.example.fixture.Fixture#nothing"), reports);
  }

  @Test
  void relocatedCopyIsReported() {
    assertNull(
        weaver()
            .transform(null, "org/acme/shaded/" + FixtureProbe.FIXTURE, null, null, fixture(61)));
    assertTrue(
        reports
            .get(0)
            .startsWith("missing fixture org.acme.shaded.com.example.fixture.Fixture#not"),
        reports::toString);
  }

  private static final List<Unguarded> KNOWN =
      List.of(
          new Unguarded("bare", Kind.CLIENT, List.of("com/acme/bare/Wire", "com/acme/bare/Other")),
          new Unguarded("quiet", Kind.LOGGER, List.of("com/acme/quiet/Event")));

  private Weaver knowing(Coverage to, @Nullable ClassLoader own) {
    return new Weaver(List.of(), KNOWN, to, own);
  }

  @Test
  void aKnownLibraryThatIsNotWovenIsReportedOnceWhicheverOfItsClassesIsLoaded() {
    Weaver weaver = knowing(coverage, null);
    for (String name : List.of("com/acme/bare/Wire", "com/acme/bare/Wire", "com/acme/bare/Other")) {
      assertNull(weaver.transform(null, name, null, null, fixture(61)));
    }
    assertNull(weaver.transform(null, "com/acme/quiet/Event", null, null, fixture(61)));
    assertEquals(
        List.of(
            "missing bare com.acme.bare.Wire: Cordon does not weave this client; calls through it"
                + " are neither decided nor redacted nor recorded. docs/supported-libraries.md"
                + " names the clients that it weaves",
            "missing quiet com.acme.quiet.Event: Cordon does not weave this logger; lines through"
                + " it are neither redacted nor counted. docs/supported-libraries.md names the"
                + " loggers that it weaves"),
        reports);
  }

  @Test
  void aRelocatedCopyOfAKnownClientIsReportedAndOneOfALoggerIsNot() {
    Weaver weaver = knowing(coverage, null);
    for (String name :
        List.of(
            "com/acme/bare/Wire",
            "org/sdk/shaded/com/acme/bare/Other",
            "org/sdk/shaded/com/acme/bare/Wire",
            "org/agent/com/acme/quiet/Event",
            "x_com/acme/bare/Wire",
            "acme/bare/Wire",
            "/com/acme/bare/Wire",
            "Wire",
            "")) {
      assertNull(weaver.transform(null, name, null, null, fixture(61)));
    }
    assertEquals(2, reports.size(), reports::toString);
    assertTrue(
        reports.get(1).startsWith("missing bare org.sdk.shaded.com.acme.bare.Other:"),
        reports::toString);
  }

  @Test
  void aKnownLibraryOfTheAgentItselfIsNotReported() {
    ClassLoader own = new ClassLoader(null) {};
    knowing(coverage, own).transform(own, "com/acme/bare/Wire", null, null, fixture(61));
    assertEquals(List.of(), reports);
  }

  @Test
  void aReportThatFailedIsMadeAgain() {
    List<String> told = new ArrayList<>();
    Coverage starving =
        new Coverage() {
          @Override
          public void installed(String library, String target) {}

          @Override
          public void missing(String library, String target, String why) {
            told.add(target);
            if (told.size() == 1) {
              throw new StackOverflowError();
            }
          }
        };
    Weaver weaver = knowing(starving, null);
    for (int i = 0; i < 3; i++) {
      assertNull(weaver.transform(null, "com/acme/bare/Wire", null, null, fixture(61)));
    }
    assertEquals(List.of("com.acme.bare.Wire", "com.acme.bare.Wire"), told);
  }

  @Test
  void whatWasLoadedBeforeTheWeaverIsReported() throws Exception {
    Class<?> loaded =
        new ApplicationLoader(61).loadClass("com.example.fixture.Fixture"); // stays reachable
    List<String> told = new CopyOnWriteArrayList<>();
    Weaver weaver =
        new Weaver(
            List.of(),
            List.of(new Unguarded("bare", Kind.CLIENT, List.of(FixtureProbe.FIXTURE))),
            new Coverage() {
              @Override
              public void installed(String library, String target) {}

              @Override
              public void missing(String library, String target, String why) {
                told.add(library + " " + target);
              }
            },
            null);
    weaver.install(WovenJvm.instrumentation());
    weaver.remove(WovenJvm.instrumentation());
    assertEquals(List.of("bare " + loaded.getName()), told);
  }

  @Test
  void aClassThatIsNotKnownCostsNoMemory() {
    Weaver weaver = new Weaver(Libraries.all(), coverage, null);
    byte[] file = fixture(61);
    String[] names = new String[2_000];
    for (int i = 0; i < names.length; i++) {
      names[i] = "com/example/service/part" + i % 50 + "/Handler" + i + "Bean";
    }
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long bytes = Long.MAX_VALUE;
    for (int round = 0; round < 50 && bytes != 0; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (String name : names) {
        if (!KNOWN_ENDINGS.mayHold(name)) {
          weaver.transform(null, name, null, null, file);
        }
      }
      bytes = threads.getCurrentThreadAllocatedBytes() - before;
    }
    assertEquals(0, bytes);
    long hits = Arrays.stream(names).filter(KNOWN_ENDINGS::mayHold).count();
    assertTrue(hits < names.length / 50, hits + " of " + names.length);
  }

  private static final TargetTable KNOWN_ENDINGS =
      new TargetTable(Libraries.all(), Unguarded.all());

  @Test
  void constructorCannotBeATarget() {
    assertThrows(IllegalArgumentException.class, () -> Target.of("a/B", "<init>", "()V", "a.Hook"));
  }

  @Test
  void rewovenClassFileIsTheSame() {
    byte[] once = weaver().transform(null, FixtureProbe.FIXTURE, null, null, fixture(61));
    byte[] again = weaver().transform(null, FixtureProbe.FIXTURE, null, null, fixture(61));
    assertArrayEquals(once, again);
  }

  private final List<String> reports = new ArrayList<>();
  private final Coverage coverage =
      new Coverage() {
        @Override
        public void installed(String library, String target) {
          reports.add("installed " + library + " " + target);
        }

        @Override
        public void missing(String library, String target, String why) {
          reports.add("missing " + library + " " + target + ": " + why);
        }
      };

  private Weaver weaver() {
    return new Weaver(List.of(FixtureProbe.library()), coverage, null);
  }

  private Weaver weaver(Target... targets) {
    return new Weaver(List.of(libraryOf(targets)), coverage, null);
  }

  private static LibraryInstrumentation libraryOf(Target... targets) {
    return new LibraryInstrumentation() {
      @Override
      public String library() {
        return "test";
      }

      @Override
      public Kind kind() {
        return Kind.CLIENT;
      }

      @Override
      public List<Target> targets() {
        return List.of(targets);
      }
    };
  }

  private static byte[] fixture(int version) {
    return ApplicationLoader.classFile("com.example.fixture.Fixture", version);
  }

  /** The fixture in an application of its own. */
  private static final class App {
    private final Class<?> type;
    private final Object fixture;

    App(int version) throws Exception {
      type = new ApplicationLoader(version).loadClass("com.example.fixture.Fixture");
      fixture = type.getConstructor().newInstance();
    }

    @Nullable Object call(String method) throws Exception {
      return type.getMethod(method).invoke(fixture);
    }

    @Nullable Object call(String method, Class<?> parameter, @Nullable Object argument)
        throws Exception {
      return type.getMethod(method, parameter).invoke(fixture, argument);
    }

    Object mix(long first, double second, int third, float fourth, long fifth) throws Exception {
      return type.getMethod("mix", long.class, double.class, int.class, float.class, long.class)
          .invoke(fixture, first, second, third, fourth, fifth);
    }

    Object wide(long first, long second) throws Exception {
      return type.getMethod("wide", long.class, long.class).invoke(fixture, first, second);
    }

    Object array(int[] values) throws Exception {
      return type.getMethod("array", int[].class, String[][].class).invoke(fixture, values, null);
    }

    int calls() throws Exception {
      return type.getField("calls").getInt(fixture);
    }
  }
}
