package dev.cordon.journal;

import dev.cordon.journal.RecordDecoder.DamagedException;
import dev.cordon.journal.Verification.Finding;
import dev.cordon.journal.Verification.Kind;
import dev.cordon.journal.seal.AtomicFile;
import dev.cordon.journal.seal.Checkpoint;
import dev.cordon.journal.seal.Frontier;
import dev.cordon.journal.seal.MalformedException;
import dev.cordon.journal.seal.Merkle;
import dev.cordon.journal.seal.Note;
import dev.cordon.journal.seal.SealKey;
import dev.cordon.journal.seal.Tiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Deletes whole files of records that are older than they need to be kept, and leaves what proves
 * the others: the hashes of the records that are gone stay in the tiles. For one thread.
 *
 * <p>For each service in this order, so that nothing is ever gone untold, wherever it is
 * interrupted:
 *
 * <pre>
 *  1  hashes                 of all that is to go, on the device
 *  2  SERVICE/prune.next     names the directory that will tell
 *  3  that directory         aggregates, then one prune record for each directory; on the device, sealed with the key
 *  4  DIRECTORY/pruned       for readers; from now on the files count as gone
 *  5  the files
 *  6  SERVICE/prune.next     is deleted
 * </pre>
 *
 * Who finds a {@code prune.next} whose prune records are complete goes on with 4; if they are not,
 * it is as if nothing had happened: aggregates count only where all prune records follow them.
 */
public final class Pruner {

  /** What fewer calls than that had in common is not counted: it might be told of one person. */
  static final int LEAST_COUNT = 10;

  static final String NEXT = "prune.next";
  private static final Set<RecordKind> TELLING =
      EnumSet.of(RecordKind.PRUNE, RecordKind.AGGREGATE, RecordKind.HOLD);
  private static final Set<RecordKind> BETWEEN =
      EnumSet.of(RecordKind.DICT_ADD, RecordKind.SEAL, RecordKind.FORCE, RecordKind.RECOVER);
  private static final String LOCK = "prune.lock";
  private static final Duration ENDED_LATE = Duration.ofDays(14); // a service without a call
  static final int MAX_WHY_CHARS = 40;
  private static final int MAX_NEXT_BYTES = 256;
  private static final long APPEND_TIMEOUT_NS = 30_000_000_000L;

  /**
   * What to prune.
   *
   * @param before files with nothing as young as that
   * @param why told in the record, in words of the operator: {@code retention}
   * @param who told in the record
   * @param key signs the record; null: the next start of the service or {@code journal seal} does
   * @param dryRun tells what would be done
   */
  public record Request(
      Path parent, Instant before, String why, String who, @Nullable SealKey key, boolean dryRun) {

    public Request {
      parent = parent.toAbsolutePath().normalize();
      checkTold(why, MAX_WHY_CHARS, who);
    }
  }

  /**
   * What people say of an act that journals are told of.
   *
   * @throws IllegalArgumentException if a journal would not keep the reason or the name
   */
  static void checkTold(String why, int maxChars, String who) {
    if (why.isBlank() || why.length() > maxChars || !NameGuard.isAttributeValue(why)) {
      throw new IllegalArgumentException(
          "the reason '"
              + why
              + "' must be a few words without long numbers, at most "
              + maxChars
              + " letters, digits, blanks and dashes");
    }
    if (!JournalRecord.isActor(who)) {
      throw new IllegalArgumentException(
          "'" + who + "' is no name that a journal keeps; letters, digits, dots and dashes");
    }
  }

  /**
   * What was done with one directory.
   *
   * @param files that are gone
   * @param records that were in them
   * @param problem empty, or why it was kept
   */
  public record Pruned(
      Path directory, List<String> files, long records, long bytes, String problem) {}

  /** One directory with files that are old enough. */
  private static final class Old {
    final Path directory;
    final List<Path> files = new ArrayList<>();
    final Merkle merkle = new Merkle();
    final Frontier frontier = new Frontier(merkle); // of what was pruned before and is to go now
    long from;
    long bytes;
    long nextN;
    long lastNoSeal = -1;

    Old(Path directory) {
      this.directory = directory;
    }

    PrunedHead head(String by) {
      Path through = files.get(files.size() - 1);
      return new PrunedHead(
          frontier.size(), nextN, String.valueOf(through.getFileName()), frontier.root(), by);
    }
  }

  /** What prune records say is to go, and perhaps is not yet. */
  private record Told(Path directory, long from, PrunedHead head) {}

