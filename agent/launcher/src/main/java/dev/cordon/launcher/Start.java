package dev.cordon.launcher;

import dev.cordon.bootstrap.Gate;
import dev.cordon.enforcement.CallGuard;
import dev.cordon.enforcement.Recorder;
import dev.cordon.enforcement.RedactionDetector;
import dev.cordon.instrumentation.ClassBytes;
import dev.cordon.instrumentation.Coverage;
import dev.cordon.instrumentation.DispatcherInstaller;
import dev.cordon.instrumentation.HookLinker;
import dev.cordon.instrumentation.Libraries;
import dev.cordon.instrumentation.LibraryInstrumentation;
import dev.cordon.instrumentation.Weaver;
import dev.cordon.journal.Appended;
import dev.cordon.journal.DeviceOptions;
import dev.cordon.journal.EvidenceOptions;
import dev.cordon.journal.Journal;
import dev.cordon.journal.JournalOptions;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.JournalStatus;
import dev.cordon.journal.Level;
import dev.cordon.journal.RecordKind;
import dev.cordon.journal.SealOptions;
import dev.cordon.rules.Caller;
import dev.cordon.rules.Mode;
import dev.cordon.rules.RuleFileException;
import dev.cordon.rules.RuleSet;
import dev.cordon.rules.RuleSource;
import dev.cordon.rules.Surroundings;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Starts the guard, in the agent's own loader. {@link #guard} is the main path.
 *
 * <p>Runs on the thread that is about to call the application's main, before any of its classes is
 * loaded: nothing here may touch java.util.logging, JMX or the journal's library, which the
 * application may want to set up its own way.
 */
public final class Start implements Consumer<@Nullable Object[]> {

  private static final long STOP_TIMEOUT_NS = 5_000_000_000L; // the journal may still open
  private static final long LAST_RECORDS_NS = 1_000_000_000L;
  private static final long SEAL_TIMEOUT_NS = 1_000_000_000L;
  private static final long SELF_TEST_TIMEOUT_MS = 2_000;

  private final Console console = new Console(System.err);

  /**
   * @param handed the agent arguments (or null), the instrumentation, and whether the agent was
   *     attached to a running JVM; JDK types, because the caller lives in another loader
   */
  @Override
  public void accept(@Nullable Object[] handed) {
    @Nullable String arguments = (String) handed[0];
    Instrumentation instrumentation = (Instrumentation) handed[1];
    boolean attached = Boolean.TRUE.equals(handed[2]);
    OnStartFailure onFailure = OnStartFailure.EXIT; // until the settings say otherwise
    try {
      Settings settings = Settings.read(arguments, System.getProperties(), System.getenv());
      onFailure = Options.onStartFailure(settings);
      Options options = Options.of(settings, System.getProperty("sun.java.command"));
      guard(options, instrumentation, onFailure, attached);
    } catch (StartFailure mistake) {
      for (String line : mistake.details()) {
        console.print(line);
      }
      giveUp(mistake.line(), onFailure, attached);
    } catch (Throwable fault) {
      for (StackTraceElement frame : fault.getStackTrace()) {
        console.print("    at " + frame);
      }
      giveUp("fault of Cordon while starting: " + fault, onFailure, attached);
    }
  }

  private void guard(
      Options options, Instrumentation instrumentation, OnStartFailure onFailure, boolean attached)
      throws StartFailure {
    preload();
    File overlay = options.overlay();
    RuleSource source =
        new RuleSource(
            options.rules().toPath(),
            overlay == null ? null : overlay.toPath(),
            Surroundings.of(new RedactionDetector()),
            options.rulesKey());
    RuleSet rules = load(source);
    Activation.Demands demands =
        new Activation.Demands(options.mode(), attached, options.redactionKey() != null);
    checkDemands(options, rules, demands, attached);
    checkJournal(options);
    Serials serials = checkSerial(options, rules);
    ClassLoader own = Start.class.getClassLoader();
    ModuleGrants.apply(instrumentation, own.getUnnamedModule());
    String version = version();
    Journal journal = open(options, version);
    Recorder recorder = new JournalRecorder(journal);
    CallGuard guard =
        new CallGuard(
            rules,
            recorder,
            System::nanoTime,
            console,
            Caller.ofService(options.service()),
            options.redactionKey());
    journalStart(journal, rules, options, version);
    WaiverRecords waivers = new WaiverRecords(guard, recorder, InstantSource.system());
    waivers.tell();

    Gate.Guard gated = PrivilegedGuard.of(guard);
    Gate.install(gated);

    List<LibraryInstrumentation> libraries = Libraries.all();
    SelfTest selfTest = new SelfTest(gated, recorder);
    Runtime.getRuntime().addShutdownHook(stopping(journal, guard, selfTest));
    boolean enforcing = rules.mode() == Mode.ENFORCE;
    Coverage coverage = new JournalCoverage(recorder, console);
    if (options.selfTest()) {
      coverage =
          new TestedCoverage(
              coverage, selfTest, failure -> failed(failure, enforcing, onFailure, attached));
    }
    weave(libraries, coverage, instrumentation, own);
    if (options.selfTest()) {
      String failure = selfTest.beforeMain(namesOf(libraries));
      if (failure != null) {
        failed(failure, enforcing, onFailure, attached);
      }
    }
    console.print(banner(version, rules, journal));
    JournalWatch.start(new JournalWatch(journal::status, System::nanoTime, console));
    RuleWatch.start(
        new RuleWatch(
            source, new Activation(source, serials, demands, guard, recorder, console, waivers)));
  }

