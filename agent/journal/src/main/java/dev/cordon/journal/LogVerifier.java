package dev.cordon.journal;

import dev.cordon.journal.RecordDecoder.DamagedException;
import dev.cordon.journal.Verification.Finding;
import dev.cordon.journal.Verification.Kind;
import dev.cordon.journal.Verification.Level;
import dev.cordon.journal.seal.Checkpoint;
import dev.cordon.journal.seal.Frontier;
import dev.cordon.journal.seal.MalformedException;
import dev.cordon.journal.seal.Merkle;
import dev.cordon.journal.seal.Note;
import dev.cordon.journal.seal.Tiles;
import dev.cordon.journal.seal.VerifierKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Verifies one directory in one pass. The leaf hashes wait a little before they enter the tree: a
 * {@code seal} record comes after the records whose root it tells, so the tree must still be at its
 * size when it is read.
 */
final class LogVerifier {

  private static final int HASH = Merkle.HASH_BYTES;
  private static final int WAITING_HASHES = 1 << 16;
  private static final int PROGRESS_RECORDS = 1 << 15;
  private static final int MAX_CHECKPOINT_BYTES = 64 << 10;
  private static final int MAX_FINDINGS = 20; // of one directory; after that they are counted

  // what a sealer that works leaves unsigned is a fraction of a second, and a start's first seconds
  private static final long UNSIGNED_SPAN_US = 60_000_000L;

  /** A {@code prune} record, at its place in this log, about another one. */
  record Prune(String directory, PrunedHead head, long index, JournalEntry entry) {}

  private record Expected(byte[] root, String by, boolean witness) {}

  private final Path directory;
  private final String origin;
  private final long log;
  private final Set<VerifierKey> keys;
  private final Remembered.@Nullable Log resumed;
  private final LongConsumer progress;
  private final Merkle merkle = new Merkle();
  private final Frontier frontier;
  private final @Nullable Tiles tiles;
  private final TreeMap<Long, List<Expected>> expected = new TreeMap<>();
  private final List<Finding> findings = new ArrayList<>();
  private final List<Seal.Link> links = new ArrayList<>();
  private final List<Seal.Link> onSecond = new ArrayList<>(); // the newest of each directory
  private long recordsOnSecond;
  private final List<Prune> prunes = new ArrayList<>();
  private @Nullable PrunedHead head;
  private final byte[] waiting = new byte[WAITING_HASHES * HASH];
  private int waitingHashes;
  private long records; // in the tree or waiting
  private long nextExpected = Long.MAX_VALUE;
  private long nextN;
  private long lastTimeUs;
  private long readBytes;
  private long readBytesBefore;
  private String lastFile = "";
  private int untold;
  private boolean rootsDiffer;
  private boolean recordsDiffer;

  private @Nullable Checkpoint checkpoint;
  private @Nullable VerifierKey checkpointSigner;
  private @Nullable Seal lastSigned; // whose root was right
  private long sealedByOthers;
  private long lastSealSize;
  private long covered; // by a checkpoint of a known key
  private long signed;
  private String signer = "";
  private long witnessed;
  private long unsignedFromUs;
  private long unsignedFrom = -1; // the first record after the last seal that is no seal itself
  private long lastNoSeal; // record that is no seal; of those before a resumption the last may be
  private String endFile = "";
  private long endPosition;

  LogVerifier(
      Path directory,
      Set<VerifierKey> keys,
      Remembered.@Nullable Log resumed,
      LongConsumer progress) {
    this.directory = directory;
    this.origin = Seal.origin(directory);
    this.log = Seal.logOf(origin);
    this.keys = keys;
    this.resumed = resumed;
    this.progress = progress;
    if (resumed == null) {
      frontier = new Frontier(merkle);
      tiles = Tiles.compared(directory, frontier);
    } else {
      frontier = Frontier.of(merkle, resumed.size(), resumed.edge());
      tiles = null;
      records = resumed.size();
      lastNoSeal = resumed.size() - 1;
      nextN = resumed.nextN();
      signed = resumed.signed();
      covered = resumed.signed();
      unsignedFrom = resumed.unsignedFrom();
      unsignedFromUs = Long.MAX_VALUE; // not known any more
      witnessed = resumed.size();
    }
  }

