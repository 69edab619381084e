package dev.cordon.journal.evidence;

import dev.cordon.journal.evidence.Erasures.Erasure;
import dev.cordon.journal.seal.JdkCrypto;
import dev.cordon.journal.seal.MalformedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts evidence for the threads that write, and keeps the keys it makes: one for each person
 * and day, made here, used here and by no other process. So a nonce is used once without anything
 * being remembered: the epoch of the key, then a number that this process gives once. After a
 * restart there are other keys.
 *
 * <p>Whatever touches files is done by a thread of its own; the journal's writer waits for it when
 * a key is new, at most so long within any second, and goes on without evidence when it does not
 * answer; the second device does not wait.
 */
public final class EvidenceSealer implements Runnable {

  public static final int NONCE_BYTES = 12;
  static final int TAG_BYTES = 16;

  /** What ciphertext is longer than the text. */
  public static final int OVERHEAD_BYTES = TAG_BYTES;

  private static final int MAX_KEYS = 16 * 1024; // more persons in turn take new keys; some 6 MB
  private static final int MAX_BATCH = 64;
  private static final long START_WITHIN_NS = 1_000_000_000L; // loads the ciphers
  private static final int MAX_WANTED = 1024;
  private static final long RETRY_NS = 1_000_000_000L;
  private static final long LOOK_NS = 1_000_000_000L;
  private static final long LOCK_TIMEOUT_MS = 1_000;
  private static final long CLOSE_MS = 1_000;
  private static final long WINDOW_NS = 1_000_000_000L;
  private static final long STACK_BYTES = 1 << 20;

  /** What the journal is told of; must not block. */
  public interface Listener {
    /** A key is there from now on. */
    void made(byte[] pseudonym, long keyId, long day);

    /** No keys can be made; tried again. False if it could not be told. */
    boolean down(Throwable why);

    /**
     * So many records went without evidence. False if it could not be told.
     *
     * @param why the class of the last fault; null: there was none, only no time
     */
    boolean leftOut(long records, @Nullable String why);

    /**
     * What encrypts is not of the JDK, because it has no such provider. False if it could not be
     * told.
     */
    boolean foreign(String provider);
  }

  /** Evidence as it is in a record. */
  public record Sealed(byte[] nonce, byte[] ciphertext) {}

  private record Bucket(ByteBuffer pseudonym, long day) {}

  /** A key; usable once it is on file. */
  public static final class PersonKey {
    final long id;
    final byte[] pseudonym;
    final long day;
    final byte[] bytes;
    final CountDownLatch answered = new CountDownLatch(1);
    volatile long epoch; // 0: not on file

    PersonKey(long id, byte[] pseudonym, long day, byte[] bytes) {
      this.id = id;
      this.pseudonym = pseudonym;
      this.day = day;
      this.bytes = bytes;
    }

    public long id() {
      return id;
    }
  }

  private final Path keyFile;
  private final Path directory;
  private final long keyWithinNs;
  private final Clock clock;
  private final Listener listener;
  private final Thread thread;
  private final CountDownLatch started = new CountDownLatch(1);
  private final ConcurrentLinkedQueue<PersonKey> wanted = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong counter = new AtomicLong(); // of nonces: never twice in this process
  private final AtomicLong leftOut = new AtomicLong();
  private final AtomicLong toldLeftOut = new AtomicLong();
  private final LinkedHashMap<Bucket, PersonKey> keys = new LinkedHashMap<>(64, 0.75f, true);
  private final SecureRandom random = JdkCrypto.random();

  private volatile @Nullable EvidenceKey key; // null: not loaded
  private volatile String problem = "";
  private volatile long notBeforeNs = System.nanoTime(); // no new key
  private volatile boolean startIsLate;
  private volatile @Nullable String lastFault;
  private volatile boolean closing;

  // of the journal's writer
  private long windowNs = System.nanoTime(); // since when waitedNs counts
  private long waitedNs;
  private long waitedBeforeNs; // within the second before

  // of its thread
  private @Nullable SubjectKeys store;
  private boolean prepared;
  private boolean unforced;
  private boolean told;
  private int toldForeign; // so many
  private long seenLogBytes = -1;