  /**
   * Classes that the JVM would otherwise load for the first time inside the transformer, where that
   * ends in a ClassCircularityError.
   */
  private static void preload() {
    for (String name :
        List.of("java.util.concurrent.ThreadLocalRandom", "java.lang.invoke.MethodHandle$1")) {
      try {
        Class.forName(name, true, null);
      } catch (ClassNotFoundException otherJdk) {
        // an internal class that this JDK does without
      }
    }
  }

  private static RuleSet load(RuleSource source) throws StartFailure {
    try {
      return source.load();
    } catch (RuleFileException wrong) {
      throw new StartFailure(
          "rule file " + source.path() + " has errors", wrong.toString().lines().toList());
    } catch (IOException unreadable) {
      throw new StartFailure(
          "rule file " + source.path() + " cannot be read (" + unreadable.getMessage() + ")");
    }
  }

  private static void checkDemands(
      Options options, RuleSet rules, Activation.Demands demands, boolean attached)
      throws StartFailure {
    if (attached && rules.mode() == Mode.ENFORCE) {
      throw new StartFailure(
          "not attached: with mode enforce nothing may have left before the guard was there;"
              + " start the JVM with -javaagent");
    }
    String objection = demands.objection(rules);
    if (objection != null) {
      throw new StartFailure(
          "rule file "
              + options.rules()
              + objection
              + "; give another rule file or change the option 'mode'");
    }
    String missing = demands.missingKey(rules);
    if (missing != null) {
      throw new StartFailure("rule file " + options.rules() + missing);
    }
  }

  private static void checkJournal(Options options) throws StartFailure {
    try {
      Journal.checkWritable(options.journal().toPath());
      Path second = pathOf(options.second());
      if (second != null) {
        Journal.checkWritable(second);
      }
      Path evidenceKey = pathOf(options.evidenceKey());
      if (evidenceKey != null) {
        Journal.checkEvidenceKey(evidenceKey);
      }
      Path key = pathOf(options.sealKey());
      if (key != null) {
        Journal.checkSealKey(key);
      }
    } catch (IOException refused) {
      throw new StartFailure(String.valueOf(refused.getMessage()));
    }
  }

  /** What was in force before must not come back, and what is now will not be taken back. */
  private static Serials checkSerial(Options options, RuleSet rules) throws StartFailure {
    Serials serials = new Serials(options.journal().toPath().resolve(options.service()));
    try {
      String lower = Activation.lower(rules, serials);
      if (lower == null && options.rulesKey() != null) {
        lower = Activation.reused(rules, serials);
      }
      if (lower != null) {
        throw new StartFailure("rule file " + options.rules() + ' ' + lower);
      }
      Activation.save(rules, serials);
      return serials;
    } catch (IOException unsaved) {
      throw new StartFailure(
          "the serial of the rules is neither known nor saved: " + unsaved.getMessage());
    }
  }

  private static Journal open(Options options, String version) {
    return Journal.open(
        JournalOptions.of(options.journal().toPath(), options.service())
            .withEnvironment(options.environment())
            .withVersion(version)
            .withDevice(
                DeviceOptions.standard()
                    .withDurability(options.durability())
                    .withSecond(pathOf(options.second())))
            .withEvidence(evidence(options.evidenceKey()))
            .withSeal(
                SealOptions.unsigned()
                    .withKey(pathOf(options.sealKey()))
                    .withCopy(pathOf(options.sealCopy()))));
  }

  private static @Nullable EvidenceOptions evidence(@Nullable File key) {
    return key == null ? null : EvidenceOptions.of(key.toPath());
  }

  private static @Nullable Path pathOf(@Nullable File file) {
    return file == null ? null : file.toPath();
  }