  /** The root that the first so many records must have. */
  void expect(long size, byte[] root, String by, boolean witness) {
    expected.computeIfAbsent(size, any -> new ArrayList<>()).add(new Expected(root, by, witness));
    nextExpected = expected.firstKey();
  }

  void expectRemembered(Remembered.Log seen) {
    expect(
        seen.size(),
        Frontier.of(merkle, seen.size(), seen.edge()).root(),
        "what was remembered",
        true);
  }

  Verification.Log verify() throws IOException {
    readCheckpoint(); // before the records: a journal that is written grows meanwhile
    try (RecordFiles files = new RecordFiles(directory)) {
      PrunedHead pruned = resumed == null ? files.head() : null;
      head = pruned;
      if (pruned != null) {
        expect(pruned.records(), pruned.root(), "its note of what was pruned", false);
      }
      checkExpected();
      if (pruned != null) {
        readPruned(pruned);
      }
      if (resumed != null) {
        files.resume(resumed.file(), resumed.position());
        if (!Files.exists(directory.resolve(resumed.file()))) {
          tell(
              Kind.TAMPERED,
              directory.resolve(resumed.file()).toString(),
              "is gone, and was there when it was verified before");
          return result();
        }
      }
      readAll(files);
      endFile = files.fileName();
      endPosition = files.position();
    }
    advance(records);
    finish();
    return result();
  }

  /** Of what is gone there are the hashes. */
  private void readPruned(PrunedHead pruned) throws IOException {
    Tiles.read(
        directory,
        pruned.records(),
        (hashes, at) -> {
          if (waitingHashes == WAITING_HASHES) {
            advance(frontier.size() + WAITING_HASHES);
          }
          System.arraycopy(hashes, at, waiting, waitingHashes * HASH, HASH);
          waitingHashes++;
          records++;
        });
    nextN = pruned.nextN();
    lastNoSeal = records - 1;
  }

  private void readAll(RecordFiles files) throws IOException {
    while (true) {
      RecordFiles.Step step = files.next();
      if (step == RecordFiles.Step.RECORD) {
        record(files);
        continue;
      }
      if (step == RecordFiles.Step.DAMAGED) {
        recordsDiffer = true;
        boolean foreign = records == 0 && checkpoint == null;
        tell(
            foreign ? Kind.CANNOT_TELL : Kind.TAMPERED,
            directory.resolve(files.fileName()) + ":" + files.position(),
            files.problem() + (foreign ? "; this is no journal's file" : ""));
      }
      return;
    }
  }

  private void record(RecordFiles files) throws IOException {
    byte[] bytes = files.bytes();
    int offset = files.offset();
    int length = files.length();
    int kind = bytes[offset + Layout.KIND] & 0xff;
    try {
      RecordDecoder.check(bytes, offset, length);
      checkNumber(files, Layout.get64(bytes, offset + Layout.N), kind);
    } catch (DamagedException e) {
      recordsDiffer = true;
      tell(Kind.TAMPERED, place(files), "record " + records + ": " + e.getMessage());
    }
    if (waitingHashes == WAITING_HASHES) {
      advance(frontier.size() + WAITING_HASHES / 2);
    }
    merkle.leaf(bytes, offset, length, waiting, waitingHashes * HASH);
    waitingHashes++;
    records++;
    lastTimeUs = Layout.get64(bytes, offset + Layout.TIME_US);
    if (kind != RecordKind.SEAL.code) {
      lastNoSeal = records - 1;
    }
    if (kind == RecordKind.SEAL.code) {
      seal(files);
    } else if (unsignedFrom < 0 && records > covered) {
      unsignedFrom = records - 1;
      unsignedFromUs = lastTimeUs;
    }
    if (kind == RecordKind.GAP.code) {
      gap(files);
    } else if (kind == RecordKind.DEVICE_UP.code) {
      onSecond(files);
    } else if (kind == RecordKind.PRUNE.code) {
      prune(files);
    } else if (kind == RecordKind.KEY_ROTATE.code) {
      rotated(files);
    }
    if (records % PROGRESS_RECORDS == 0) {
      progress(files);
    }
  }

