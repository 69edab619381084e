package dev.cordon.journal.evidence;

import dev.cordon.journal.evidence.Erasures.Erasure;
import dev.cordon.journal.seal.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The keys of persons: one for each person, day (UTC) and process that wrote, in one file that
 * processes share. Every change is made under a lock between processes, and nobody keeps the file
 * open: another one may stand in its place at any time, also an old copy.
 *
 * <pre>
 *  keys/subjects.db    slots of 128 bytes, little endian; numbers of bytes in brackets
 *    head     "CORDONKEYS1\n" (12)  epoch (4)  id of the evidence key (8)  applied (8)  0 (76)  mac (16)  crc32c (4)
 *    key      1  0 (3)  epoch (4)  key id (8)  pseudonym (16)  day (4)  0 (4)  wrapped key (40)  made, us (8)  0 (20)  mac (16)  crc32c (4)
 *    no more  2  0 (123)  crc32c (4)
 *  keys/erased.log     see {@link Erasures}
 *  keys/lock
 * </pre>
 *
 * <p>To destroy keys, in this order: a line in {@code erased.log}, on the device; zeros over the
 * keys, on the device; the next epoch in the head, and how many bytes of the log are applied, on
 * the device. Whoever finds a head that does not have all of the log applied, because a process was
 * killed or an old copy was put back, does all of it again before anything else. Keys that are made
 * later have a later epoch and are left alone.
 */
public final class SubjectKeys {

  /** Below the directory that is given as {@code journal=}. */
  public static final String DIRECTORY = "keys";

  static final String FILE = "subjects.db";
  static final String LOG = "erased.log";
  static final String LOCK = "lock";
  static final String NEW = "subjects.db.new";

  static final int SLOT_BYTES = 128;
  private static final byte[] MAGIC = {'C', 'O', 'R', 'D', 'O', 'N', 'K', 'E', 'Y', 'S', '1', '\n'};
  private static final int EPOCH_IN_HEAD = 12;
  private static final int KEY_ID_IN_HEAD = 16;
  private static final int APPLIED_IN_HEAD = 24;
  private static final int STATE_LIVE = 1;
  private static final int STATE_DESTROYED = 2;
  private static final int EPOCH = 4;
  private static final int KEY_ID = 8;
  private static final int PSEUDONYM = 16;
  private static final int DAY = 32;
  private static final int WRAPPED = 40;
  private static final int MADE_US = 80;
  private static final int MAC = 108;
  private static final int CRC = 124;
  private static final int CHUNK_SLOTS = 512;
  private static final int LEAST_TO_COMPACT = 1024; // destroyed slots
  private static final int MAX_LOG_BYTES = 64 << 20;
  private static final long LOCK_RETRY_MS = 2;
  private static final int MAX_READS = 5; // of a file that is replaced each time

  /** What another place tells is believed as long as so many destructions may have been missed. */
  public static final long MAX_AHEAD = 1 << 20;