  private static void journalStart(
      Journal journal, RuleSet rules, Options options, String version) {
    journal.append(
        new JournalRecord(RecordKind.AGENT_START)
            .attribute("version", version)
            .attribute("java", Runtime.version().toString())
            .attribute("mode", Activation.lower(rules.mode()))
            .attribute("durability", options.durability().label()),
        Level.ACCEPTED,
        0);
    journal.append(
        Activation.record(RecordKind.POLICY_ACTIVATE, rules, options.rulesKey()),
        Level.ACCEPTED,
        0);
  }

  /** Tells what was only counted, then that the agent stopped; the journal drains on its own. */
  private Thread stopping(Journal journal, CallGuard guard, SelfTest selfTest) {
    Thread thread =
        new Thread(
            null,
            () -> {
              selfTest.await(SELF_TEST_TIMEOUT_MS);
              guard.flush();
              journal.append(
                  new JournalRecord(RecordKind.AGENT_STOP), Level.COMMITTED, STOP_TIMEOUT_NS);
              journal.sealRest(SEAL_TIMEOUT_NS);
              tellUnwritten(journal);
            },
            "cordon-stop",
            0,
            false);
    thread.setContextClassLoader(Start.class.getClassLoader());
    return thread;
  }

  private void tellUnwritten(Journal journal) {
    JournalStatus status = JournalWatch.settled(journal::status, LAST_RECORDS_NS);
    long unwritten = status.lost() + status.waiting();
    if (unwritten > 0) {
      console.say(
          unwritten
              + " records of this run are not in the journal "
              + journal.directory()
              + " ("
              + (status.lastProblem().isEmpty() ? "no time was left" : status.lastProblem())
              + ")");
    }
  }

  private static void weave(
      List<LibraryInstrumentation> libraries,
      Coverage coverage,
      Instrumentation instrumentation,
      ClassLoader own)
      throws StartFailure {
    ClassBytes bytes = name -> read(own, name.replace('.', '/') + ".class");
    byte[] dispatcher = read(own, "java/lang/CordonDispatcher.class");
    if (dispatcher == null) {
      throw new StartFailure(
          "the agent jar is damaged (no dispatcher); use the jar as it was built");
    }
    try {
      DispatcherInstaller.install(
          instrumentation,
          dispatcher,
          new HookLinker(libraries, coverage, instrumentation, own, bytes));
    } catch (IllegalStateException twice) {
      throw new StartFailure(String.valueOf(twice.getMessage()));
    }
    new Weaver(libraries, coverage, own).install(instrumentation);
  }

  /** A hook that is not live is a guard that did not start, whenever that is found out. */
  private void failed(
      String failure, boolean enforcing, OnStartFailure onFailure, boolean attached) {
    if (enforcing && onFailure == OnStartFailure.EXIT && !attached) {
      console.say(failure + "; the JVM does not run without it (on-start-failure=exit)");
      Runtime.getRuntime().halt(1);
    }
    console.say("WARNING: " + failure + "; such calls are NOT GUARDED");
  }

  private void giveUp(String line, OnStartFailure onFailure, boolean attached) {
    if (attached) {
      console.say(line + "; this JVM goes on UNGUARDED");
      return;
    }
    switch (onFailure) {
      case EXIT -> {
        console.say(line + "; the JVM does not start (on-start-failure=exit)");
        // not exit(): no code of the application has run, so there is nothing to shut down
        Runtime.getRuntime().halt(1);
      }
      case OBSERVE ->
          console.say("WARNING: " + line + "; this JVM RUNS UNGUARDED (on-start-failure=observe)");
    }
  }

  private static Set<String> namesOf(List<LibraryInstrumentation> libraries) {
    Set<String> names = new HashSet<>();
    for (LibraryInstrumentation library : libraries) {
      names.add(library.library());
    }
    return names;
  }

  private static String banner(String version, RuleSet rules, Journal journal) {
    return "cordon "
        + version
        + ": rules "
        + Activation.label(rules)
        + ", mode "
        + Activation.lower(rules.mode())
        + ", journal "
        + journal.directory();
  }

  private static String version() {
    byte[] text = read(Start.class.getClassLoader(), "dev/cordon/launcher/version.txt");
    return text == null ? "unknown" : new String(text, StandardCharsets.UTF_8).strip();
  }

  private static byte @Nullable [] read(ClassLoader loader, String resource) {
    try (InputStream in = loader.getResourceAsStream(resource)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException damaged) {
      return null;
    }
  }

  private record JournalRecorder(Journal journal) implements Recorder {
    @Override
    public Appended append(JournalRecord record, Level level, long timeoutNs) {
      return journal.append(record, level, timeoutNs);
    }

    @Override
    public boolean keepsEvidence() {
      return journal.keepsEvidence();
    }

    @Override
    public void expect() {
      journal.expect();
    }
  }
}