  private void progress(RecordFiles files) {
    if (!files.fileName().equals(lastFile)) {
      lastFile = files.fileName();
      readBytesBefore = readBytes;
    }
    readBytes = readBytesBefore + files.position();
    progress.accept(readBytes);
  }

  private void checkNumber(RecordFiles files, long n, int kind) {
    boolean counted = kind != RecordKind.DICT_ADD.code && kind != RecordKind.RECOVER.code;
    if (nextN == 0) {
      nextN = n;
      if (n != 1 && isFirstOfItsRun()) {
        recordsDiffer = true;
        tell(Kind.TAMPERED, place(files), "the first number is " + n + " and not 1");
      }
    }
    if (n != nextN) {
      recordsDiffer = true;
      tell(
          Kind.TAMPERED,
          place(files),
          "record " + records + " has number " + n + ", expected " + nextN);
      nextN = n;
    }
    nextN += counted ? 1 : 0;
  }

  private boolean isFirstOfItsRun() {
    String name = String.valueOf(directory.getFileName());
    return name.endsWith("-000") || name.endsWith(SecondDevice.SUFFIX);
  }

  private void gap(RecordFiles files) {
    tell(
        Kind.GAP,
        place(files),
        attributes(files).getOrDefault("lost", "some")
            + " records were lost before this one (told by the service: disk full, or the journal"
            + " could not be written)");
  }

  private void onSecond(RecordFiles files) {
    Map<String, String> attributes = attributes(files);
    String name = attributes.getOrDefault("second", "");
    String size = attributes.getOrDefault("size", "");
    String root = attributes.getOrDefault("root", "");
    if (isPlainName(name) && size.matches("[0-9]{1,18}") && root.matches("[0-9a-f]{64}")) {
      String records = attributes.getOrDefault("records", "");
      recordsOnSecond += records.matches("[0-9]{1,18}") ? Long.parseLong(records) : 0;
      onSecond.removeIf(link -> link.directory().equals(name));
      onSecond.add(new Seal.Link(name, Long.parseLong(size), HexFormat.of().parseHex(root)));
    }
  }

  /** Told, and not believed: which key is trusted says the note that the old one signed. */
  private void rotated(RecordFiles files) {
    Map<String, String> attributes = attributes(files);
    if (attributes.containsKey("part")) { // of evidence, which no signature hangs on
      return;
    }
    tell(
        Kind.NOTE,
        place(files),
        "the key "
            + attributes.getOrDefault("to", "")
            + " seals, which follows "
            + attributes.getOrDefault("from", "")
            + " (key.rotate)");
  }

  private void prune(RecordFiles files) {
    JournalEntry entry = entry(files);
    PrunedHead told =
        entry == null
            ? null
            : PrunedHead.told(entry.attributes(), String.valueOf(directory.getFileName()));
    if (entry != null && told != null) {
      String of = entry.attributes().getOrDefault("directory", "");
      prunes.add(new Prune(of, told, records - 1, entry));
    }
  }

  private Map<String, String> attributes(RecordFiles files) {
    JournalEntry entry = entry(files);
    return entry == null ? Map.of() : entry.attributes();
  }

  /** Its names are not known. */
  private @Nullable JournalEntry entry(RecordFiles files) {
    byte[] record =
        Arrays.copyOfRange(files.bytes(), files.offset(), files.offset() + files.length());
    try {
      return new RecordDecoder(directory).decode(record, record.length);
    } catch (DamagedException e) {
      return null; // told already
    }
  }