  /**
   * @param keyFile as {@code dsr keygen} makes it
   * @param directory of the keys of persons
   * @param keyWithinNs how long the journal's writer waits for new keys within a second, in sum
   */
  public EvidenceSealer(
      Path keyFile, Path directory, long keyWithinNs, Clock clock, Listener listener) {
    this.keyWithinNs = keyWithinNs;
    this.keyFile = keyFile;
    this.directory = directory;
    this.clock = clock;
    this.listener = listener;
    thread = new Thread(null, this, "cordon-journal-keys", STACK_BYTES, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(EvidenceSealer.class.getClassLoader());
  }

  public void start() {
    thread.start();
  }

  // ---- the threads that write

  /**
   * What stands for a person; null when it cannot be told, which is counted.
   *
   * @param waits true only on the journal's writer
   */
  public byte @Nullable [] pseudonym(String subject, boolean waits) {
    EvidenceKey by = key;
    if (by == null && waits && !startIsLate) {
      startIsLate = !await(started, START_WITHIN_NS);
      by = key;
    }
    if (by == null) {
      leftOut.incrementAndGet();
      return null;
    }
    return by.pseudonym(subject);
  }

  /**
   * The key for a person and a day; null when there is none in time, which is counted.
   *
   * @param waits true only on the journal's writer
   */
  public @Nullable PersonKey key(byte[] pseudonym, long day, boolean waits) {
    PersonKey found = find(pseudonym, day);
    if (found != null && found.epoch == 0) {
      LockSupport.unpark(thread);
      if (waits) {
        awaitInBudget(found.answered);
      }
    }
    if (found == null || found.epoch == 0) {
      leftOut.incrementAndGet();
      return null;
    }
    return found;
  }

  /**
   * Records wait behind this one: however many new keys they need, all waits that end within a
   * second and the one before it are together no longer than one may be.
   */
  private void awaitInBudget(CountDownLatch answered) {
    long fromNs = System.nanoTime();
    turn(fromNs);
    long leftNs = keyWithinNs - waitedNs - waitedBeforeNs;
    if (leftNs > 0) {
      boolean unused = await(answered, leftNs);
      long toNs = System.nanoTime();
      turn(toNs);
      waitedNs += toNs - fromNs;
    }
  }

  private void turn(long nowNs) {
    long seconds = (nowNs - windowNs) / WINDOW_NS;
    if (seconds > 0) {
      waitedBeforeNs = seconds == 1 ? waitedNs : 0;
      waitedNs = 0;
      windowNs += seconds * WINDOW_NS;
    }
  }

  /** One that is on file, or will be; null while none can be made. */
  private @Nullable PersonKey find(byte[] pseudonym, long day) {
    Bucket bucket = new Bucket(ByteBuffer.wrap(pseudonym), day);
    synchronized (keys) {
      PersonKey known = keys.get(bucket);
      if (known != null) {
        return known;
      }
      if (closing || System.nanoTime() - notBeforeNs < 0 || waiting.get() >= MAX_WANTED) {
        return null;
      }
      byte[] bytes = new byte[EvidenceKey.KEY_BYTES];
      random.nextBytes(bytes);
      PersonKey made = new PersonKey(random.nextLong(), pseudonym, day, bytes);
      keys.put(bucket, made);
      if (keys.size() > MAX_KEYS) {
        Iterator<PersonKey> eldest = keys.values().iterator();
        eldest.next();
        eldest.remove();
      }
      wanted.add(made);
      waiting.incrementAndGet();
      return made;
    }
  }

  private static boolean await(CountDownLatch latch, long ns) {
    try {
      return latch.await(ns, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      return false; // nobody has business with the threads that write; kept, it closed a channel
    }
  }

  /**
   * Encrypts under a key of {@link #key}.
   *
   * @param context what the evidence is part of: it opens nowhere else
   */
  public Sealed seal(PersonKey by, byte[] context, byte[] text) throws GeneralSecurityException {
    ByteBuffer nonce = ByteBuffer.allocate(NONCE_BYTES);
    nonce.putInt((int) by.epoch).putLong(counter.incrementAndGet());
    Cipher cipher = JdkCrypto.cipher("AES/GCM/NoPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        new SecretKeySpec(by.bytes, "AES"),
        new GCMParameterSpec(TAG_BYTES * 8, nonce.array()),
        random); // else the JVM's first provider would be asked for one
    cipher.updateAAD(context);
    return new Sealed(nonce.array(), cipher.doFinal(text));
  }

  /** A record went without evidence for another reason. */
  public void leftOut() {
    leftOut.incrementAndGet();
  }

  // ---- its own thread

  @Override
  public void run() {
    long lookedNs = System.nanoTime();
    while (!closing || !wanted.isEmpty()) {
      try {
        if (!prepared) {
          prepare();
        }
        addWanted();
        if (System.nanoTime() - lookedNs >= LOOK_NS) {
          lookedNs = System.nanoTime();
          lookAtFile();
          forgetErased();
          force();
          tellLeftOut();
          tellForeign();
        }
        works();
      } catch (Throwable t) { // the loop itself must not end
        Thread.interrupted();
        failSafely(t);
        if (closing) {
          break;
        }
        LockSupport.parkNanos(this, RETRY_NS);
      }
      if (wanted.isEmpty() && !closing) {
        LockSupport.parkNanos(this, LOOK_NS);
        Thread.interrupted();
      }
    }
    refuseWanted();
    try {
      force();
    } catch (IOException e) {
      failSafely(e);
    }
    tellLeftOut();
  }

  private void prepare() throws IOException, MalformedException, GeneralSecurityException {
    EvidenceKey loaded = key;
    if (loaded == null) {
      JdkCrypto.prepare();
      loaded = EvidenceKey.load(keyFile);
      warmUp(loaded);
      take(loaded);
    }
    try {
      SubjectKeys.in(directory, loaded).prepare(LOCK_TIMEOUT_MS);
    } catch (SubjectKeys.OtherKeyException e) {
      EvidenceKey now = EvidenceKey.load(keyFile); // perhaps rotated, and the file replaced
      if (now.id().equals(loaded.id())) {
        throw e;
      }
      SubjectKeys.in(directory, now).prepare(LOCK_TIMEOUT_MS);
      take(now);
    }
    prepared = true;
    started.countDown();
  }

  private void take(EvidenceKey loaded) {
    store = SubjectKeys.in(directory, loaded);
    key = loaded;
  }

  /** Loads here what the threads that write will use. */
  private void warmUp(EvidenceKey loaded) throws GeneralSecurityException {
    PersonKey none =
        new PersonKey(0, loaded.pseudonym("warm@up"), 0, new byte[EvidenceKey.KEY_BYTES]);
    none.epoch = 1;
    byte[] same = loaded.unwrap(loaded.wrap(none.bytes));
    if (!Arrays.equals(same, none.bytes)) {
      throw new GeneralSecurityException("this JVM's key wrap does not open what it wraps");
    }
    Sealed unused = seal(none, new byte[1], new byte[64]);
    random.nextBytes(none.bytes);
  }

  private void addWanted() throws IOException {
    SubjectKeys to = store;
    while (to != null && !wanted.isEmpty()) {
      List<PersonKey> batch = new ArrayList<>();
      List<SubjectKeys.NewKey> made = new ArrayList<>();
      for (PersonKey one : wanted) {
        batch.add(one);
        made.add(new SubjectKeys.NewKey(one.id, one.pseudonym, one.day, one.bytes));
        if (batch.size() == MAX_BATCH) {
          break;
        }
      }
      long epoch = to.add(made, clock.instant(), LOCK_TIMEOUT_MS);
      unforced = true;
      for (PersonKey one : batch) {
        wanted.remove(one);
        waiting.decrementAndGet();
        one.epoch = epoch;
        one.answered.countDown();
        listener.made(one.pseudonym, one.id, one.day);
      }
    }
  }

  /** Whose keys were destroyed is forgotten here, too; what comes later gets a key of its own. */
  private void forgetErased() throws IOException {
    SubjectKeys from = store;
    if (from == null) {
      return;
    }
    long bytes = from.logBytes();
    if (bytes == seenLogBytes) {
      return;
    }
    Erasures erasures = from.erasures();
    List<PersonKey> all;
    synchronized (keys) { // only to copy: the threads that write wait for it
      all = new ArrayList<>(keys.values());
    }
    for (PersonKey one : all) {
      Erasure erased = one.epoch == 0 ? null : erasures.of(one.epoch, one.pseudonym, one.day);
      if (erased != null) {
        forget(one);
      }
    }
    seenLogBytes = bytes;
  }

  /** Where another file stands in the place of the one that has our keys, they may be gone. */
  private void lookAtFile() throws IOException {
    SubjectKeys from = store;
    if (from == null || from.hasNewest()) {
      return;
    }
    prepared = false; // makes the file, if it is gone
    List<PersonKey> all;
    synchronized (keys) {
      all = new ArrayList<>(keys.values());
    }
    for (PersonKey one : all) {
      if (one.epoch != 0) {
        forget(one);
      }
    }
  }

  private void forget(PersonKey one) {
    synchronized (keys) {
      keys.remove(new Bucket(ByteBuffer.wrap(one.pseudonym), one.day), one);
    }
  }

  private void force() throws IOException {
    SubjectKeys to = store;
    if (unforced && to != null) {
      to.force();
      unforced = false;
    }
  }

  private void failSafely(Throwable t) {
    try {
      fail(t);
    } catch (Throwable again) { // no memory to tell it: tried again in a second
      refuseWanted();
    }
  }

  private void fail(Throwable t) {
    String message = t.getMessage();
    problem = t.getClass().getSimpleName() + (message == null ? "" : ": " + message);
    notBeforeNs = System.nanoTime() + RETRY_NS;
    prepared = false;
    refuseWanted();
    started.countDown();
    lastFault = t.getClass().getName();
    if (!told) {
      told = listener.down(t);
    }
  }

  private void works() {
    problem = "";
    told = false;
  }

  private void refuseWanted() {
    for (PersonKey one = wanted.poll(); one != null; one = wanted.poll()) {
      waiting.decrementAndGet();
      forget(one);
      one.answered.countDown();
    }
  }

  /** Tells how many records went without evidence since it was told the last time. */
  public void tellLeftOut() {
    synchronized (toldLeftOut) {
      long count = leftOut.get();
      if (count > toldLeftOut.get() && listener.leftOut(count - toldLeftOut.get(), lastFault)) {
        toldLeftOut.set(count);
      }
    }
  }

  private void tellForeign() {
    List<String> foreign = JdkCrypto.foreign();
    if (toldForeign < foreign.size() && listener.foreign(foreign.get(toldForeign))) {
      toldForeign++;
    }
  }

  // ---- life cycle

  /** Records that went without the evidence they were to have. */
  public long leftOutCount() {
    return leftOut.get();
  }

  /** Why no evidence is kept at the moment; empty when it is. */
  public String lastProblem() {
    return problem;
  }

  public void close() {
    closing = true;
    LockSupport.unpark(thread);
    try {
      thread.join(CLOSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
