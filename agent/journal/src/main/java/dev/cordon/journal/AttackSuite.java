package dev.cordon.journal;

import dev.cordon.journal.seal.AtomicFile;
import dev.cordon.journal.seal.Checkpoint;
import dev.cordon.journal.seal.Frontier;
import dev.cordon.journal.seal.MalformedException;
import dev.cordon.journal.seal.Merkle;
import dev.cordon.journal.seal.Note;
import dev.cordon.journal.seal.SealKey;
import dev.cordon.journal.seal.VerifierKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Does to a copy of a journal what somebody would do who wants it to tell something else, and tells
 * which level of verification notices. The records are those of a journal that is given; they are
 * put into two small logs and sealed with a key that is thrown away, because some attacks need it.
 */
public final class AttackSuite {

  /**
   * What became of one attack.
   *
   * @param exits the exit codes of verify without a key, with it, and with it and memory; 0: not
   *     noticed
   */
  public record Outcome(String attack, List<Integer> exits) {
    /** {@code L1}, {@code L2}, {@code L3}; {@code -} if nobody noticed. */
    public String noticedBy() {
      for (int level = 0; level < exits.size(); level++) {
        if (exits.get(level) != 0) {
          return "L" + (level + 1);
        }
      }
      return "-";
    }
  }

  private interface Attack {
    void on(Path older, Path newer) throws Exception;
  }

  private static final int RECORDS = 100;
  private static final int RECORDS_A_SEAL = 16;
  private static final String SERVICE = "crm";
  private static final String OLDER = "20260101T000000.000Z-p1-000";
  private static final String NEWER = "20260102T000000.000Z-p1-000";
  private static final String LATER = "20260104T000000.000Z-p1-000";
  private static final String FIRST_FILE = "20260102F.cq4";
  private static final String SECOND_FILE = "20260103F.cq4";

  private final Path work;
  private final List<byte[]> records;
  private final SealKey.Pair key;
  private final SealKey.Pair other;
  private final RecordEncoder encoder =
      new RecordEncoder(new Dictionary(), Clock.systemUTC(), "lab/lab/lab/1/0/0");
  private final Map<String, Attack> attacks = new LinkedHashMap<>();

  private AttackSuite(Path work, List<byte[]> records)
      throws MalformedException, GeneralSecurityException {
    this.work = work;
    this.records = records;
    this.key = SealKey.generate("example.com/lab");
    this.other = SealKey.generate("example.com/lab");
    fill();
  }

  /**
   * Runs all attacks.
   *
   * @param journal where records are taken from; is only read
   * @param work an empty directory
   */
  public static List<Outcome> run(Path journal, Path work)
      throws IOException, MalformedException, GeneralSecurityException {
    return new AttackSuite(work, recordsOf(journal)).run();
  }

  private static List<byte[]> recordsOf(Path journal) throws IOException, MalformedException {
    List<byte[]> records = new ArrayList<>();
    for (Path directory : InstanceDirectories.below(journal.toAbsolutePath().normalize())) {
      try (RecordFiles files = new RecordFiles(directory)) {
        while (records.size() < RECORDS && files.next() == RecordFiles.Step.RECORD) {
          int kind = files.bytes()[files.offset() + Layout.KIND] & 0xff;
          if (kind != RecordKind.SEAL.code && kind != RecordKind.GAP.code) {
            records.add(copy(files));
          }
        }
      }
    }
    if (records.isEmpty()) {
      throw new MalformedException("there are no records below " + journal);
    }
    for (int i = 0; records.size() < RECORDS; i++) {
      records.add(records.get(i)); // numbers are given anew
    }
    return records;
  }