  private void seal(RecordFiles files) throws IOException {
    Seal seal;
    try {
      seal = Seal.read(files.bytes(), files.offset(), files.length());
    } catch (DamagedException e) {
      recordsDiffer = true;
      tell(Kind.TAMPERED, place(files), String.valueOf(e.getMessage()));
      return;
    }
    if (seal.log() != log) {
      sealedByOthers++;
      if (sealedByOthers == 1 && isFirstOfItsRun()) {
        tell(
            Kind.TAMPERED,
            place(files),
            "a seal of another log: the directory was renamed, or records come from another one");
      }
      return;
    }
    Seal.Link link = seal.link();
    if (link != null && isPlainName(link.directory())) {
      links.add(link);
    }
    if (seal.size() >= records) {
      tell(
          Kind.TAMPERED,
          place(files),
          "a seal of " + seal.size() + " records, and only " + (records - 1) + " are before it");
      return;
    }
    if (seal.size() < frontier.size() || rootsDiffer) {
      return; // so late that its root is not at hand; a later one covers it
    }
    advance(seal.size());
    if (!Arrays.equals(frontier.root(), seal.root())) {
      rootsDiffer = true;
      tell(
          Kind.TAMPERED,
          place(files),
          "the first "
              + seal.size()
              + " records are not those that were sealed"
              + (lastSigned == null ? "" : "; the first " + lastSigned.size() + " are"));
      return;
    }
    if (seal.isSigned()) {
      lastSigned = seal;
      lastSealSize = seal.size();
      long next = Math.max(covered, seal.size());
      if (next >= unsignedFrom) {
        unsignedFrom = next > lastNoSeal ? -1 : next;
        unsignedFromUs = lastTimeUs;
      }
    }
  }

  private static boolean isPlainName(String name) {
    return name.matches("[0-9A-Za-z.-]{1,64}") && !name.startsWith(".");
  }

  /** Lets the tree grow to a size; compares the roots that are expected on the way. */
  private void advance(long size) throws IOException {
    int count = (int) Math.min(size - frontier.size(), waitingHashes);
    for (int i = 0; i < count; i++) {
      Tiles compared = tiles;
      if (compared == null || recordsDiffer) {
        frontier.append(waiting, i * HASH);
      } else {
        try {
          compared.append(waiting, i * HASH);
        } catch (Tiles.DifferentTileException e) {
          recordsDiffer = true; // one is enough
          tell(Kind.TAMPERED, directory.toString(), String.valueOf(e.getMessage()));
        }
      }
      if (frontier.size() == nextExpected) {
        checkExpected();
      }
    }
    System.arraycopy(waiting, count * HASH, waiting, 0, (waitingHashes - count) * HASH);
    waitingHashes -= count;
  }

  private void checkExpected() {
    List<Expected> now = expected.remove(frontier.size());
    nextExpected = expected.isEmpty() ? Long.MAX_VALUE : expected.firstKey();
    if (now == null) {
      return;
    }
    byte[] root = frontier.root();
    comparePartialTiles();
    for (Expected one : now) {
      if (!Arrays.equals(root, one.root())) {
        rootsDiffer = true;
        tell(
            Kind.TAMPERED,
            directory.toString(),
            "the first " + frontier.size() + " records are not those of " + one.by());
      } else if (one.witness()) {
        witnessed = Math.max(witnessed, frontier.size());
      }
    }
  }

  /** Those of the checkpoint's size must be there if any are; none is no harm. */
  private void comparePartialTiles() {
    Checkpoint last = checkpoint;
    Tiles compared = tiles;
    if (last == null || compared == null || recordsDiffer || last.size() != frontier.size()) {
      return;
    }
    try {
      compared.flush();
    } catch (IOException e) {
      recordsDiffer = true;
      tell(Kind.TAMPERED, directory.toString(), String.valueOf(e.getMessage()));
    }
  }

  /**
   * False if something signs a part of what was remembered and was not seen then: that can only be
   * compared by reading from the beginning.
   */
  static boolean canResume(Path directory, Remembered.Log seen, List<Seal.Link> links) {
    try {
      PrunedHead pruned = PrunedHead.read(directory);
      if (pruned != null && pruned.covers(directory.resolve(seen.file()))) {
        return false; // its hashes are there, its file is not
      }
    } catch (IOException e) {
      return false; // told when it is verified
    }
    for (Seal.Link link : links) {
      if (link.size() < seen.size()) {
        return false;
      }
    }
    Path file = directory.resolve(SealedLog.CHECKPOINT);
    try {
      if (!Files.exists(file) || Files.size(file) > MAX_CHECKPOINT_BYTES) {
        return true;
      }
      long size = Checkpoint.parse(Note.parse(Files.readAllBytes(file)).text()).size();
      return size <= seen.signed() || size >= seen.size();
    } catch (IOException | MalformedException e) {
      return true; // told when it is verified
    }
  }

