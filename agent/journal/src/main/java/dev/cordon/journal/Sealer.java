package dev.cordon.journal;

import dev.cordon.journal.seal.AtomicFile;
import dev.cordon.journal.seal.MalformedException;
import dev.cordon.journal.seal.Rotation;
import dev.cordon.journal.seal.SealKey;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that seals: it reads what the writer wrote and puts tiles, checkpoints and {@code
 * seal} records after it. The writer knows nothing of it; when it falls behind or fails, records
 * are written as before and sealed later.
 *
 * <p>Nothing of it runs in the first seconds of a JVM: no key is read, no class of the signature
 * loaded. Then it first seals what earlier processes of the same service left unsealed.
 */
final class Sealer implements Runnable {

  static final int RECORDS_A_SEAL = 1_024;
  private static final long SEAL_AFTER_NS = 200_000_000L;
  private static final long POLL_NS = 50_000_000L;
  private static final long RETRY_NS = 1_000_000_000L;
  private static final int MAX_BACK_OFF_BITS = 6;
  private static final long COPY_CLOSE_MS = 500;

  // The service's processors are not the sealer's. It works for three milliseconds at most and
  // then rests four times as long: a fifth of one processor. Few long slices rather than many short
  // ones, because each may keep one call waiting for the processor.
  private static final long SLICE_NS = 3_000_000L;
  private static final int REST_FACTOR = 4;

  // Only where this many records wait and the backlog still grows is there hardly a rest.
  private static final long MAX_PACED_RECORDS = 500_000;
  private static final long HURRIED_REST_NS = 100_000L;
  private static final long PACE_CHECK_NS = 500_000_000L;

  private final SealOptions options;
  private final JournalWriter writer;
  private final RecordEncoder encoder;
  private final Path service;
  private final Clock clock;
  private final Thread thread;
  private final long startedNs = System.nanoTime();

  private volatile boolean begun;
  private final AtomicLong asked = new AtomicLong(); // how often somebody wanted all sealed now
  private volatile long answered;
  private volatile boolean closing;
  private volatile String lastProblem = "";

  // of the sealer's thread
  private @Nullable SealKey key;
  private @Nullable SealCopy copy;
  private @Nullable SealedLog open;
  private Seal.@Nullable Link previous;
  private @Nullable JournalRecord untold; // of the key's rotation; a writer that opens takes none
  private @Nullable Path rotationToldIn;
  private final Set<String> told = new HashSet<>();
  private int failures;
  private long seenWritten = -1;
  private long unsealedSinceNs;
  private boolean hurried;
  private long paceCheckedNs;
  private long backlogThen = Long.MAX_VALUE; // the first look is no growth

  Sealer(
      SealOptions options, JournalWriter writer, RecordEncoder encoder, Path service, Clock clock) {
    this.options = options;
    this.writer = writer;
    this.encoder = encoder;
    this.service = service;
    this.clock = clock;
    this.begun = options.firstAfterMs() == 0;
    thread = new Thread(null, this, "cordon-journal-sealer", 1 << 20, false);
    thread.setDaemon(true);
    thread.setPriority(Thread.MIN_PRIORITY);
    thread.setContextClassLoader(Sealer.class.getClassLoader());
  }

  void start() {
    thread.start();
  }

  @Override
  public void run() {
    while (!closing && System.nanoTime() - startedNs < options.firstAfterMs() * 1_000_000) {
      LockSupport.parkNanos(
          this,
          Math.max(
              1_000_000, options.firstAfterMs() * 1_000_000 - (System.nanoTime() - startedNs)));
      Thread.interrupted();
    }
    if (closing && !begun) {
      return; // too short a life to pay for: sealed by the next start
    }
    begun = true;
    boolean recovered = false;
    boolean last;
    do {
      last = closing;
      roundOrBackOff(last);
      if (!recovered && failures == 0) {
        recover();
        recovered = true;
      }
      if (!last) {
        LockSupport.parkNanos(this, POLL_NS);
        Thread.interrupted();
      }
    } while (!last);
    finish(open);
    SealCopy end = copy;
    if (end != null) {
      end.close(COPY_CLOSE_MS);
    }
  }

