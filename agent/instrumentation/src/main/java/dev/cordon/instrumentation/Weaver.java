package dev.cordon.instrumentation;

import dev.cordon.bootstrap.Gate;
import dev.cordon.instrumentation.TargetTable.Entry;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Puts the one prologue into every target method. Sees every class the JVM loads, on the loading
 * thread, so a class that is no target costs one hash of its simple name and takes no lock; ASM is
 * loaded on the first hit.
 */
public final class Weaver implements ClassFileTransformer {

  private static final int OLDEST_CLASS_FILE = 49; // Java 5: the first with class constants
  private static final int API = Opcodes.ASM9;
  private static final long SWEEP_POLL_NS = 250_000_000L;
  private static final long SWEEP_EVERY_NS = 1_000_000_000L; // a look at each loaded class: 1-4 ms

  // longer than a retransformation takes: one that began without the weaver may end after one of
  // ours
  private static final long DOUBT_NS = 2_000_000_000L;

  // loading and weaving the targets of a library takes 10 to 50 ms
  private static final long EARLY_LOAD_WAIT_MS = 2_000;

  private final TargetTable table;
  private final Coverage coverage;
  private final @Nullable ClassLoader own;

  // classes that are woven or whose gap is reported, by loader; the key null is the boot loader
  private final Map<@Nullable ClassLoader, Set<String>> settled = new WeakHashMap<>();

  // what is said once: a library that is not woven, for each package it is relocated to
  private final Set<String> toldUnguarded = ConcurrentHashMap.newKeySet();

  // when the weaver last failed at a class for want of stack or memory
  private final Map<@Nullable ClassLoader, Map<String, Long>> doubtful = new WeakHashMap<>();
  private volatile boolean faulted;
  private volatile @Nullable Thread sweeper;

  /**
   * @param own the agent's loader, whose classes are never woven
   */
  public Weaver(
      List<LibraryInstrumentation> libraries, Coverage coverage, @Nullable ClassLoader own) {
    this(libraries, Unguarded.all(), coverage, own);
  }

  Weaver(
      List<LibraryInstrumentation> libraries,
      List<Unguarded> known,
      Coverage coverage,
      @Nullable ClassLoader own) {
    this.table = new TargetTable(libraries, known);
    this.coverage = coverage;
    this.own = own;
  }

  /**
   * Starts weaving: classes to come, and targets that are loaded already (a JDK that used them
   * before premain, an AOT cache).
   */
  public void install(Instrumentation instrumentation) {
    instrumentation.addTransformer(this, true);
    weaveLoaded(instrumentation, true);
    Thread sweep = new Thread(null, () -> sweep(instrumentation), "cordon-coverage", 0, false);
    sweep.setDaemon(true);
    sweep.setContextClassLoader(Weaver.class.getClassLoader());
    sweeper = sweep; // one that is there already ends
    sweep.start();
  }

  /** Weaves no more; what is woven stays so until it is transformed again. */
  void remove(Instrumentation instrumentation) {
    sweeper = null;
    instrumentation.removeTransformer(this);
  }

  /**
   * Weaves what slipped through: a thread that is out of stack loads a class without its
   * transformer having run, or having run to its end, and the JVM does not say so.
   */
  private void sweep(Instrumentation instrumentation) {
    long nextNs = System.nanoTime() + SWEEP_EVERY_NS;
    while (sweeper == Thread.currentThread()) {
      LockSupport.parkNanos(this, SWEEP_POLL_NS);
      Thread.interrupted(); // nobody has business with this thread; it would not sleep any more
      long nowNs = System.nanoTime();
      if (!faulted && nowNs - nextNs < 0) {
        continue;
      }
      faulted = false;
      nextNs = nowNs + SWEEP_EVERY_NS;
      try {
        weaveLoaded(instrumentation, false);
      } catch (Throwable fault) {
        Gate.fault("coverage", fault); // counted and told; the next round tries again
      }
    }
  }