  private void readCheckpoint() throws IOException {
    Path file = directory.resolve(SealedLog.CHECKPOINT);
    if (!Files.exists(file)) {
      return;
    }
    try {
      if (Files.size(file) > MAX_CHECKPOINT_BYTES) {
        throw new MalformedException("too long for a checkpoint");
      }
      Note note = Note.parse(Files.readAllBytes(file));
      Checkpoint read = Checkpoint.parse(note.text());
      if (!read.origin().equals(origin)) {
        tell(
            Kind.TAMPERED,
            file.toString(),
            "is the checkpoint of " + read.origin() + ": the directory was renamed or exchanged");
        return;
      }
      if (!keys.isEmpty()) {
        checkpointSigner = note.signer(keys);
        if (checkpointSigner == null) {
          tell(
              Kind.TAMPERED,
              file.toString(),
              "is signed by "
                  + note.signerLabels()
                  + ", which is none of the keys given; if the key was changed, give its rotation");
          return;
        }
      } else {
        signer = note.signerLabels();
      }
      if (resumed != null && read.size() < resumed.signed()) {
        tell(
            Kind.TAMPERED,
            file.toString(),
            "signs "
                + read.size()
                + " records, and "
                + resumed.signed()
                + " were seen signed: an"
                + " older file was put back");
        return;
      }
      checkpoint = read;
      if (checkpointSigner != null) {
        covered = Math.max(covered, read.size());
        if (unsignedFrom >= 0 && covered > unsignedFrom) {
          unsignedFrom = -1;
        }
      }
      if (resumed != null && read.size() == resumed.signed()) {
        return; // compared when it was seen
      }
      expect(read.size(), read.root(), "its checkpoint", false);
    } catch (MalformedException e) {
      boolean wrong = String.valueOf(e.getMessage()).endsWith(" is wrong");
      tell(
          wrong ? Kind.TAMPERED : Kind.CANNOT_TELL,
          file.toString(),
          String.valueOf(e.getMessage()));
    }
  }

  private void finish() {
    if (records == 0 && expected.isEmpty() && findings.isEmpty()) {
      tell(
          Kind.GAP,
          directory.toString(),
          "holds no record (crash: the process was killed while it started, or they were removed)");
    }
    for (Map.Entry<Long, List<Expected>> one : expected.entrySet()) {
      for (Expected missing : one.getValue()) {
        rootsDiffer = true;
        tell(
            Kind.TAMPERED,
            directory.toString(),
            records
                + " records are there, and "
                + missing.by()
                + " says "
                + one.getKey()
                + ": cut, or lost with a power failure");
      }
    }
    tellOldCheckpoint();
    if (rootsDiffer) {
      return;
    }
    if (!keys.isEmpty()) {
      checkSignatures();
      tellUnsigned();
    }
    Checkpoint last = checkpoint;
    if (last != null && last.lateFrom() < last.size()) {
      tell(
          Kind.NOTE,
          directory.toString(),
          "records "
              + last.lateFrom()
              + " to "
              + (last.size() - 1)
              + " were sealed late: "
              + String.join(", ", last.extensions()));
    }
    if (untold > 0) {
      findings.add(
          new Finding(Kind.NOTE, directory.toString(), "and " + untold + " findings more"));
    }
  }

  /** The file is written before the record: only in a living directory it may be the older one. */
  private void tellOldCheckpoint() {
    Checkpoint last = checkpoint;
    if (last != null
        && last.size() < lastSealSize
        && lastSealSize > 0
        && new InstanceReader(directory).isDead()) {
      tell(
          Kind.TAMPERED,
          directory.resolve(SealedLog.CHECKPOINT).toString(),
          "says "
              + last.size()
              + " records, and a seal of "
              + lastSealSize
              + " is in the journal: an older file was put back");
    }
  }