  private List<Outcome> run() throws IOException, MalformedException, GeneralSecurityException {
    Path clean = work.resolve("clean");
    Path service = clean.resolve(SERVICE);
    Seal.Link link = write(service.resolve(OLDER), records, key.key(), null);
    write(service.resolve(NEWER), records.subList(0, RECORDS / 2), key.key(), link);
    copyTree(clean, work.resolve("backup"));
    delete(service.resolve(NEWER));
    write(service.resolve(NEWER), records, key.key(), link); // it grew since the backup
    Path seen = work.resolve("seen");
    Verification before = verify(clean, List.of(key.verifier()), seen);
    if (before.exit() != 0) {
      throw new MalformedException(
          "the journal without an attack is not sound: " + before.findings());
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (Map.Entry<String, Attack> attack : attacks.entrySet()) {
      Path lab = work.resolve("attack-" + outcomes.size());
      copyTree(clean, lab);
      try {
        attack
            .getValue()
            .on(lab.resolve(SERVICE).resolve(OLDER), lab.resolve(SERVICE).resolve(NEWER));
      } catch (IOException | MalformedException | GeneralSecurityException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(attack.getKey(), e);
      }
      Path memory = work.resolve("seen-" + outcomes.size());
      Files.copy(seen, memory);
      outcomes.add(
          new Outcome(
              attack.getKey(),
              List.of(
                  verify(lab, List.of(), null).exit(),
                  verify(lab, List.of(key.verifier()), null).exit(),
                  verify(lab, List.of(key.verifier()), memory).exit())));
      delete(lab);
    }
    return outcomes;
  }

  private static Verification verify(Path lab, List<VerifierKey> keys, @Nullable Path memory)
      throws IOException, MalformedException {
    return JournalVerifier.verify(
        new JournalVerifier.Request(lab, keys, List.of(), memory, null, Instant.MIN, true),
        (read, all) -> {});
  }

  /** The first twelve are those of the table in docs/threat-model.md. */
  private void fill() {
    attacks.put("edit one record", (older, newer) -> flip(newer, 40, Layout.DECISION));
    attacks.put(
        "edit one record, its checksum made right",
        (older, newer) -> {
          List<byte[]> all = documents(newer);
          all.get(40)[Layout.DECISION] ^= 1;
          numbered(all.get(40), Layout.get64(all.get(40), Layout.N));
          put(newer, all);
        });
    attacks.put(
        "edit, and seal everything after anew",
        (older, newer) -> rewrite(newer, edited(), other.key()));
    attacks.put("delete one record", (older, newer) -> put(newer, without(documents(newer), 40)));
    attacks.put(
        "delete, renumber, seal anew",
        (older, newer) -> rewrite(newer, without(new ArrayList<>(records), 40), other.key()));
    attacks.put(
        "swap two records",
        (older, newer) -> {
          List<byte[]> all = documents(newer);
          all.set(40, documents(newer).get(41));
          all.set(41, documents(newer).get(40));
          put(newer, all);
        });
    attacks.put(
        "insert a forged record",
        (older, newer) -> {
          List<byte[]> all = documents(newer);
          all.add(41, all.get(40).clone());
          put(newer, all);
        });
    attacks.put(
        "cut the tail, keep the checkpoint",
        (older, newer) -> put(newer, documents(newer).subList(0, 60)));
    attacks.put("cut the tail and the newer checkpoints", (older, newer) -> rollBack(newer, 60));
    attacks.put(
        "restore an old complete backup",
        (older, newer) -> {
          delete(newer);
          copyTree(work.resolve("backup").resolve(SERVICE).resolve(NEWER), newer);
        });
    attacks.put(
        "replace all, other key",
        (older, newer) -> {
          Seal.Link link = rewrite(older, edited(), other.key());
          delete(newer);
          write(newer, edited(), other.key(), link);
        });
    attacks.put(
        "full rewrite with the stolen key",
        (older, newer) -> {
          Seal.Link link = rewrite(older, edited(), key.key());
          delete(newer);
          write(newer, edited(), key.key(), link);
        });
    attacks.put(
        "delete all checkpoints and seals",
        (older, newer) -> {
          for (Path one : List.of(older, newer)) {
            delete(one);
            write(one, records, null, null);
          }
        });
    // ---- and more
    attacks.put(
        "take the checkpoint file away",
        (older, newer) -> {
          Files.delete(newer.resolve(SealedLog.CHECKPOINT));
          put(newer, documents(newer).subList(0, 60));
        });
    attacks.put("flip a bit in a document's header", (older, newer) -> flipInFile(newer, 0));
    attacks.put("flip a bit in a length", (older, newer) -> flip(newer, 40, Layout.LENGTH));
    attacks.put("flip a bit in a time", (older, newer) -> flip(newer, 40, Layout.TIME_US));
    attacks.put("flip a bit in a salt", (older, newer) -> flip(newer, 40, Layout.SALT));
    attacks.put("flip a bit in a checksum", (older, newer) -> flip(newer, 40, Layout.CRC));
    attacks.put(
        "flip a bit in a seal's signature, its checksum made right",
        (older, newer) -> {
          List<byte[]> all = documents(newer);
          byte[] seal = lastSeal(all);
          seal[seal.length - 1] ^= 1;
          numbered(seal, Layout.get64(seal, Layout.N));
          put(newer, all);
        });
    attacks.put("flip a bit in a tile", (older, newer) -> flipIn(tile(newer), 100));
    attacks.put(
        "flip a bit in the checkpoint's root",
        (older, newer) -> change(newer, lines -> lines.set(2, swapCase(lines.get(2)))));
    attacks.put(
        "flip a bit in the checkpoint's signature",
        (older, newer) -> change(newer, lines -> lines.set(4, swapCase(lines.get(4)))));
    attacks.put(
        "exchange two files of one directory",
        (older, newer) -> {
          List<byte[]> all = documents(newer);
          file(newer.resolve(FIRST_FILE), all.subList(60, all.size()));
          file(newer.resolve(SECOND_FILE), all.subList(0, 60));
        });
    attacks.put(
        "exchange two directories",
        (older, newer) -> {
          Path aside = older.resolveSibling("aside");
          Files.move(older, aside);
          Files.move(newer, older);
          Files.move(aside, newer);
        });
    attacks.put(
        "put an old checkpoint back",
        (older, newer) -> Files.write(newer.resolve(SealedLog.CHECKPOINT), oldNote(newer, 60)));
    attacks.put(
        "sign the checkpoint with another key",
        (older, newer) -> {
          Note note = Note.parse(Files.readAllBytes(newer.resolve(SealedLog.CHECKPOINT)));
          Files.writeString(
              newer.resolve(SealedLog.CHECKPOINT), Note.sign(note.text(), other.key()));
        });
    attacks.put(
        "add a forged record at the end",
        (older, newer) -> {
          List<byte[]> all = documents(newer);
          byte[] last = all.get(all.size() - 1);
          all.add(numbered(records.get(RECORDS - 1).clone(), Layout.get64(last, Layout.N) + 1));
          put(newer, all);
        });
    attacks.put(
        "cut the file in mid-record",
        (older, newer) -> {
          Path file = newer.resolve(FIRST_FILE);
          byte[] content = Files.readAllBytes(file);
          Files.write(file, Arrays.copyOf(content, content.length / 2 + 7));
        });
    attacks.put(
        "put a foreign file in its place",
        (older, newer) -> Files.write(newer.resolve(FIRST_FILE), new byte[] {80, 75, 3, 4, 1, 2}));
    attacks.put(
        "remove the first file of a directory",
        (older, newer) -> {
          inTwoFiles(newer);
          Files.delete(newer.resolve(FIRST_FILE));
        });
    attacks.put(
        "remove it, and note that it was pruned",
        (older, newer) -> {
          Files.createDirectories(newer.resolveSibling(LATER));
          pretendPruned(newer, List.of());
        });
    attacks.put(
        "remove it, note it, and write a prune record, unsigned",
        (older, newer) -> {
          write(newer.resolveSibling(LATER), List.of(records.get(0)), null, null);
          pretendPruned(newer, documents(newer.resolveSibling(LATER)));
        });
    attacks.put("remove the older directory", (older, newer) -> delete(older));
    attacks.put("remove the newest directory", (older, newer) -> delete(newer));
  }

  // ---- the laboratory

  private static void inTwoFiles(Path directory) throws IOException {
    List<byte[]> all = documents(directory);
    file(directory.resolve(FIRST_FILE), all.subList(0, 60));
    file(directory.resolve(SECOND_FILE), all.subList(60, all.size()));
  }

  /** As {@link Pruner} leaves it, by somebody who has no key. */
  private void pretendPruned(Path directory, List<byte[]> records) throws IOException {
    inTwoFiles(directory);
    Merkle merkle = new Merkle();
    Frontier frontier = new Frontier(merkle);
    byte[] hash = new byte[Merkle.HASH_BYTES];
    long nextN = 1;
    for (byte[] record : documents(directory).subList(0, 60)) {
      merkle.leaf(record, 0, record.length, hash, 0);
      frontier.append(hash, 0);
      nextN = Layout.get64(record, Layout.N) + (isCounted(record) ? 1 : 0);
    }
    PrunedHead head = new PrunedHead(60, nextN, FIRST_FILE, frontier.root(), LATER);
    head.write(directory);
    Files.delete(directory.resolve(FIRST_FILE));
    if (!records.isEmpty()) {
      JournalRecord record = new JournalRecord(RecordKind.PRUNE);
      record.own("directory", String.valueOf(directory.getFileName()));
      record.attribute("records", head.records());
      record.attribute("next", head.nextN());
      record.own("through", head.through());
      record.own("root", java.util.HexFormat.of().formatHex(head.root()));
      List<byte[]> more = new ArrayList<>(records);
      byte[] last = records.get(records.size() - 1);
      more.add(
          numbered(
              encoder.encode(record), Layout.get64(last, Layout.N) + (isCounted(last) ? 1 : 0)));
      put(directory.resolveSibling(LATER), more);
    }
  }

  /** A log of these records; tells what a later one would say about it. */
  private Seal.@Nullable Link write(
      Path directory, List<byte[]> plain, @Nullable SealKey by, Seal.@Nullable Link link)
      throws IOException, GeneralSecurityException {
    Files.createDirectories(directory);
    Files.write(directory.resolve(QueueFile.LIVE_LOCK), new byte[0]);
    Merkle merkle = new Merkle();
    Frontier frontier = new Frontier(merkle);
    String origin = Seal.origin(directory);
    List<byte[]> all = new ArrayList<>();
    byte[] hash = new byte[Merkle.HASH_BYTES];
    long n = 1;
    for (byte[] one : plain) {
      byte[] record = numbered(one.clone(), n);
      n += isCounted(record) ? 1 : 0;
      all.add(record);
      merkle.leaf(record, 0, record.length, hash, 0);
      frontier.append(hash, 0);
      if (by != null && frontier.size() % RECORDS_A_SEAL == RECORDS_A_SEAL - 1) {
        Seal unsigned =
            new Seal(
                Seal.logOf(origin), frontier.size(), frontier.root(), by.id(), new byte[0], link);
        byte[] signature =
            by.sign(unsigned.checkpoint(origin).text().getBytes(StandardCharsets.UTF_8));
        byte[] seal =
            numbered(
                encoder.encodeSeal(
                    new Seal(
                        unsigned.log(),
                        unsigned.size(),
                        unsigned.root(),
                        by.id(),
                        signature,
                        frontier.size() < RECORDS_A_SEAL ? link : null)),
                n++);
        all.add(seal);
        merkle.leaf(seal, 0, seal.length, hash, 0);
        frontier.append(hash, 0);
      }
    }
    put(directory, all);
    if (by == null) {
      return null;
    }
    try (SealedLog log = new SealedLog(directory)) {
      log.readAll();
      log.seal(by, null, null, null);
      log.finish();
    }
    return SealedLog.finished(directory);
  }

  private Seal.@Nullable Link rewrite(Path directory, List<byte[]> plain, SealKey by)
      throws IOException, GeneralSecurityException {
    Seal.Link link = null;
    for (byte[] document : documents(directory)) {
      link = link == null ? linkOf(document) : link;
    }
    delete(directory);
    return write(directory, plain, by, link);
  }

  private static Seal.@Nullable Link linkOf(byte[] document) {
    if ((document[Layout.KIND] & 0xff) != RecordKind.SEAL.code) {
      return null;
    }
    try {
      return Seal.read(document, 0, document.length).link();
    } catch (RecordDecoder.DamagedException e) {
      throw new IllegalStateException("a seal of ours", e);
    }
  }

  /** As it was when so many records were sealed: records, tiles and the note, which is genuine. */
  private void rollBack(Path directory, int most) throws Exception {
    byte[] note = oldNote(directory, most);
    long size = Checkpoint.parse(Note.parse(note).text()).size();
    List<byte[]> kept = documents(directory).subList(0, (int) size);
    List<byte[]> copies = new ArrayList<>(kept);
    delete(directory);
    Files.createDirectories(directory);
    Files.write(directory.resolve(QueueFile.LIVE_LOCK), new byte[0]);
    put(directory, copies);
    Files.write(directory.resolve(SealedLog.CHECKPOINT), note);
  }

  /** The checkpoint of an earlier size, from the seal that holds its signature. */
  private byte[] oldNote(Path directory, int most) throws Exception {
    String origin = Seal.origin(directory);
    String note = "";
    for (byte[] document : documents(directory).subList(0, most)) {
      if ((document[Layout.KIND] & 0xff) == RecordKind.SEAL.code) {
        Seal seal = Seal.read(document, 0, document.length);
        note =
            Note.of(
                seal.checkpoint(origin).text(), key.key().name(), key.key().id(), seal.signature());
      }
    }
    return note.getBytes(StandardCharsets.UTF_8);
  }

  private List<byte[]> edited() {
    List<byte[]> edited = new ArrayList<>();
    for (byte[] record : records) {
      edited.add(record.clone());
    }
    edited.get(40)[Layout.DECISION] ^= 1;
    return edited;
  }

  private static List<byte[]> without(List<byte[]> all, int index) {
    all.remove(index);
    return all;
  }

  private static byte[] lastSeal(List<byte[]> all) {
    byte[] last = all.get(0);
    for (byte[] one : all) {
      last = (one[Layout.KIND] & 0xff) == RecordKind.SEAL.code ? one : last;
    }
    return last;
  }

  private static boolean isCounted(byte[] record) {
    int kind = record[Layout.KIND] & 0xff;
    return kind != RecordKind.DICT_ADD.code && kind != RecordKind.RECOVER.code;
  }

  private static byte[] numbered(byte[] record, long n) {
    Layout.put64(record, Layout.N, n);
    Layout.put32(record, Layout.CRC, Layout.crc(record, record.length));
    return record;
  }

  private static byte[] copy(RecordFiles files) {
    return Arrays.copyOfRange(files.bytes(), files.offset(), files.offset() + files.length());
  }

  private static List<byte[]> documents(Path directory) throws IOException {
    List<byte[]> all = new ArrayList<>();
    try (RecordFiles files = new RecordFiles(directory)) {
      while (files.next() == RecordFiles.Step.RECORD) {
        all.add(copy(files));
      }
    }
    return all;
  }

  private static void put(Path directory, List<byte[]> all) throws IOException {
    file(directory.resolve(FIRST_FILE), all);
  }

  private static void file(Path file, List<byte[]> all) throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    byte[] header = new byte[4];
    for (byte[] one : all) {
      Layout.put32(header, 0, one.length);
      content.write(header);
      content.write(one);
      content.write(new byte[-one.length & 3]);
    }
    content.write(new byte[64]); // allocated ahead, as the service does
    AtomicFile.write(file, content.toByteArray());
  }