  private final Request request;
  private final Consumer<String> steps; // a test ends the process there
  private final List<Pruned> pruned = new ArrayList<>();

  private Pruner(Request request, Consumer<String> steps) {
    this.request = request;
    this.steps = steps;
  }

  /** Prunes every directory below the parent; one that cannot be does not keep the others. */
  public static List<Pruned> prune(Request request) throws IOException {
    return prune(request, step -> {});
  }

  static List<Pruned> prune(Request request, Consumer<String> steps) throws IOException {
    Pruner pruner = new Pruner(request, steps);
    Map<Path, List<Path>> services = new LinkedHashMap<>();
    for (Path directory : InstanceDirectories.below(request.parent())) {
      Path service = directory.getParent();
      if (service != null) {
        services.computeIfAbsent(service, any -> new ArrayList<>()).add(directory);
      }
    }
    for (Map.Entry<Path, List<Path>> service : services.entrySet()) {
      pruner.service(service.getKey(), service.getValue());
    }
    return List.copyOf(pruner.pruned);
  }

  private void service(Path service, List<Path> directories) {
    try {
      if (request.dryRun()) {
        for (Told told : interrupted(service)) {
          done(told.directory(), covered(told), told.head().records() - told.from());
        }
        round(service, directories);
        return;
      }
      try (FileChannel channel =
              FileChannel.open(
                  service.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = lock(channel, service)) {
        steps.accept("locked");
        List<Told> interrupted = interrupted(service);
        if (!interrupted.isEmpty()) {
          sign(interrupted.get(0).directory().resolveSibling(interrupted.get(0).head().by()));
          delete(service, interrupted);
        }
        round(service, directories);
      }
    } catch (IOException | RuntimeException e) {
      kept(service, e);
    }
  }

  private static FileLock lock(FileChannel channel, Path service) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return lock;
      }
    } catch (OverlappingFileLockException e) {
      // in this JVM
    }
    throw new IOException(service + " is pruned by another process at this moment");
  }

  private void round(Path service, List<Path> directories) throws IOException {
    List<Old> olds = new ArrayList<>();
    Counts counts = new Counts();
    for (Path directory : directories) {
      try {
        Old old = old(directory);
        if (old != null) {
          Counts own = new Counts();
          read(old, own);
          counts.addAll(own);
          olds.add(old);
        }
      } catch (IOException | RuntimeException e) {
        kept(directory, e);
      }
    }
    if (request.dryRun()) {
      for (Old old : olds) {
        done(old.directory, old.files, old.frontier.size() - old.from);
      }
    } else if (!olds.isEmpty()) {
      steps.accept("hashed");
      delete(service, tell(service, olds, counts));
    }
  }

  private void kept(Path what, Exception e) {
    String message = String.valueOf(e.getMessage());
    String text = message.contains(what.toString()) ? message : what + ": " + e;
    pruned.add(new Pruned(what, List.of(), 0, 0, text));
  }

  private void done(Path directory, List<Path> files, long records) throws IOException {
    long bytes = 0;
    List<String> names = new ArrayList<>();
    for (Path file : files) {
      bytes += Files.size(file);
      names.add(String.valueOf(file.getFileName()));
    }
    pruned.add(new Pruned(directory, List.copyOf(names), records, bytes, ""));
  }

  // ---- what is old

  /** Null if there is nothing to do. */
  private @Nullable Old old(Path directory) throws IOException {
    Old old = new Old(directory);
    boolean live = !new InstanceReader(directory).isDead(); // asked first: then all is there
    PrunedHead head = PrunedHead.read(directory);
    List<Path> files = new ArrayList<>(RecordFiles.files(directory));
    files.removeIf(file -> head != null && head.covers(file));
    int most = files.size() - (live ? 1 : 0);
    for (int i = 0; i < most && isOld(files.get(i)); i++) {
      old.files.add(files.get(i));
    }
    if (old.files.isEmpty() || tellsOfPrunes(directory)) {
      return null;
    }
    checkHold(directory);
    return old;
  }

  /**
   * By its name, which is a day of the service's clock, and by the file system's: a service whose
   * clock was wrong, or a copy. That is told, unless the file was only ended late.
   */
  private boolean isOld(Path file) throws IOException {
    Instant end =
        LocalDate.ofEpochDay(QueueFile.cycleOf(file) + 1).atStartOfDay(ZoneOffset.UTC).toInstant();
    Instant changed = Files.getLastModifiedTime(file).toInstant();
    boolean byName = !end.isAfter(request.before());
    if (byName && !changed.isBefore(request.before()) && changed.isAfter(end.plus(ENDED_LATE))) {
      throw new IOException(file + " is old by its name and was changed at " + changed);
    }
    return byName && changed.isBefore(request.before());
  }

  private static void checkHold(Path directory) throws IOException {
    List<Path> holds = LegalHold.on(directory);
    if (!holds.isEmpty()) {
      throw new IOException(directory + " is held by " + holds.get(0));
    }
  }

  /** What was written by a prune or a hold is what tells of them, and is kept. */
  private static boolean tellsOfPrunes(Path directory) throws IOException {
    try (RecordFiles files = new RecordFiles(directory)) {
      while (files.next() == RecordFiles.Step.RECORD) {
        RecordKind kind = RecordKind.ofCode(files.bytes()[files.offset() + Layout.KIND]);
        if (TELLING.contains(kind)) {
          return true;
        }
        if (!BETWEEN.contains(kind)) {
          return false;
        }
      }
    }
    return false;
  }

  /** Only what verifies is deleted. */
  private void read(Old old, Counts counts) throws IOException {
    LogVerifier verifier = new LogVerifier(old.directory, Set.of(), null, read -> {});
    verifier.verify();
    for (Finding finding : verifier.findings()) {
      if (finding.kind() == Kind.TAMPERED || finding.kind() == Kind.CANNOT_TELL) {
        throw new IOException(
            old.directory + " does not verify, see journal verify: " + finding.text());
      }
    }
    long last = QueueFile.cycleOf(old.files.get(old.files.size() - 1));
    long sealed = checkpointSize(old.directory);
    RecordDecoder decoder = new RecordDecoder(old.directory);
    byte[] hash = new byte[Merkle.HASH_BYTES];
    Tiles tiles =
        request.dryRun()
            ? Tiles.compared(old.directory, old.frontier)
            : new Tiles(old.directory, old.frontier);
    try (RecordFiles files = new RecordFiles(old.directory)) {
      PrunedHead head = files.head();
      if (head != null) {
        Tiles.read(old.directory, head.records(), tiles::append);
        old.from = head.records();
        old.nextN = head.nextN();
      }
      while (files.next() == RecordFiles.Step.RECORD) {
        byte[] record =
            Arrays.copyOfRange(files.bytes(), files.offset(), files.offset() + files.length());
        int kind = record[Layout.KIND] & 0xff;
        if (kind == RecordKind.SEAL.code) {
          sealed = Math.max(sealed, sealedBy(record, old.directory));
        }
        if (QueueFile.cycleOf(files.file()) > last) {
          continue;
        }
        if (kind != RecordKind.SEAL.code) {
          old.lastNoSeal = files.index();
        }
        old.merkle.leaf(record, 0, record.length, hash, 0);
        tiles.append(hash, 0);
        boolean counted = kind != RecordKind.DICT_ADD.code && kind != RecordKind.RECOVER.code;
        old.nextN = Layout.get64(record, Layout.N) + (counted ? 1 : 0);
        JournalEntry entry = decoder.decode(record, record.length);
        if (entry != null) {
          counts.add(entry);
        }
      }
    } catch (DamagedException e) {
      throw new IOException(old.directory + ": " + e.getMessage(), e);
    }
    if (old.frontier.size() == old.from) {
      throw new IOException(old.directory + " has old files without a record");
    }
    if (old.lastNoSeal >= sealed) {
      throw new IOException(
          old.directory
              + " is not sealed to its end ("
              + sealed
              + " records are, "
              + (old.lastNoSeal + 1)
              + " would go); start the service once or run journal seal");
    }
    if (!request.dryRun()) {
      if (!hasHashes(old.directory, old.head(""))) {
        tiles.flush();
      }
      Tiles.force(old.directory, old.from, old.frontier.size());
      if (!hasHashes(old.directory, old.head(""))) {
        throw new IOException(old.directory + ": its tiles do not tell the records that are to go");
      }
    }
  }

  private static long checkpointSize(Path directory) throws IOException {
    Seal.Link link = SealedLog.finished(directory);
    long finished = link == null ? 0 : link.size();
    Path file = directory.resolve(SealedLog.CHECKPOINT);
    if (!Files.exists(file)) {
      return finished;
    }
    try {
      return Math.max(
          finished, Checkpoint.parse(Note.parse(Files.readAllBytes(file)).text()).size());
    } catch (MalformedException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static long sealedBy(byte[] record, Path directory) throws DamagedException {
    Seal seal = Seal.read(record, 0, record.length);
    return seal.log() == Seal.logOf(Seal.origin(directory)) ? seal.size() : 0;
  }

  /** Whether the leaves that are to go are in the tiles, as the disk has them. */
  private static boolean hasHashes(Path directory, PrunedHead head) {
    Frontier there = new Frontier(new Merkle());
    try {
      Tiles.read(directory, head.records(), there::append);
    } catch (IOException e) {
      return false;
    }
    return Arrays.equals(there.root(), head.root());
  }

  // ---- telling

  /** In a directory of its own beside those of the service, as any other process would. */
  private List<Told> tell(Path service, List<Old> olds, Counts counts) throws IOException {
    Path base = service.getParent();
    JournalOptions options =
        JournalOptions.of(base == null ? service : base, String.valueOf(service.getFileName()))
            .withSeal(SealOptions.off())
            .withDevice(DeviceOptions.standard().withLowWaterBytes(0)); // who prunes has no room
    if (base == null || !base.resolve(options.service()).equals(service)) {
      throw new IOException(service + " is no directory of a service");
    }
    List<Told> told = new ArrayList<>();
    Path by;
    try (Journal journal = Journal.open(options)) {
      by = journal.directory();
      String name = String.valueOf(by.getFileName());
      AtomicFile.writeForced(service.resolve(NEXT), name.getBytes(StandardCharsets.US_ASCII));
      steps.accept("announced");
      for (JournalRecord record : counts.records()) {
        append(journal, record, Level.ACCEPTED);
      }
      for (Old old : olds) {
        checkHold(old.directory);
        PrunedHead head = old.head(name);
        told.add(new Told(old.directory, old.from, head));
        append(
            journal,
            record(old, head, olds.size()),
            told.size() == olds.size() ? Level.DURABLE : Level.ACCEPTED);
        steps.accept("told " + told.size());
      }
      if (!journal.directory().equals(by)) {
        throw new IOException(
            "nothing was deleted: the journal could not go on in "
                + by
                + " ("
                + journal.status().lastProblem()
                + ")");
      }
    }
    sign(by);
    steps.accept("signed");
    return told;
  }

  private JournalRecord record(Old old, PrunedHead head, int of) throws IOException {
    JournalRecord record = new JournalRecord(RecordKind.PRUNE).actor(request.who());
    record.own("directory", String.valueOf(old.directory.getFileName()));
    record.attribute("from", old.from);
    record.attribute("records", head.records());
    record.attribute("next", head.nextN());
    record.own("through", head.through());
    record.own("root", HexFormat.of().formatHex(head.root()));
    record.attribute("of", of);
    record.attribute("why", request.why());
    if (record.truncated) {
      throw new IOException(old.directory + ": what is to be told of it does not fit a record");
    }
    return record;
  }

  private static void append(Journal journal, JournalRecord record, Level level)
      throws IOException {
    Appended appended = journal.append(record, level, APPEND_TIMEOUT_NS);
    if (appended == Appended.FAILED || level == Level.DURABLE && appended != Appended.DURABLE) {
      throw new IOException(
          "nothing was deleted: the journal did not take the record of it ("
              + journal.status().lastProblem()
              + ")");
    }
  }

  private void sign(Path by) throws IOException {
    SealKey key = request.key();
    if (key == null || SealedLog.finished(by) != null) {
      return;
    }
    try (SealedLog log = new SealedLog(by)) {
      log.readAll();
      log.seal(key, null, null, null);
      log.finish();
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot sign " + by + ": " + e, e);
    }
  }

  /** What an earlier prune told completely and perhaps did not do; empty if there is nothing. */
  private static List<Told> interrupted(Path service) throws IOException {
    Path next = service.resolve(NEXT);
    if (!Files.exists(next) || Files.size(next) > MAX_NEXT_BYTES) {
      return List.of();
    }
    String name = Files.readString(next, StandardCharsets.ISO_8859_1);
    Path by = service.resolve(name.matches("[0-9A-Za-z][0-9A-Za-z.-]*") ? name : "-");
    if (!Files.isDirectory(by)) {
      return List.of();
    }
    List<Told> told = new ArrayList<>();
    String of = "";
    RecordDecoder decoder = new RecordDecoder(by);
    try (RecordFiles files = new RecordFiles(by)) {
      while (files.next() == RecordFiles.Step.RECORD) {
        byte[] record =
            Arrays.copyOfRange(files.bytes(), files.offset(), files.offset() + files.length());
        JournalEntry entry = decoder.decode(record, record.length);
        PrunedHead head =
            entry == null || entry.kind() != RecordKind.PRUNE
                ? null
                : PrunedHead.told(entry.attributes(), name);
        if (entry != null && head != null) {
          String from = entry.attributes().getOrDefault("from", "");
          of = entry.attributes().getOrDefault("of", "");
          told.add(
              new Told(
                  service.resolve(entry.attributes().getOrDefault("directory", "")),
                  from.matches("[0-9]{1,18}") ? Long.parseLong(from) : 0,
                  head));
        }
      }
    } catch (DamagedException e) {
      throw new IOException(by + ": " + e.getMessage(), e);
    }
    return of.equals(Integer.toString(told.size())) ? told : List.of();
  }

  // ---- deleting

  private void delete(Path service, List<Told> told) throws IOException {
    for (Told one : told) {
      Path directory = one.directory();
      if (!Files.isDirectory(directory)) {
        continue; // removed as a whole meanwhile
      }
      checkHold(directory);
      PrunedHead head = one.head();
      boolean live = !new InstanceReader(directory).isDead();
      List<Path> all = RecordFiles.files(directory);
      if (live && !all.isEmpty() && head.covers(all.get(all.size() - 1))) {
        throw new IOException(all.get(all.size() - 1) + " is written at this moment");
      }
      PrunedHead noted = PrunedHead.read(directory);
      if (noted == null || noted.records() < head.records()) {
        if (!hasHashes(directory, head)) {
          throw new IOException(
              directory + ": its tiles do not tell the records that are to go, nothing is deleted");
        }
        head.write(directory);
        steps.accept("noted " + directory.getFileName());
      }
      List<Path> files = covered(one);
      done(directory, files, head.records() - one.from());
      for (Path file : files) {
        Files.deleteIfExists(file);
        steps.accept("deleted " + file.getFileName());
      }
      if (RecordFiles.files(directory).isEmpty() && new InstanceReader(directory).isDead()) {
        Files.deleteIfExists(directory.resolve(QueueFile.METADATA));
      }
      AtomicFile.force(directory);
    }
    Files.deleteIfExists(service.resolve(NEXT));
    steps.accept("done");
  }

  private static List<Path> covered(Told told) throws IOException {
    if (!Files.isDirectory(told.directory())) {
      return List.of(); // removed as a whole meanwhile
    }
    List<Path> files = new ArrayList<>(RecordFiles.files(told.directory()));
    files.removeIf(file -> !told.head().covers(file));
    return files;
  }

  // ---- what stays of the calls

  /** How many calls of each kind on each day; small numbers are not told. */
  private static final class Counts {
    private record Key(
        String day, String destination, String operation, String callClass, String decision) {}

    private static final int MAX_KEYS = 100_000;

    private final Map<Key, Long> counts = new LinkedHashMap<>();
    private long beyond;

    void add(JournalEntry entry) {
      if (entry.kind() == RecordKind.CALL_REQUEST) {
        String day = entry.time().atZone(ZoneOffset.UTC).toLocalDate().toString();
        String operation = entry.operation().isEmpty() ? entry.route() : entry.operation();
        add(new Key(day, entry.destination(), operation, entry.callClass(), entry.decision()), 1);
      }
    }

    private void add(Key key, long count) {
      if (counts.size() < MAX_KEYS || counts.containsKey(key)) {
        counts.merge(key, count, Long::sum);
      } else {
        beyond += count;
      }
    }

    void addAll(Counts others) {
      others.counts.forEach(this::add);
      beyond += others.beyond;
    }

    /** What is suppressed is told as one number, unless that were the number of one kind. */
    List<JournalRecord> records() {
      List<JournalRecord> records = new ArrayList<>();
      long few = beyond;
      int kinds = beyond > 0 ? 2 : 0;
      for (Map.Entry<Key, Long> one : counts.entrySet()) {
        Key key = one.getKey();
        if (one.getValue() < LEAST_COUNT) {
          few += one.getValue();
          kinds++;
          continue;
        }
        records.add(
            new JournalRecord(RecordKind.AGGREGATE)
                .destination(key.destination())
                .operation(key.operation())
                .callClass(key.callClass())
                .decision(key.decision())
                .attribute("day", key.day())
                .attribute("count", one.getValue()));
      }
      if (few >= LEAST_COUNT && kinds > 1) {
        records.add(
            new JournalRecord(RecordKind.AGGREGATE)
                .attribute("suppressed", "yes")
                .attribute("count", few));
      }
      return records;
    }
  }
}