  private void roundOrBackOff(boolean last) {
    long question = asked.get();
    boolean all = last || question > answered;
    try {
      prepare();
      round(all);
      SealedLog log = open;
      if (all && log != null) {
        log.finish();
      }
      failures = 0;
    } catch (Throwable t) { // the thread must not end: tried again from the first record on
      fault("seal", t);
      closeQuietly(open);
      open = null;
      seenWritten = -1;
      if (!last) {
        LockSupport.parkNanos(this, RETRY_NS << Math.min(failures++, MAX_BACK_OFF_BITS));
        Thread.interrupted();
      }
    }
    answered = question;
  }

  private void prepare() throws IOException, MalformedException {
    Path file = options.key();
    if (file != null && key == null) {
      key = SealKey.load(file);
    }
    if (options.copy() != null && copy == null) {
      copy = new SealCopy(options.copy());
    }
    SealCopy checked = copy;
    Throwable problem = checked == null ? null : checked.takeProblem();
    if (problem != null) {
      fault("copy", problem);
    }
  }

  /**
   * Seals what is due: 1,024 records, or any that wait for 200 ms, or all when asked. No more than
   * a poll later than that.
   */
  private void round(boolean all) throws IOException, GeneralSecurityException {
    long written = writer.written();
    SealedLog log = open;
    if (written == seenWritten && !all && (log == null || log.unsealed() == 0)) {
      return;
    }
    Path directory = writer.directory();
    if (log != null && !log.directory.equals(directory)) {
      catchUp(log, true);
      finish(log); // the writer abandoned it
      log = null;
      open = null;
    }
    if (!Files.exists(directory.resolve(QueueFile.METADATA))) {
      return;
    }
    if (log == null) {
      log = new SealedLog(directory);
      open = log;
      copyRotation(directory);
    }
    tellRotation(directory);
    seenWritten = written;
    catchUp(log, all);
  }

  /**
   * Beside the key, where {@code keygen --rotate} left it; who verifies finds it in the journal.
   * One that is wrong keeps nothing from being sealed.
   */
  private void copyRotation(Path directory) throws IOException {
    Path file = options.key();
    SealKey with = key;
    Path note = file == null ? null : SealKey.rotationFile(file);
    if (note == null || with == null || !Files.isRegularFile(note)) {
      return;
    }
    try {
      byte[] bytes = Files.readAllBytes(note);
      Rotation.Told told = Rotation.read(bytes);
      if (told.next().id() != with.id()) {
        throw new MalformedException(note + " is of another key than the one that seals");
      }
      AtomicFile.write(directory.resolve(SealedLog.ROTATION), bytes);
      untold = directory.equals(rotationToldIn) ? null : JournalRecord.ofRotation(told);
    } catch (MalformedException | IOException e) {
      lastProblem = "sealer, rotation: " + e;
      untold = directory.equals(rotationToldIn) ? null : faultOf("rotation", e);
    }
  }

  /** Once in each directory that the key seals, as long as the note lies beside it. */
  private void tellRotation(Path directory) {
    JournalRecord telling = untold;
    if (telling != null && writer.appendIfIdle(encoder.encode(telling))) {
      untold = null;
      rotationToldIn = directory;
    }
  }

  private void catchUp(SealedLog log, boolean all) throws IOException, GeneralSecurityException {
    long fromNs = System.nanoTime();
    while (true) {
      long before = log.unsealed();
      long room = RECORDS_A_SEAL - log.size() % RECORDS_A_SEAL;
      int taken = log.read((int) room, fromNs + SLICE_NS);
      if (before == 0 && log.unsealed() > 0) {
        unsealedSinceNs = System.nanoTime();
      }
      if (log.unsealed() > 0
          && (taken == room
              || (all && log.isAtEnd())
              || System.nanoTime() - unsealedSinceNs >= SEAL_AFTER_NS - POLL_NS)) {
        record(log.seal(key, null, previous, copy));
      }
      if (log.isAtEnd()) {
        return;
      }
      long workedNs = System.nanoTime() - fromNs;
      if (workedNs >= SLICE_NS) {
        if (!all) {
          rest(workedNs, writer.written() - log.size());
        }
        fromNs = System.nanoTime();
      }
    }
  }

  private void rest(long workedNs, long backlog) {
    long now = System.nanoTime();
    if (now - paceCheckedNs >= PACE_CHECK_NS) {
      hurried = backlog > MAX_PACED_RECORDS && (hurried || backlog > backlogThen);
      paceCheckedNs = now;
      backlogThen = backlog;
    }
    LockSupport.parkNanos(this, hurried ? HURRIED_REST_NS : workedNs * REST_FACTOR);
    Thread.interrupted();
  }