  /** A file that is not what was written, or lies under another key. */
  public static class DamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedException(String message) {
      super(message);
    }
  }

  /** A file under another evidence key: that was rotated, or this one is of another place. */
  public static final class OtherKeyException extends DamagedException {
    private static final long serialVersionUID = 1L;

    OtherKeyException(String message) {
      super(message);
    }
  }

  /** A key that is to be added. */
  record NewKey(long id, byte[] pseudonym, long day, byte[] key) {}

  /**
   * What was destroyed.
   *
   * @param epoch the last one whose keys it concerns
   * @param keys how many, among them those that an earlier run was killed over
   * @param restored keys that were there again although they had been destroyed: of an old copy
   */
  public record Destroyed(long epoch, long keys, long restored) {}

  /**
   * What a rotation did.
   *
   * @param keys that are there, all under the new evidence key
   * @param already they were before: a run that was killed had come so far
   */
  public record Rotated(long keys, boolean already) {}

  /** Keys of persons, as far as nothing destroyed them. */
  private record Slot(long epoch, byte[] pseudonym, long day, byte[] wrapped) {}

  /** What was read of {@code erased.log}, as long as the file is the same. */
  private record ReadLog(@Nullable Object fileKey, long size, FileTime changed, Erasures erasures) {
    boolean isOf(BasicFileAttributes now) {
      return size == now.size()
          && changed.equals(now.lastModifiedTime())
          && Objects.equals(fileKey, now.fileKey());
    }
  }

  /** The slot of the last key that was added here. */
  private record Newest(long at, byte[] slot) {}

  // the locks of a process are lost when any of its channels of that file is closed
  private static final ReentrantLock IN_THIS_JVM = new ReentrantLock();

  private final Path directory;
  private final EvidenceKey key;
  private final Consumer<String> steps; // a test ends the process there
  private volatile @Nullable ReadLog readLog;
  private volatile @Nullable Newest newest;

  private SubjectKeys(Path directory, EvidenceKey key, Consumer<String> steps) {
    this.directory = directory.toAbsolutePath().normalize();
    this.key = key;
    this.steps = steps;
  }

  /** The keys in a directory, which need not be there yet. */
  public static SubjectKeys in(Path directory, EvidenceKey key) {
    return in(directory, key, step -> {});
  }

  static SubjectKeys in(Path directory, EvidenceKey key, Consumer<String> steps) {
    return new SubjectKeys(directory, key, steps);
  }

  /** Where the keys of a journal are, which may be given by any of its directories. */
  public static @Nullable Path above(Path journal) {
    for (Path at = journal.toAbsolutePath().normalize(); at != null; at = at.getParent()) {
      Path keys = at.resolve(DIRECTORY);
      if (Files.exists(keys.resolve(FILE)) || Files.exists(keys.resolve(LOG))) {
        return keys;
      }
    }
    return null;
  }

  public boolean exist() {
    return Files.exists(directory.resolve(FILE), LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Whether the file still has the newest key that was added here. It does not where another file
   * stands in its place, or that key was destroyed: then others may be missing as well. False is
   * told once.
   */
  boolean hasNewest() throws IOException {
    Newest expected = newest;
    if (expected == null) {
      return true;
    }
    ByteBuffer there = slot();
    try (FileChannel file = openToRead()) {
      readAll(file, there, expected.at());
    } catch (NoSuchFileException e) {
      there.clear(); // differs from any slot
    }
    boolean has = Arrays.equals(there.array(), expected.slot());
    if (!has) {
      newest = null;
    }
    return has;
  }

  // ---- the lock

  /** Held while something is changed. */
  private final class Locked implements AutoCloseable {
    private final FileChannel channel;
    private final FileLock lock;

    private Locked(FileChannel channel, FileLock lock) {
      this.channel = channel;
      this.lock = lock;
    }

    @Override
    public void close() throws IOException {
      try {
        lock.release();
        channel.close();
      } finally {
        IN_THIS_JVM.unlock();
      }
    }
  }

  private Locked lock(long timeoutMs) throws IOException {
    long untilNs = System.nanoTime() + timeoutMs * 1_000_000;
    boolean mine = false;
    FileChannel channel = null;
    try {
      mine = IN_THIS_JVM.tryLock(timeoutMs, TimeUnit.MILLISECONDS);
      if (mine) {
        channel = open(LOCK, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        while (lock == null && System.nanoTime() - untilNs < 0) {
          Thread.sleep(LOCK_RETRY_MS);
          lock = channel.tryLock();
        }
        if (lock != null) {
          Files.deleteIfExists(directory.resolve(NEW)); // of a killed process: it has keys in it
          Locked locked = new Locked(channel, lock);
          mine = false;
          channel = null;
          return locked;
        }
      }
      throw new IOException(
          "another process holds "
              + directory.resolve(LOCK)
              + " for more than "
              + timeoutMs
              + " ms");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for " + directory.resolve(LOCK));
    } finally {
      if (channel != null) {
        channel.close();
      }
      if (mine) {
        IN_THIS_JVM.unlock();
      }
    }
  }

  /**
   * Makes the file if it is not there, for its owner alone; of the directory's owner. Follows no
   * link: who may write to the directory would have an operator who is root write elsewhere.
   */
  private FileChannel open(String name, OpenOption... options) throws IOException {
    Path file = directory.resolve(name);
    Set<OpenOption> all = new HashSet<>(List.of(options));
    all.add(LinkOption.NOFOLLOW_LINKS);
    try {
      return FileChannel.open(file, all);
    } catch (NoSuchFileException e) {
      all.add(StandardOpenOption.CREATE_NEW);
      all.add(StandardOpenOption.WRITE);
    }
    try {
      FileChannel made = FileChannel.open(file, all, mode("rw-------"));
      giveToOwnerOf(directory, file);
      return made;
    } catch (FileAlreadyExistsException e) {
      all.remove(StandardOpenOption.CREATE_NEW);
      return FileChannel.open(file, all);
    }
  }

  private FileChannel openToRead() throws IOException {
    return FileChannel.open(
        directory.resolve(FILE), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
  }

  private FileAttribute<?>[] mode(String permissions) {
    return directory.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  /** An operator who is root would leave files that the service cannot open. */
  private static void giveToOwnerOf(Path parent, Path made) {
    try {
      UserPrincipal owner = Files.getOwner(parent);
      FileOwnerAttributeView view =
          Files.getFileAttributeView(made, FileOwnerAttributeView.class, LinkOption.NOFOLLOW_LINKS);
      if (view != null && !owner.equals(view.getOwner())) {
        view.setOwner(owner);
      }
    } catch (IOException | UnsupportedOperationException e) {
      // then it is whose it is, and the service says that it cannot open it
    }
  }

  // ---- making keys

  /** Makes what is missing, so that its owner is the one who writes. */
  void prepare(long timeoutMs) throws IOException {
    makeDirectory();
    try (Locked locked = lock(timeoutMs);
        FileChannel file = open(FILE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      open(LOG, StandardOpenOption.READ, StandardOpenOption.WRITE).close();
      ready(file, erasures(), new Count());
      file.force(true);
    }
  }

  private void makeDirectory() throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = directory.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try {
      Files.createDirectory(directory, mode("rwx------"));
      if (parent != null) {
        giveToOwnerOf(parent, directory);
      }
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory)) { // else another process was faster
        throw new NotDirectoryException(directory.toString());
      }
    }
  }

  /**
   * Adds keys; returns the epoch they are of. In the page cache when it returns: a process that is
   * killed loses none.
   */
  long add(List<NewKey> made, Instant now, long timeoutMs) throws IOException {
    try (Locked locked = lock(timeoutMs);
        FileChannel file = open(FILE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long epoch = ready(file, erasures(), new Count());
      ByteBuffer slots = ByteBuffer.allocate(made.size() * SLOT_BYTES);
      long at = file.size() / SLOT_BYTES * SLOT_BYTES;
      Newest last = null;
      for (NewKey one : made) {
        byte[] slot = slot(one, epoch, now);
        last = new Newest(at + slots.position(), slot);
        slots.put(slot);
      }
      writeAll(file, slots.flip(), at);
      newest = last;
      return epoch;
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot wrap a key: " + e, e);
    }
  }

  void force() throws IOException {
    try (FileChannel file =
        FileChannel.open(
            directory.resolve(FILE), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      file.force(false);
    }
  }

  private byte[] slot(NewKey one, long epoch, Instant now) throws GeneralSecurityException {
    ByteBuffer slot = slot();
    slot.put(0, (byte) STATE_LIVE);
    slot.putInt(EPOCH, (int) epoch);
    slot.putLong(KEY_ID, one.id());
    slot.put(PSEUDONYM, one.pseudonym(), 0, EvidenceKey.PSEUDONYM_BYTES);
    slot.putInt(DAY, (int) one.day());
    slot.put(WRAPPED, key.wrap(one.key()), 0, EvidenceKey.WRAPPED_BYTES);
    slot.putLong(MADE_US, now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000);
    return ended(slot, true);
  }

  private static ByteBuffer slot() {
    return ByteBuffer.allocate(SLOT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  private byte[] ended(ByteBuffer slot, boolean withMac) {
    if (withMac) {
      slot.put(MAC, key.mac(slot.array(), MAC), 0, EvidenceKey.MAC_BYTES);
    }
    slot.putInt(CRC, crc(slot.array(), 0));
    return slot.array();
  }

  private byte[] head(long epoch, long applied) {
    ByteBuffer head = slot();
    head.putLong(APPLIED_IN_HEAD, applied);
    head.put(0, MAGIC, 0, MAGIC.length);
    head.putInt(EPOCH_IN_HEAD, (int) epoch);
    head.put(KEY_ID_IN_HEAD, key.idBytes(), 0, EvidenceKey.ID_BYTES);
    return ended(head, true);
  }

  private static int crc(byte[] of, int at) {
    CRC32C crc = new CRC32C();
    crc.update(of, at, CRC);
    return (int) crc.getValue();
  }

  private static void writeAll(FileChannel to, ByteBuffer bytes, long from) throws IOException {
    long at = from;
    while (bytes.hasRemaining()) {
      at += to.write(bytes, at);
    }
  }

  // ---- what is in force

  /** What {@code erased.log} says; nothing when it is not there. */
  Erasures erasures() throws IOException {
    ReadLog known = readLog;
    Path log = directory.resolve(LOG);
    BasicFileAttributes now = attributes(log);
    if (now == null) {
      return Erasures.NONE;
    }
    if (known != null && known.isOf(now)) {
      return known.erasures();
    }
    Erasures erasures = erasures(directory); // of at least what the attributes tell
    readLog = new ReadLog(now.fileKey(), now.size(), now.lastModifiedTime(), erasures);
    return erasures;
  }

  private static @Nullable BasicFileAttributes attributes(Path file) throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** What {@code erased.log} in a directory of keys says. */
  public static Erasures erasures(Path directory) throws IOException {
    Path log = directory.resolve(LOG);
    BasicFileAttributes now = attributes(log);
    if (now == null) {
      return Erasures.NONE;
    }
    if (now.size() > MAX_LOG_BYTES) {
      throw new DamagedException(log + " is too long for a log of erasures");
    }
    try (InputStream in =
        Files.newInputStream(log, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      return Erasures.parse(in.readAllBytes(), log.toString());
    }
  }

  /** Bytes of {@code erased.log}: who looks for news sees it there. */
  long logBytes() throws IOException {
    BasicFileAttributes now = attributes(directory.resolve(LOG));
    return now == null ? 0 : now.size();
  }

  private static final class Count {
    long destroyed;
    long slotsDestroyed; // also before
    long live;
  }

  /**
   * Checks the head, or makes it, and destroys what the log says is destroyed and this file still
   * has. The epoch of keys that are made now.
   */
  private long ready(FileChannel file, Erasures erasures, Count count) throws IOException {
    long last = erasures.epoch();
    if (file.size() < SLOT_BYTES) { // new, or killed while it was made
      writeAll(file, ByteBuffer.wrap(head(last + 1, erasures.bytes())), 0);
      return last + 1;
    }
    Head head = readHead(file);
    if (head.applied() == erasures.bytes() && head.epoch() > last) {
      return head.epoch();
    }
    long next = Math.max(head.epoch(), last + 1);
    destroy(file, slot -> erasures.of(slot.epoch(), slot.pseudonym(), slot.day()) != null, count);
    steps.accept("destroyed");
    writeAll(file, ByteBuffer.wrap(head(next, erasures.bytes())), 0);
    file.force(true);
    return next;
  }

  /**
   * @param applied bytes of {@code erased.log} whose keys are destroyed in this file
   */
  private record Head(long epoch, long applied) {}

  private Head readHead(FileChannel file) throws IOException {
    ByteBuffer head = slot();
    readAll(file, head, 0);
    byte[] bytes = head.array();
    Path name = directory.resolve(FILE);
    if (head.hasRemaining()
        || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
        || head.getInt(CRC) != crc(bytes, 0)) {
      throw new DamagedException(name + " is not a file of keys, or its head is damaged");
    }
    byte[] id = Arrays.copyOfRange(bytes, KEY_ID_IN_HEAD, KEY_ID_IN_HEAD + EvidenceKey.ID_BYTES);
    if (!Arrays.equals(id, key.idBytes())) {
      throw new OtherKeyException(
          name
              + " lies under another evidence key than "
              + key.id()
              + "; give the one it was made with");
    }
    if (!isGenuine(bytes)) {
      throw new DamagedException(
          name + ": its head was changed by who does not have the evidence key");
    }
    return new Head(head.getInt(EPOCH_IN_HEAD) & 0xffff_ffffL, head.getLong(APPLIED_IN_HEAD));
  }

  /** As much as there is. */
  private static void readAll(FileChannel file, ByteBuffer to, long from) throws IOException {
    long at = from;
    while (to.hasRemaining()) {
      int read = file.read(to, at);
      if (read < 0) {
        return;
      }
      at += read;
    }
  }

  private boolean isGenuine(byte[] slot) {
    return MessageDigest.isEqual(
        key.mac(slot, MAC), Arrays.copyOfRange(slot, MAC, MAC + EvidenceKey.MAC_BYTES));
  }

  private interface Doomed {
    boolean is(Slot slot);
  }

  /** Called for each slot after the head; {@code slot} is null for one that no writer wrote. */
  private interface Each {
    void slot(long at, byte[] bytes, @Nullable Slot slot) throws IOException;
  }

  /** All slots but those that are destroyed. */
  private long each(FileChannel file, Each each) throws IOException {
    long destroyed = 0;
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_SLOTS * SLOT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (long at = SLOT_BYTES; ; ) {
      chunk.clear();
      int read = 0;
      while (chunk.hasRemaining() && read >= 0) {
        read = file.read(chunk, at + chunk.position());
      }
      int whole = chunk.position() / SLOT_BYTES;
      for (int i = 0; i < whole; i++) {
        byte[] bytes = Arrays.copyOfRange(chunk.array(), i * SLOT_BYTES, (i + 1) * SLOT_BYTES);
        ByteBuffer slot = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        boolean sound = slot.getInt(CRC) == crc(bytes, 0);
        if (sound && bytes[0] == STATE_DESTROYED) {
          destroyed++;
          continue;
        }
        boolean live = sound && bytes[0] == STATE_LIVE && isGenuine(bytes);
        each.slot(
            at + (long) i * SLOT_BYTES,
            bytes,
            live
                ? new Slot(
                    slot.getInt(EPOCH) & 0xffff_ffffL,
                    Arrays.copyOfRange(bytes, PSEUDONYM, PSEUDONYM + EvidenceKey.PSEUDONYM_BYTES),
                    slot.getInt(DAY),
                    Arrays.copyOfRange(bytes, WRAPPED, WRAPPED + EvidenceKey.WRAPPED_BYTES))
                : null);
      }
      if (whole < CHUNK_SLOTS) {
        return destroyed;
      }
      at += (long) whole * SLOT_BYTES;
    }
  }

  /** A slot that no writer wrote is nobody's, so it may be anybody's: it goes as well. */
  private void destroy(FileChannel file, Doomed doomed, Count count) throws IOException {
    byte[] zeros = ended(slot().put(0, (byte) STATE_DESTROYED), false);
    count.slotsDestroyed =
        each(
            file,
            (at, bytes, slot) -> {
              if (slot == null || doomed.is(slot)) {
                writeAll(file, ByteBuffer.wrap(zeros), at);
                count.destroyed += slot == null ? 0 : 1;
              } else {
                count.live++;
              }
            });
    file.force(true);
  }

  // ---- destroying

  /** Destroys all keys of persons; what is made for them later is another matter. */
  public Destroyed erase(Collection<byte[]> pseudonyms, String request, Instant now, long timeoutMs)
      throws IOException {
    return erase(pseudonyms, 0, request, now, timeoutMs);
  }

  /**
   * As the other one, and also where the newest file of keys is not there.
   *
   * @param leastEpoch of evidence that was seen: its keys may be put back
   */
  public Destroyed erase(
      Collection<byte[]> pseudonyms, long leastEpoch, String request, Instant now, long timeoutMs)
      throws IOException {
    if (!Erasures.isRequest(request)) {
      throw new IllegalArgumentException("request '" + request + "' is no name");
    }
    return destroy(
        epoch -> {
          List<Erasure> lines = new ArrayList<>();
          long through = Math.max(epoch, Math.min(leastEpoch, epoch + MAX_AHEAD));
          for (byte[] pseudonym : pseudonyms) {
            lines.add(Erasure.ofPerson(through, now, request, pseudonym));
          }
          return lines;
        },
        timeoutMs);
  }

  /** Destroys all keys for days up to one, of all persons. */
  public Destroyed expire(long throughDay, Instant now, long timeoutMs) throws IOException {
    return destroy(epoch -> List.of(Erasure.ofDays(epoch, now, throughDay)), timeoutMs);
  }

  /** Whether the log lacks something that another place tells. */
  public boolean lacks(List<Erasure> told) throws IOException {
    Erasures erasures = erasures();
    for (Erasure one : told) {
      if (!erasures.covers(one)) {
        return true;
      }
    }
    return false;
  }

  /** Takes what another place tells of erasures; those that the log has are left out. */
  public Destroyed replay(List<Erasure> told, long timeoutMs) throws IOException {
    return destroy(epoch -> told, timeoutMs);
  }

  /** How many keys there are of persons, or of all for days up to one. */
  public long count(@Nullable Collection<byte[]> pseudonyms, long throughDay) throws IOException {
    if (!exist()) {
      return 0;
    }
    Erasures erasures = erasures();
    Set<ByteBuffer> persons = pseudonyms == null ? null : wrapped(pseudonyms);
    return read(
        file -> {
          Count count = new Count();
          long unused =
              each(
                  file,
                  (at, bytes, slot) -> {
                    if (slot != null
                        && (persons == null
                            ? slot.day() <= throughDay
                            : persons.contains(ByteBuffer.wrap(slot.pseudonym())))
                        && erasures.of(slot.epoch(), slot.pseudonym(), slot.day()) == null) {
                      count.live++;
                    }
                  });
          return count.live;
        });
  }

  /** The epoch of keys that are made now; 0 when there is no file yet. */
  public long epoch() throws IOException {
    if (!exist()) {
      return 0;
    }
    try (FileChannel file = openToRead()) {
      return Math.max(readHead(file).epoch(), erasures().epoch() + 1);
    }
  }

  private static Set<ByteBuffer> wrapped(Collection<byte[]> pseudonyms) {
    Set<ByteBuffer> all = new HashSet<>();
    for (byte[] one : pseudonyms) {
      all.add(ByteBuffer.wrap(one));
    }
    return all;
  }

  private interface Lines {
    List<Erasure> of(long epoch);
  }

  private Destroyed destroy(Lines wanted, long timeoutMs) throws IOException {
    makeDirectory();
    try (Locked locked = lock(timeoutMs);
        FileChannel file = open(FILE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      steps.accept("locked");
      Count restored = new Count();
      Erasures before = erasures();
      long epoch = ready(file, before, restored);
      List<Erasure> lines = new ArrayList<>();
      long through = epoch;
      for (Erasure one : wanted.of(epoch)) {
        if (!before.covers(one)) {
          lines.add(one);
          through = Math.max(through, one.epoch());
        }
      }
      if (lines.isEmpty()) {
        return new Destroyed(epoch, 0, restored.destroyed);
      }
      tell(before, lines);
      steps.accept("told");
      Count count = new Count();
      ready(file, erasures(), count);
      if (count.slotsDestroyed + count.destroyed >= LEAST_TO_COMPACT
          && count.slotsDestroyed + count.destroyed > count.live) {
        compact(file);
      }
      steps.accept("done");
      return new Destroyed(through, count.destroyed, restored.destroyed);
    }
  }

  private void tell(Erasures before, List<Erasure> lines) throws IOException {
    for (Erasure one : lines) { // a line that cannot be read would be in the way for ever
      if (!Erasures.canRead(one)) {
        throw new DamagedException(
            directory.resolve(LOG) + " cannot tell of an erasure in epoch " + one.epoch());
      }
    }
    readLog = null;
    try (FileChannel log = open(LOG, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long at = before.bytes();
      log.truncate(at); // what a killed process began
      Erasures now = before;
      for (Erasure one : lines) {
        byte[] line = now.next(one);
        writeAll(log, ByteBuffer.wrap(line), at);
        at += line.length;
        now = now.with(one);
      }
      log.force(true);
    }
    AtomicFile.force(directory);
  }

  /** Leaves out what is destroyed. Only by the owner: the file would be somebody else's. */
  private void compact(FileChannel file) throws IOException {
    if (copy(file, this, (bytes, slot) -> bytes) >= 0) {
      steps.accept("compacted");
      replace(file);
    }
  }

  private interface Copied {
    byte[] of(byte[] bytes, Slot slot) throws IOException;
  }

  /**
   * Writes what is not destroyed into a file of its own, on the device when it returns.
   *
   * @return how many keys; -1 if it would be somebody else's file: then it is not there
   */
  private long copy(FileChannel file, SubjectKeys under, Copied copied) throws IOException {
    Path made = directory.resolve(NEW);
    try (FileChannel to = open(NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      if (!Files.getOwner(made).equals(Files.getOwner(directory.resolve(FILE)))) {
        Files.delete(made);
        return -1;
      }
      Head head = readHead(file);
      writeAll(to, ByteBuffer.wrap(under.head(head.epoch(), head.applied())), 0);
      ByteBuffer out = ByteBuffer.allocate(CHUNK_SLOTS * SLOT_BYTES);
      long[] end = {SLOT_BYTES, 0};
      each(
          file,
          (at, bytes, slot) -> {
            if (slot == null) {
              return;
            }
            out.put(copied.of(bytes, slot));
            end[1]++;
            if (!out.hasRemaining()) {
              writeAll(to, out.flip(), end[0]);
              end[0] += out.limit();
              out.clear();
            }
          });
      writeAll(to, out.flip(), end[0]);
      to.force(true);
      return end[1];
    }
  }

  /** By the new file; then there are zeros where the old one was, for keys erased from now on. */
  private void replace(FileChannel old) throws IOException {
    Files.move(
        directory.resolve(NEW),
        directory.resolve(FILE),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    AtomicFile.force(directory);
    steps.accept("replaced");
    long size = old.size();
    for (long at = 0; at < size; at += CHUNK_SLOTS * SLOT_BYTES) {
      int bytes = (int) Math.min(size - at, CHUNK_SLOTS * SLOT_BYTES);
      writeAll(old, ByteBuffer.allocate(bytes), at);
    }
    old.force(false);
  }

  // ---- another evidence key

  /** Whether there is a file, and it lies under this evidence key. */
  public boolean isUnderKey() throws IOException {
    if (!exist()) {
      return false;
    }
    try (FileChannel file = openToRead()) {
      if (file.size() < SLOT_BYTES) { // a process was killed while it made it
        return false;
      }
      Head unused = readHead(file);
      return true;
    } catch (OtherKeyException e) {
      return false;
    }
  }

  /**
   * Puts all keys of persons under another evidence key, by a new file that takes the place of the
   * old one as a whole. The keys themselves stay, and what they encrypted. What is destroyed is
   * destroyed first; who has the old evidence key only can neither add nor read from then on.
   *
   * @param next a {@link EvidenceKey#successor} of this one's key
   */
  public Rotated rotate(EvidenceKey next, long timeoutMs) throws IOException {
    if (next.id().equals(key.id()) || !next.hasPseudonymsOf(key)) {
      throw new IllegalArgumentException(
          "evidence key " + next.id() + " was not made as the successor of " + key.id());
    }
    SubjectKeys under = new SubjectKeys(directory, next, steps);
    try (Locked locked = lock(timeoutMs);
        FileChannel file =
            FileChannel.open(
                directory.resolve(FILE),
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS)) {
      steps.accept("locked");
      if (under.isUnderKey()) {
        Count there = new Count();
        long unused = under.each(file, (at, bytes, slot) -> there.live += slot == null ? 0 : 1);
        return new Rotated(there.live, true);
      }
      long unused = ready(file, erasures(), new Count());
      long keys = copy(file, under, (bytes, slot) -> rewrapped(bytes, slot, under));
      if (keys < 0) {
        throw new IOException(
            directory.resolve(FILE)
                + " belongs to "
                + Files.getOwner(directory.resolve(FILE))
                + "; nothing was changed: run this as that user");
      }
      steps.accept("rewrapped");
      replace(file);
      steps.accept("done");
      return new Rotated(keys, false);
    }
  }

  private byte[] rewrapped(byte[] bytes, Slot slot, SubjectKeys under) throws IOException {
    ByteBuffer to = ByteBuffer.wrap(bytes.clone()).order(ByteOrder.LITTLE_ENDIAN);
    try {
      byte[] plain = key.unwrap(slot.wrapped());
      to.put(WRAPPED, under.key.wrap(plain), 0, EvidenceKey.WRAPPED_BYTES);
      Arrays.fill(plain, (byte) 0);
      return under.ended(to, true);
    } catch (GeneralSecurityException e) { // though its MAC is right
      throw new DamagedException(
          directory.resolve(FILE) + " has a key that does not open; nothing was changed: " + e);
    }
  }

  // ---- reading

  /** The keys of some persons that nothing destroyed, by their id. Changes nothing. */
  Map<Long, byte[]> keysOf(Collection<byte[]> pseudonyms) throws IOException {
    if (!exist()) {
      return Map.of();
    }
    Erasures erasures = erasures();
    Set<ByteBuffer> persons = wrapped(pseudonyms);
    return read(
        file -> {
          Map<Long, byte[]> keys = new HashMap<>();
          long unused =
              each(
                  file,
                  (at, bytes, slot) -> {
                    if (slot == null
                        || !persons.contains(ByteBuffer.wrap(slot.pseudonym()))
                        || erasures.of(slot.epoch(), slot.pseudonym(), slot.day()) != null) {
                      return;
                    }
                    try {
                      long id =
                          ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(KEY_ID);
                      keys.put(id, key.unwrap(slot.wrapped()));
                    } catch (GeneralSecurityException e) {
                      // not wrapped by this key: as if it were not there
                    }
                  });
          return keys;
        });
  }

  private interface Read<T> {
    T from(FileChannel file) throws IOException;
  }

  /** Without the lock; a file that was replaced meanwhile may have had zeros in it. */
  private <T> T read(Read<T> read) throws IOException {
    for (int attempt = 0; ; attempt++) {
      Object before = fileKey();
      try (FileChannel file = openToRead()) {
        Head unused = readHead(file);
        T found = read.from(file);
        if (attempt == MAX_READS || Objects.equals(before, fileKey())) {
          return found;
        }
      } catch (DamagedException e) {
        if (attempt == MAX_READS || Objects.equals(before, fileKey())) {
          throw e;
        }
      }
    }
  }

  private @Nullable Object fileKey() throws IOException {
    BasicFileAttributes now = attributes(directory.resolve(FILE));
    return now == null ? null : now.fileKey();
  }
}