  private void checkSignatures() {
    VerifierKey by = checkpointSigner;
    Checkpoint last = checkpoint;
    if (by != null && last != null) {
      signed = last.size();
      signer = by.label();
    }
    Seal seal = lastSigned;
    if (seal == null || seal.size() <= signed) {
      return; // what covers it is signed
    }
    String text = seal.checkpoint(origin).text();
    boolean known = false;
    for (VerifierKey key : keys) {
      if (key.id() == seal.keyId()) {
        known = true;
        Note note = note(Note.of(text, key.name(), key.id(), seal.signature()));
        try {
          if (note != null && note.signer(List.of(key)) != null) {
            signed = seal.size();
            signer = key.label();
          }
        } catch (MalformedException e) {
          tell(
              Kind.TAMPERED,
              directory.toString(),
              "the seal of " + seal.size() + " records: " + e.getMessage());
        }
      }
    }
    if (!known) {
      tell(
          Kind.TAMPERED,
          directory.toString(),
          "the seal of "
              + seal.size()
              + " records is signed by key "
              + Integer.toHexString(seal.keyId())
              + ", which is none of the keys given; if the key was changed, give its rotation");
    }
  }

  private static @Nullable Note note(String text) {
    try {
      return Note.parse(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    } catch (MalformedException e) {
      return null;
    }
  }

  private void tellUnsigned() {
    if (unsignedFrom < 0) {
      return;
    }
    long from = unsignedFrom;
    long spanUs = lastTimeUs - unsignedFromUs;
    boolean dead = new InstanceReader(directory).isDead();
    if (spanUs > UNSIGNED_SPAN_US) {
      tell(
          Kind.CANNOT_TELL,
          directory.toString(),
          "records "
              + from
              + " to "
              + (records - 1)
              + ", "
              + spanUs / 1_000_000
              + " s, are not signed: seals were removed, or the service ran without seal-key, or its"
              + " sealer failed (agent.fault)");
    } else if (dead) {
      tell(
          Kind.GAP,
          directory.toString(),
          "records "
              + from
              + " to "
              + (records - 1)
              + " are not signed (crash: the process ended before it could, or somebody added them);"
              + " the next start of the service or 'journal seal' seals them late");
    }
  }

  private Verification.Log result() {
    Checkpoint last = checkpoint;
    return new Verification.Log(
        directory,
        origin,
        level(),
        records,
        resumed == null ? 0 : resumed.size(),
        rootsDiffer ? 0 : signed,
        signer,
        rootsDiffer ? 0 : witnessed,
        last == null || last.lateFrom() == last.size() ? records : last.lateFrom());
  }

  private Level level() {
    boolean unsigned = keys.isEmpty() || signed == 0;
    for (Finding finding : findings) {
      switch (finding.kind()) {
        case TAMPERED, CANNOT_TELL -> {
          return Level.NONE;
        }
        case GAP -> unsigned |= finding.text().contains(" are not signed ");
        case NOTE -> {}
      }
    }
    if (unsigned) {
      return Level.L1;
    }
    return witnessed > 0 ? Level.L3 : Level.L2;
  }

  /** After a failure to read. */
  Verification.Log unread() {
    return new Verification.Log(directory, origin, Level.NONE, records, 0, 0, "", 0, records);
  }

  boolean isSound() {
    for (Finding finding : findings) {
      if (finding.kind() == Kind.TAMPERED || finding.kind() == Kind.CANNOT_TELL) {
        return false;
      }
    }
    return records > 0 && endPosition > 0;
  }

  Remembered.Log remember() {
    return new Remembered.Log(
        frontier.size(), nextN, endFile, endPosition, signed, unsignedFrom, frontier.edge());
  }

  List<Finding> findings() {
    return findings;
  }

  List<Seal.Link> links() {
    return links;
  }

  /** What was pruned of this one when it was read; null if nothing was, or it was resumed. */
  @Nullable PrunedHead head() {
    return head;
  }

  /** What was pruned of other directories. */
  List<Prune> prunes() {
    return prunes;
  }

  /** How many records are under a good signature. */
  long signedRecords() {
    return rootsDiffer ? 0 : signed;
  }

  /** What the service wrote to its second device. */
  List<Seal.Link> onSecond() {
    return onSecond;
  }

  long recordsOnSecond() {
    return recordsOnSecond;
  }

  long readBytes() {
    return readBytes;
  }

  void tell(Kind kind, String place, String text) {
    if (findings.size() < MAX_FINDINGS) {
      findings.add(new Finding(kind, place, text));
    } else {
      untold++;
    }
  }

  private String place(RecordFiles files) {
    return directory.resolve(files.place()).toString();
  }
}
