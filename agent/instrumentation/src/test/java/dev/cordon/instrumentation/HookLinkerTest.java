package dev.cordon.instrumentation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.example.fixture.Fixture;
import dev.cordon.bootstrap.CallDenied;
import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Hook;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.ModuleVisitor;
import org.objectweb.asm.Opcodes;

class HookLinkerTest {

  @BeforeEach
  void weave() {
    WovenJvm.weave();
    FixtureProbe.behaviour = FixtureProbe.PASS;
    FixtureProbe.last = null;
    FixtureProbe.fault = null;
  }

  @AfterEach
  void pass() {
    FixtureProbe.behaviour = FixtureProbe.PASS;
    FixtureProbe.last = null;
  }

  @Test
  void everyApplicationGetsItsOwnAdaptersThatSeeItsTypes() throws Exception {
    Object first = hookOf(new ApplicationLoader(61));
    Object second = hookOf(new ApplicationLoader(61));
    assertNotSame(first.getClass(), second.getClass());
    AdapterLoader loader = assertInstanceOf(AdapterLoader.class, first.getClass().getClassLoader());
    assertInstanceOf(ApplicationLoader.class, loader.getParent());
    assertSame(Hook.class, first.getClass().getSuperclass(), "the agent's, not a copy");
  }

  private static Object hookOf(ClassLoader application) throws Exception {
    Class<?> fixture = application.loadClass("com.example.fixture.Fixture");
    fixture.getMethod("nothing").invoke(fixture.getConstructor().newInstance());
    assertTrue(FixtureProbe.selfIsFixture, "the adapter links against the application's type");
    Object hook = FixtureProbe.last;
    assertNotNull(hook);
    return hook;
  }

  @Test
  void applicationThatGoesTakesItsAdaptersWithIt() throws Exception {
    WeakReference<ClassLoader> application = usedApplication();
    List<byte[]> pressure = new ArrayList<>();
    for (int i = 0; i < 100 && application.get() != null; i++) {
      System.gc();
      pressure.add(new byte[1024 * 1024]);
      if (pressure.size() > 8) {
        pressure.clear();
      }
    }
    assertNull(application.get(), "the application's loader is still held");
  }

  private static WeakReference<ClassLoader> usedApplication() throws Exception {
    ClassLoader application = new ApplicationLoader(61);
    FixtureProbe.behaviour = (self, arguments, original) -> original.proceed(arguments);
    hookOf(application);
    FixtureProbe.last = null;
    return new WeakReference<>(application);
  }

  @Test
  void overridingMethodThatCallsUpRunsOnce() throws Exception {
    FixtureProbe.behaviour = (self, arguments, original) -> original.proceed(arguments);
    int[] overridden = new int[1];
    Fixture fixture =
        new Fixture() {
          @Override
          public void nothing() {
            overridden[0]++;
            super.nothing();
          }
        };
    fixture.nothing();
    assertEquals(1, overridden[0]);
    assertEquals(1, fixture.calls);
  }

  @Test
  void callOfTheSameMethodFromWithinTheBodyIsGuardedAgain() {
    int[] guarded = new int[1];
    FixtureProbe.behaviour =
        (self, arguments, original) -> {
          guarded[0]++;
          return original.proceed(arguments);
        };
    Fixture inner = new Fixture();
    Fixture outer =
        new Fixture() {
          @Override
          public String locked(String value) {
            return super.locked(inner.locked(value));
          }
        };
    assertEquals("a!!", outer.locked("a"));
    assertEquals(2, guarded[0]);
  }

  @Test
  void clientWhoseHookCannotBeLinkedIsRefusedAndReported() throws Exception {
    RecordingGuard guard = RecordingGuard.allowing();
    Gate.install(guard);
    Class<?> type = new ApplicationLoader(61).loadClass("com.example.fixture.Unlinkable");
    Object client = type.getConstructor().newInstance();
    InvocationTargetException thrown =
        assertThrows(InvocationTargetException.class, () -> type.getMethod("send").invoke(client));
    assertInstanceOf(CallDenied.class, thrown.getCause());
    assertEquals(List.of("fixture null"), guard.undecided);
    assertTrue(
        WovenJvm.missing().stream()
            .anyMatch(
                gap ->
                    gap.startsWith("fixture com.example.fixture.Unlinkable#send: its hook cannot")),
        () -> "reported: " + WovenJvm.missing());
  }