  private static void flip(Path directory, int index, int at) throws IOException {
    int position = 0;
    List<byte[]> all = documents(directory);
    for (int i = 0; i < index; i++) {
      position += 4 + (all.get(i).length + 3 & ~3);
    }
    flipIn(directory.resolve(FIRST_FILE), position + 4 + at);
  }

  private static void flipInFile(Path directory, int at) throws IOException {
    flipIn(directory.resolve(FIRST_FILE), at);
  }

  private static void flipIn(Path file, int at) throws IOException {
    byte[] content = Files.readAllBytes(file);
    content[at] ^= 1;
    Files.write(file, content);
  }

  private static Path tile(Path directory) throws IOException {
    try (Stream<Path> tiles = Files.walk(directory.resolve("tile/0"))) {
      return tiles.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
  }

  private interface Change {
    void on(List<String> lines);
  }

  private static void change(Path directory, Change change) throws IOException {
    Path file = directory.resolve(SealedLog.CHECKPOINT);
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    change.on(lines);
    Files.writeString(file, String.join("\n", lines) + "\n");
  }

  /** Another letter in the middle of base64. */
  private static String swapCase(String text) {
    int at = text.length() / 2;
    char c = text.charAt(at);
    return text.substring(0, at) + (c == 'A' ? 'B' : 'A') + text.substring(at + 1);
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path one : all.toList()) {
        Path copy = to.resolve(from.relativize(one).toString());
        if (Files.isDirectory(one)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(one, copy);
        }
      }
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
  }
}
