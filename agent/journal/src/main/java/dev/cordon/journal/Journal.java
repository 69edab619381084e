package dev.cordon.journal;

import dev.cordon.journal.evidence.EvidenceKey;
import dev.cordon.journal.evidence.EvidenceSealer;
import dev.cordon.journal.evidence.SubjectKeys;
import dev.cordon.journal.isolated.LibraryLog;
import dev.cordon.journal.seal.MalformedException;
import dev.cordon.journal.seal.SealKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One JVM's journal. Thread-safe; once it is open nothing here throws at the caller, and no code of
 * Chronicle runs on the caller's thread: a StackOverflowError, an interrupt or a full disk inside
 * an append would be the application's.
 */
public final class Journal implements AutoCloseable {

  private final RecordEncoder encoder;
  private final JournalWriter writer;
  private final AtomicLong encodingFaults = new AtomicLong();
  private final @Nullable Sealer sealer;
  private final @Nullable EvidenceSealer evidence;
  private @Nullable Thread shutdownHook;

  private Journal(JournalOptions options, JournalWriter.QueueOpener opener) {
    Dictionary dictionary = new Dictionary();
    long pid = ProcessHandle.current().pid();
    encoder = new RecordEncoder(dictionary, options.clock(), instance(options, pid));
    EvidenceOptions how = options.evidence();
    evidence =
        how == null
            ? null
            : new EvidenceSealer(
                how.keyFile(),
                options.base().resolve(SubjectKeys.DIRECTORY),
                how.keyWithinMs() * 1_000_000,
                options.clock(),
                new EvidenceNews(this::background));
    writer =
        new JournalWriter(
            options, encoder, dictionary, new Directories(options, pid), opener, evidence);
    sealer =
        options.seal().on()
            ? new Sealer(
                options.seal(),
                writer,
                encoder,
                options.base().resolve(options.service()),
                options.clock())
            : null;
  }

  /** Returns at once; the queue is opened in the background and records wait for it. */
  public static Journal open(JournalOptions options) {
    return open(options, QueueFile::new);
  }

  static Journal open(JournalOptions options, JournalWriter.QueueOpener opener) {
    Journal journal = new Journal(options, opener);
    journal.warmUp();
    if (journal.evidence != null) {
      journal.evidence.start();
    }
    journal.writer.start();
    if (journal.sealer != null) {
      journal.sealer.start();
    }
    journal.drainAtShutdown();
    return journal;
  }

  /**
   * Hands a record over and waits until it is as safe as asked, or as {@link Durability} wants it,
   * at most {@code timeoutNs}; so long, too, it may be held back while the ring is full. Never
   * throws; an interrupt is kept for the caller. A {@linkplain JournalRecord#reused reused} record
   * that it does not fail to append is not the caller's any more.
   */
  public Appended append(JournalRecord record, Level level, long timeoutNs) {
    if (record.isGivenBack()) {
      encodingFaults.incrementAndGet();
      return Appended.FAILED;
    }
    try {
      EvidenceField.Plain plain = evidence == null ? null : EvidenceField.Plain.of(record);
      Appended reached = writer.append(record, plain, level, timeoutNs);
      if (reached != Appended.FAILED) {
        release(record);
      }
      return reached;
    } catch (Throwable t) { // also a StackOverflowError near the end of the application's stack
      encodingFaults.incrementAndGet();
      return Appended.FAILED;
    }
  }

  private static void release(JournalRecord record) {
    try {
      record.release();
    } catch (Throwable t) { // it is taken already; the next one will be made anew
    }
  }

  /** True if {@link JournalRecord#evidence} is kept, when it can be. */
  public boolean keepsEvidence() {
    return evidence != null;
  }

  /** Of our own threads: nobody waits, and where there is no room it is left out. */
  private boolean background(JournalRecord record) {
    return writer.appendIfIdle(encoder.encode(record));
  }

  /**
   * A hint that a record will come within some tens of microseconds for which its caller waits, so
   * that it waits less. Never throws and never blocks.
   */
  public void expect() {
    writer.expect();
  }

  /**
   * The directory of this JVM's records below the base; another one after it had to be abandoned.
   */
  public Path directory() {
    return writer.directory();
  }

  public JournalStatus status() {
    JournalStatus status = writer.status(LibraryLog.count());
    return new JournalStatus(
        status.state(),
        status.written(),
        status.lost() + encodingFaults.get(),
        status.waiting(),
        status.directories(),
        status.libraryWarnings(),
        status.lastProblem().isEmpty() && sealer != null
            ? sealer.lastProblem()
            : status.lastProblem());
  }

  /**
   * Seals what is written so far and waits for it at most so long; when nothing was sealed yet, in
   * the first seconds of a JVM, that is left to the next start. For the end of the JVM.
   */
  public void sealRest(long timeoutNs) {
    if (sealer != null) {
      sealer.sealRest(timeoutNs);
    }
  }

  /** Writes what was accepted and ends; what is appended afterwards fails. */
  @Override
  public void close() {
    if (evidence != null) {
      evidence.tellLeftOut();
    }
    Thread hook = shutdownHook;
    if (hook != null) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // the JVM ends already, the hook does no harm
      }
    }
    writer.close();
    if (evidence != null) {
      evidence.close();
    }
    if (sealer != null) {
      sealer.close();
    }
  }

  /** Fails with one clear message if no journal can be kept below the directory. */
  public static void checkWritable(Path base) throws IOException {
    Directories.checkWritable(base);
  }

  /** Fails with one clear message if the key for evidence cannot be used; loads no cipher. */
  public static void checkEvidenceKey(Path file) throws IOException {
    try {
      EvidenceKey.check(file);
    } catch (MalformedException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Fails with one clear message if the key cannot be used; loads nothing of the signature. */
  public static void checkSealKey(Path file) throws IOException {
    SealKey.checkFile(file);
  }

  /**
   * Loads and initializes here what callers use: a class that fails to near the end of a stack
   * fails for good.
   */
  private void warmUp() {
    JournalRecord record =
        JournalRecord.reused(RecordKind.CALL_REQUEST)
            .method("GET")
            .callClass("read")
            .decision("allow")
            .finding("email", 1)
            .attribute("warm", "up");
    writer.warmUp(record);
    record.release();
  }

  /** What the end of the JVM does first. */
  void drain() {
    if (evidence != null) {
      evidence.tellLeftOut();
    }
    writer.drain();
  }

  private void drainAtShutdown() {
    Thread hook = new Thread(this::drain, "cordon-journal-drain");
    try {
      Runtime.getRuntime().addShutdownHook(hook);
      shutdownHook = hook;
    } catch (IllegalStateException e) {
      writer.drain(); // opened while the JVM ends: every record is committed before its append
      // returns
    }
  }

  private static String instance(JournalOptions options, long pid) {
    String run = Long.toHexString(new SplittableRandom(System.nanoTime() ^ pid << 32).nextLong());
    return options.service()
        + "/"
        + options.environment()
        + "/"
        + NameGuard.pathName(hostName(), "unknown")
        + "/"
        + pid
        + "/"
        + options.version()
        + "/"
        + run;
  }

  private static String hostName() {
    String told =
        System.getenv("HOSTNAME"); // in a container the pod's; asking the resolver can take seconds
    if (told != null && !told.isEmpty()) {
      return told;
    }
    try {
      String name = java.nio.file.Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
      if (!name.isEmpty()) {
        return name;
      }
    } catch (IOException | RuntimeException e) {
      // not Linux
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "";
    }
  }
}