  /** A seal that finds no room is left out: the next one covers what it covered. */
  private void record(Seal seal) {
    writer.appendIfIdle(encoder.encodeSeal(seal));
  }

  private void finish(@Nullable SealedLog log) {
    if (log == null) {
      return;
    }
    try {
      catchUp(log, true);
      log.finish();
      Seal.Link finished = SealedLog.finished(log.directory);
      previous = finished == null ? previous : finished;
    } catch (Throwable t) {
      fault("finish", t);
    }
    closeQuietly(log);
  }

  /** What earlier processes of this service wrote and could not seal any more. */
  private void recover() {
    Seal.Link newest = null;
    String own = String.valueOf(writer.directory().getFileName());
    for (Path directory : earlier(own)) {
      if (closing) {
        return;
      }
      try {
        Seal.Link finished = SealedLog.finished(directory);
        if (finished == null && !new InstanceReader(directory).isDead()) {
          continue;
        }
        if (finished == null) {
          sealLate(directory);
          finished = SealedLog.finished(directory);
        }
        newest = finished == null ? newest : finished;
      } catch (Throwable t) { // one that cannot be read must not keep the others unsealed
        fault("recover", t);
      }
    }
    previous = previous == null ? newest : previous;
  }

  private void sealLate(Path directory) throws IOException, GeneralSecurityException {
    try (SealedLog log = new SealedLog(directory)) {
      long fromNs = System.nanoTime();
      log.read(RECORDS_A_SEAL, fromNs + SLICE_NS);
      while (!log.isAtEnd() && !closing) {
        rest(System.nanoTime() - fromNs, 0); // somebody else's past is never in a hurry
        roundOrBackOff(false); // what is written now comes first
        fromNs = System.nanoTime();
        log.read(RECORDS_A_SEAL, fromNs + SLICE_NS);
      }
      if (closing || log.size() == 0) {
        return;
      }
      if (log.isShorterThanSigned()) {
        throw new IOException(directory + " holds fewer records than were signed");
      }
      if (log.unsealed() > 0) {
        log.seal(key, clock.instant(), null, copy);
      }
      log.finish();
    }
  }

  private List<Path> earlier(String own) {
    List<Path> directories = new ArrayList<>();
    if (!Files.isDirectory(service)) {
      return directories; // the writer has not made it yet
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(service)) {
      for (Path one : all) {
        if (String.valueOf(one.getFileName()).compareTo(own) < 0
            && Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS)
            && (Files.exists(one.resolve(QueueFile.METADATA))
                || Files.exists(one.resolve(PrunedHead.FILE)))) {
          directories.add(one);
        }
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      fault("recover", e);
    }
    directories.sort(null);
    return directories;
  }

  /** Each kind once in the journal; the last one in the status. */
  private void fault(String what, Throwable t) {
    lastProblem = "sealer, " + what + ": " + t.getClass().getSimpleName() + ": " + t.getMessage();
    boolean gone = t instanceof NoSuchFileException || t instanceof AtomicMoveNotSupportedException;
    if (gone && closing || !told.add(what + t.getClass().getName())) {
      return;
    }
    writer.appendIfIdle(encoder.encode(faultOf(what, t)));
  }

  private static JournalRecord faultOf(String what, Throwable t) {
    return new JournalRecord(RecordKind.AGENT_FAULT)
        .attribute("part", "sealer")
        .attribute("what", what)
        .attribute("error", t.getClass().getSimpleName());
  }

  String lastProblem() {
    return lastProblem;
  }

  /** Seals what is written, unless nothing was sealed yet; waits for it at most so long. */
  void sealRest(long timeoutNs) {
    if (!begun) {
      return;
    }
    long fromNs = System.nanoTime();
    long question = asked.incrementAndGet();
    while (answered < question && thread.isAlive() && System.nanoTime() - fromNs < timeoutNs) {
      LockSupport.unpark(thread);
      LockSupport.parkNanos(this, 1_000_000);
    }
  }

  /** After the writer has ended. */
  void close() {
    closing = true;
    LockSupport.unpark(thread);
    boolean interrupted = false;
    long fromNs = System.nanoTime();
    while (thread.isAlive() && System.nanoTime() - fromNs < 2_000_000_000L) {
      try {
        thread.join(100);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      LockSupport.unpark(thread);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void closeQuietly(@Nullable SealedLog log) {
    try {
      if (log != null) {
        log.close();
      }
    } catch (IOException e) {
      // read only
    }
  }
}