  @ParameterizedTest
  @ValueSource(strings = {"static initializer", "constructor"})
  void hookThatRanOutOfStackWhileItWasMadeIsMadeByTheNextCall(String place) throws Exception {
    Class<?> type = new ApplicationLoader(61).loadClass("com.example.fixture.Fixture");
    Object fixture = type.getConstructor().newInstance();
    Method nothing = type.getMethod("nothing");
    FixtureProbe.starving = place;
    InvocationTargetException thrown =
        assertThrows(InvocationTargetException.class, () -> nothing.invoke(fixture));
    assertInstanceOf(StackOverflowError.class, thrown.getCause());
    assertNull(FixtureProbe.last);
    nothing.invoke(fixture);
    assertNotNull(FixtureProbe.last, "the call is guarded");
    assertNull(FixtureProbe.fault);
  }

  @Test
  void textOfALoggerWhoseHookCannotBeLinkedIsWithheldAndCounted() throws Exception {
    RecordingGuard guard = RecordingGuard.allowing();
    Gate.install(guard);
    Class<?> type = new ApplicationLoader(61).loadClass("com.example.fixture.UnlinkableLogger");
    Object logger = type.getConstructor().newInstance();
    String withheld = "[CORDON: line withheld, redaction unavailable]";
    assertEquals(withheld, type.getMethod("log").invoke(logger));
    assertEquals(
        withheld + "\n",
        new String((byte[]) type.getMethod("bytes").invoke(logger), StandardCharsets.UTF_8));
    assertEquals(Map.of(), type.getMethod("map").invoke(logger));
    assertEquals(List.of(), type.getMethod("list").invoke(logger));
    assertNull(type.getMethod("array").invoke(logger));
    assertNull(type.getMethod("thrown").invoke(logger));
    assertEquals(7, type.getMethod("number").invoke(logger), "no text");
    assertEquals(7, guard.faults.size(), "each is counted");
  }

  @Test
  void textIsWithheldAlsoWhenCountingItFails() throws Exception {
    UnlinkedHook hook =
        new UnlinkedHook(
            FixtureProbe.logger(),
            Target.of("a/B", "c", "()Ljava/lang/String;", "d.E"),
            new IllegalStateException());
    assertEquals(
        "[CORDON: line withheld, redaction unavailable]",
        hook.failed(null, new Object[0], new StackOverflowError()));
  }

  @Test
  void libraryInANamedModuleIsGuarded(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("com/example/fixture/Fixture.class");
    Files.createDirectories(file.getParent());
    Files.write(file, ApplicationLoader.classFile("com.example.fixture.Fixture", 61));
    Files.write(folder.resolve("module-info.class"), moduleInfo());
    Configuration configuration =
        ModuleLayer.boot()
            .configuration()
            .resolve(ModuleFinder.of(folder), ModuleFinder.of(), Set.of("com.example.fixture"));
    // the class path has the class as well: a loader whose parent does not see it
    ClassLoader loader =
        ModuleLayer.boot()
            .defineModulesWithOneLoader(configuration, ClassLoader.getPlatformClassLoader())
            .findLoader("com.example.fixture");
    Class<?> type = loader.loadClass("com.example.fixture.Fixture");
    assertTrue(type.getModule().isNamed());
    FixtureProbe.behaviour = (self, arguments, original) -> original.proceed(arguments);
    Object fixture = type.getConstructor().newInstance();
    assertEquals(8, type.getMethod("next", int.class).invoke(fixture, 7));
    assertTrue(FixtureProbe.selfIsFixture);
    assertNull(FixtureProbe.fault);
  }

  private static byte[] moduleInfo() {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(Opcodes.V17, Opcodes.ACC_MODULE, "module-info", null, null, null);
    ModuleVisitor module = writer.visitModule("com.example.fixture", 0, null);
    module.visitRequire("java.base", Opcodes.ACC_MANDATED, null);
    module.visitExport("com/example/fixture", 0); // exported, but not open
    module.visitEnd();
    writer.visitEnd();
    return writer.toByteArray();
  }
}