  private void weaveLoaded(Instrumentation instrumentation, boolean all) {
    List<Class<?>> loaded = new ArrayList<>();
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      if (!type.isArray() && !type.isPrimitive() && isForeign(type.getClassLoader())) {
        String name = type.getName().replace('.', '/');
        if (table.of(name) != null && (all || !isSettled(type.getClassLoader(), name))) {
          loaded.add(type);
        }
        LibraryInstrumentation library = table.ofCompanion(name);
        if (library != null && settle(type.getClassLoader(), name)) {
          loadEarly(type.getClassLoader(), library);
        }
        reportIfUnguarded(name);
      }
    }
    if (loaded.isEmpty()) {
      return;
    }
    long nowNs = System.nanoTime();
    retransform(instrumentation, loaded);
    believe(loaded, nowNs);
  }

  private void retransform(Instrumentation instrumentation, List<Class<?>> loaded) {
    try {
      // one call: each is a stop of the whole JVM
      instrumentation.retransformClasses(loaded.toArray(new Class<?>[0]));
    } catch (Throwable refused) {
      if (loaded.size() > 1) { // the JVM took none because it did not take one
        for (Class<?> type : loaded) {
          retransform(instrumentation, List.of(type));
        }
        return;
      }
      Class<?> type = loaded.get(0);
      String name = type.getName().replace('.', '/');
      if (HookLinker.passing(refused) != null) {
        doubt(type.getClassLoader(), name); // the next round tries again
        Gate.fault("coverage", refused);
        return;
      }
      if (settle(type.getClassLoader(), name)) {
        reportMissing(name, "the JVM did not retransform it", refused);
      }
    }
  }

  private boolean isSettled(@Nullable ClassLoader loader, String className) {
    synchronized (settled) {
      Set<String> names = settled.get(loader);
      Map<String, Long> doubts = doubtful.get(loader);
      return names != null
          && names.contains(className)
          && (doubts == null || !doubts.containsKey(className));
    }
  }

  /** Returns false when the class was settled before. */
  private boolean settle(@Nullable ClassLoader loader, String className) {
    synchronized (settled) {
      return settled.computeIfAbsent(loader, key -> new HashSet<>()).add(className);
    }
  }

  /** For a class that has lost its prologue, or may have, or may be about to. */
  private void doubt(@Nullable ClassLoader loader, String className) {
    synchronized (settled) {
      doubtful.computeIfAbsent(loader, key -> new HashMap<>()).put(className, System.nanoTime());
    }
  }

  /** Ends the doubt about classes that were woven again long enough after it began. */
  private void believe(List<Class<?>> woven, long sinceNs) {
    synchronized (settled) {
      for (Class<?> type : woven) {
        Map<String, Long> doubts = doubtful.get(type.getClassLoader());
        Long fromNs = doubts == null ? null : doubts.get(type.getName().replace('.', '/'));
        if (doubts != null && fromNs != null && sinceNs - fromNs > DOUBT_NS) {
          doubts.remove(type.getName().replace('.', '/'));
        }
      }
    }
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      @Nullable String className,
      @Nullable Class<?> classBeingRedefined,
      @Nullable ProtectionDomain protectionDomain,
      byte[] classFile) {
    if (className == null) {
      return null; // hidden classes have no name and are nobody's transport
    }
    try {
      if (!table.mayHold(className)) {
        return null;
      }
      List<Entry> targets = table.of(className);
      if (targets == null) {
        LibraryInstrumentation library = table.ofCompanion(className);
        if (library == null) {
          reportIfRelocated(loader, className);
          if (isForeign(loader)) {
            reportIfUnguarded(className);
          }
        } else if (isForeign(loader) && settle(loader, className)) {
          awaitEarlyLoad(loader, Privileged.run(() -> loadEarly(loader, library)));
        }
        return null;
      }
      if (!isForeign(loader)) {
        return null;
      }
      byte[] woven = Privileged.run(() -> weave(loader, className, classFile, targets));
      settle(loader, className);
      return woven;
    } catch (Throwable fault) {
      if (HookLinker.passing(fault) != null) {
        // out of stack or memory: the sweep weaves it on a thread of ours, even if it was woven
        // before, for a retransformation that another agent asked for has taken that away
        doubt(loader, className);
        faulted = true;
      } else if (settle(loader, className)) {
        Privileged.run(
            () -> {
              reportMissing(className, "weaving failed", fault);
              return true;
            });
      }
      return null;
    }
  }

  /**
   * Loads what has to be woven before it is needed. On a thread of its own: the JVM asks no
   * transformer about classes that are loaded from within one, and the code of a loader may wait
   * for anything.
   */
  private static Thread loadEarly(@Nullable ClassLoader loader, LibraryInstrumentation library) {
    Thread thread =
        new Thread(
            null,
            () -> {
              for (Target target : library.targets()) {
                if (!target.optional()) {
                  load(loader, target);
                }
              }
              try {
                library.prepare();
              } catch (Throwable fault) {
                Gate.fault("coverage", fault);
              }
            },
            "cordon-early-load",
            0,
            false);
    thread.setDaemon(true);
    thread.setContextClassLoader(Weaver.class.getClassLoader());
    thread.start();
    return thread;
  }

  private static void load(@Nullable ClassLoader loader, Target target) {
    try {
      Class.forName(target.className().replace('/', '.'), false, loader);
    } catch (Throwable absent) {
      // another version, or a loader that is closed: told when the application asks for it
    }
  }

  /** Waits where the other thread cannot be waiting for a lock that this one holds. */
  private static void awaitEarlyLoad(@Nullable ClassLoader loader, Thread loading) {
    if (loader != null && !loader.isRegisteredAsParallelCapable()) {
      return;
    }
    try {
      loading.join(EARLY_LOAD_WAIT_MS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isForeign(@Nullable ClassLoader loader) {
    return (own == null || loader != own) && !(loader instanceof AdapterLoader);
  }

  private void reportIfRelocated(@Nullable ClassLoader loader, String className) {
    List<Entry> original = table.relocated(className);
    if (original != null && isForeign(loader)) {
      Privileged.run(
          () -> {
            for (Entry entry : original) {
              coverage.missing(
                  entry.libraryName(),
                  className.replace('/', '.') + "#" + entry.target().method(),
                  "a relocated copy of " + entry.target().className().replace('/', '.'));
            }
            return true;
          });
    }
  }

  private void reportIfUnguarded(String className) {
    Unguarded library = table.unguarded(className);
    if (library == null) {
      return;
    }
    String told = library.library();
    for (String original : library.classNames()) {
      if (className.endsWith(original)) {
        told = className.substring(0, className.length() - original.length()) + told;
        break;
      }
    }
    if (!toldUnguarded.add(told)) {
      return;
    }
    boolean reported = false;
    try {
      coverage.missing(library.library(), className.replace('/', '.'), library.why());
      reported = true;
    } finally {
      if (!reported) {
        toldUnguarded.remove(told); // the next look at the loaded classes tells it
      }
    }
  }

  private void reportMissing(String className, String why, Throwable fault) {
    List<Entry> targets = table.of(className);
    if (targets != null) {
      for (Entry entry : targets) {
        coverage.missing(entry.libraryName(), entry.target().name(), why + ": " + fault);
      }
    }
  }

  private byte @Nullable [] weave(
      @Nullable ClassLoader loader, String className, byte[] classFile, List<Entry> targets) {
    ClassReader reader = new ClassReader(classFile);
    Members members = Members.of(reader);
    if ((members.version & 0xFFFF) < OLDEST_CLASS_FILE) {
      reportMissing(
          className, "class file", new IllegalArgumentException("version " + members.version));
      return null;
    }
    Map<String, Integer> numbers = new HashMap<>();
    Set<Integer> lean = new HashSet<>();
    List<Entry> woven = new ArrayList<>();
    boolean complete = true;
    for (int number = 0; number < targets.size(); number++) {
      Entry entry = targets.get(number);
      Target target = entry.target();
      boolean there = members.weavable.contains(target.method() + target.descriptor());
      if (!there && target.optional()) {
        continue;
      }
      String absent =
          there
              ? firstAbsent(loader, className, members, target)
              : target.method() + target.descriptor();
      if (absent != null) {
        coverage.missing(entry.libraryName(), target.name(), "no " + absent);
        complete &= target.optional();
        continue;
      }
      numbers.put(target.method() + target.descriptor(), number);
      if (target.lean()) {
        lean.add(number);
      }
      woven.add(entry);
    }
    if (!complete) {
      for (Entry entry : woven) { // half a hook is worse than a gap that is known
        coverage.missing(
            entry.libraryName(), entry.target().name(), "left alone with the rest of its class");
      }
      return null;
    }
    if (woven.isEmpty()) {
      return null;
    }
    ClassWriter writer = new ClassWriter(reader, 0); // no frames computed, so no class is loaded
    reader.accept(new Prologues(writer, className, members.version & 0xFFFF, numbers, lean), 0);
    byte[] result = writer.toByteArray();
    for (Entry entry : woven) {
      coverage.installed(entry.libraryName(), entry.target().name());
    }
    return result;
  }

  /** The first member the hook relies on and that is not there, null when all are. */
  private static @Nullable String firstAbsent(
      @Nullable ClassLoader loader, String className, Members own, Target target) {
    for (Target.Member member : target.requires()) {
      Members declared =
          member.owner().equals(className) ? own : Members.read(loader, member.owner());
      // a class whose file cannot be read is left to the linker, which needs the member itself
      if (declared != null && !declared.all.contains(member.name() + member.descriptor())) {
        return member.toString();
      }
    }
    return null;
  }

  /** What a class file declares. */
  private static final class Members extends ClassVisitor {
    final Set<String> all = new HashSet<>();
    final Set<String> weavable = new HashSet<>();
    int version;

    private Members() {
      super(API);
    }

    static Members of(ClassReader reader) {
      Members members = new Members();
      reader.accept(
          members, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
      return members;
    }

    static @Nullable Members read(@Nullable ClassLoader loader, String owner) {
      if (loader == null) {
        return null;
      }
      try (InputStream file = loader.getResourceAsStream(owner + ".class")) {
        return file == null ? null : of(new ClassReader(file.readAllBytes()));
      } catch (Exception unreadable) {
        return null;
      }
    }

    @Override
    public void visit(
        int version,
        int access,
        String name,
        @Nullable String signature,
        @Nullable String superName,
        String @Nullable [] interfaces) {
      this.version = version;
    }

    @Override
    public @Nullable FieldVisitor visitField(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        @Nullable Object value) {
      all.add(name + descriptor);
      return null;
    }

    @Override
    public @Nullable MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      all.add(name + descriptor);
      if ((access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) == 0) {
        weavable.add(name + descriptor);
      }
      return null;
    }
  }

  /** Copies a class and gives its targets their prologue. */
  private static final class Prologues extends ClassVisitor {
    private final String className;
    private final int version;
    private final Map<String, Integer> numbers;
    private final Set<Integer> lean;

    Prologues(
        ClassWriter writer,
        String className,
        int version,
        Map<String, Integer> numbers,
        Set<Integer> lean) {
      super(API, writer);
      this.lean = lean;
      this.className = className;
      this.version = version;
      this.numbers = numbers;
    }

    @Override
    public MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      MethodVisitor plain = super.visitMethod(access, name, descriptor, signature, exceptions);
      Integer number = numbers.get(name + descriptor);
      return number == null
          ? plain
          : new Prologue(
              plain, className, version, access, descriptor, number, lean.contains(number));
    }
  }
}
