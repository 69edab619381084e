package dev.cordon.audit;

import dev.cordon.journal.JournalEntry;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.JournalTailer;
import dev.cordon.journal.LegalHold;
import dev.cordon.journal.RecordKind;
import dev.cordon.journal.evidence.Erasures;
import dev.cordon.journal.evidence.Erasures.Erasure;
import dev.cordon.journal.evidence.EvidenceKey;
import dev.cordon.journal.evidence.EvidenceReader;
import dev.cordon.journal.evidence.SubjectKeys;
import dev.cordon.journal.seal.MalformedException;
import dev.cordon.redaction.TypeSearch;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One person as {@code dsr} commands are asked about: names, pseudonyms, records, keys. */
final class Person {

  static final Set<String> OPTIONS =
      Set.of("--subject", "--subjects", "--key", "--reason", "--request", Access.OPTION);

  static final String HELP =
      """
            --subject X    whom, as calls name them: cus_4711, eve@example.com; repeat it for one
                           person with several names
            --subjects F   instead, or as well: a file with one name a line, - for standard input;
                           other users of the machine see what stands on a command line
            --key FILE     the evidence key, the one the agents have as evidence-key
            --reason TEXT  why, in a few words; it is recorded
            --request ID   what the request is known by, as DSR-14; otherwise one is made up
            --as NAME      who; otherwise CORDON_AS, or the name of this process's user
      """;

  static final long LOCK_TIMEOUT_MS = 10_000;

  private static final int MAX_SUBJECTS_BYTES = 1 << 20;
  private static final int MAX_REASON_CHARS = 60;

  final Path base;
  final List<byte[]> pseudonyms;
  final String request;
  final String reason;
  final String who;
  private final EvidenceKey key;
  private final Path directory; // of the keys
  private final Set<String> hex = new HashSet<>();

  private Person(
      Path base,
      Path directory,
      EvidenceKey key,
      List<byte[]> pseudonyms,
      String request,
      String reason,
      String who) {
    this.base = base;
    this.directory = directory;
    this.key = key;
    this.pseudonyms = pseudonyms;
    this.request = request;
    this.reason = reason;
    this.who = who;
    for (byte[] one : pseudonyms) {
      hex.add(HexFormat.of().formatHex(one));
    }
  }

  static Person of(Arguments given) throws UsageException, IOException {
    Path journal = InventoryCommand.directory(given).toAbsolutePath().normalize();
    Journals.check(journal);
    if (JournalTailer.logs(journal).isEmpty()) {
      throw new UsageException(
          "no journal below " + journal + "; name the one given to the agent as journal=");
    }
    EvidenceKey key = key(given.value("--key"));
    String reason = given.value("--reason");
    if (reason == null) {
      throw new UsageException("why? give --reason TEXT; it is recorded");
    }
    String request = given.value("--request");
    if (request == null) {
      request = UUID.randomUUID().toString().substring(0, 8);
    }
    if (!Erasures.isRequest(request)) {
      throw new UsageException(
          "--request: at most 40 letters, digits, dots, dashes; no name of a person");
    }
    for (String type : TypeSearch.types()) {
      if (!Boolean.FALSE.equals(TypeSearch.isIn(request, type))) { // it stands in records for ever
        throw new UsageException(
            "--request looks like a " + type + "; give what the request is known by");
      }
    }
    Set<String> subjects = new LinkedHashSet<>(given.values("--subject"));
    String file = given.value("--subjects");
    if (file != null) {
      subjects.addAll(lines(file));
    }
    subjects.removeIf(String::isBlank);
    if (subjects.isEmpty()) {
      throw new UsageException("whom? give --subject X");
    }
    List<byte[]> pseudonyms = new ArrayList<>();
    for (String subject : subjects) {
      pseudonyms.add(key.pseudonym(subject));
    }
    String who = Access.nameOrUser(given);
    try {
      JournalRecord unused =
          JournalRecord.ofPerson(
              RecordKind.DSR_FIND, pseudonyms.get(0), request, reason, MAX_REASON_CHARS, who);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
    Path keys = SubjectKeys.above(journal);
    Path base =
        keys == null || keys.getParent() == null ? JournalTailer.base(journal) : keys.getParent();
    return new Person(
        base,
        keys == null ? base.resolve(SubjectKeys.DIRECTORY) : keys,
        key,
        List.copyOf(pseudonyms),
        request,
        reason,
        who);
  }

  static EvidenceKey key(@Nullable String file) throws UsageException, IOException {
    if (file == null) {
      throw new UsageException("which key? give --key FILE, the one the agents have");
    }
    try {
      return EvidenceKey.load(Path.of(file));
    } catch (MalformedException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private static List<String> lines(String file) throws UsageException, IOException {
    byte[] bytes;
    try (InputStream in = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
      bytes = in.readNBytes(MAX_SUBJECTS_BYTES + 1);
    }
    if (bytes.length > MAX_SUBJECTS_BYTES) {
      throw new UsageException(file + " is too long for the names of one person");
    }
    return new String(bytes, StandardCharsets.UTF_8).lines().map(String::strip).toList();
  }

  SubjectKeys keys() {
    return SubjectKeys.in(directory, key);
  }

  /**
   * Destroys again what the journal says was destroyed and the files of keys do not know of: both
   * were put back from an old copy.
   */
  void replay(PrintStream err) throws IOException {
    replay(base, keys(), err);
  }

  /** Nothing is destroyed while a hold is on any journal there. */
  static void replay(Path base, SubjectKeys keys, PrintStream err) throws IOException {
    if (!keys.exist()) {
      return;
    }
    List<Erasure> told = told(base, keys.epoch(), err);
    boolean lacks = keys.lacks(told);
    Path hold = hold(base);
    if (hold != null) {
      if (lacks) {
        err.println(
            "cordon: an old copy of the keys was put back; keys in it that had been destroyed are"
                + " kept: held by "
                + Plain.text(hold.toString()));
      }
      return;
    }
    SubjectKeys.Destroyed destroyed = keys.replay(told, LOCK_TIMEOUT_MS);
    if (lacks || destroyed.restored() > 0) {
      err.println(
          "cordon: an old copy of the keys was put back; "
              + (destroyed.keys() + destroyed.restored())
              + " keys that had been destroyed were there again, and are destroyed again");
    }
  }

  private static @Nullable Path hold(Path base) throws IOException {
    List<Path> logs = new ArrayList<>(JournalTailer.logs(base));
    logs.add(base);
    for (Path log : logs) {
      List<Path> holds = LegalHold.on(log);
      if (!holds.isEmpty()) {
        return holds.get(0);
      }
    }
    return null;
  }

  /** The newest epoch that journals tell of; 0: none. */
  long toldEpoch(PrintStream err) throws IOException {
    long epoch = 0;
    for (Erasure one : told(base, keys().epoch(), err)) {
      epoch = Math.max(epoch, one.epoch() + 1);
    }
    return epoch;
  }

  /** What journals say of erasures; what nobody wrote who destroyed keys is left out. */
  private static List<Erasure> told(Path base, long epoch, PrintStream err) throws IOException {
    List<Erasure> told = new ArrayList<>();
    Path own = base.resolve(Access.SERVICE);
    if (!Files.isDirectory(own)) {
      return told;
    }
    try (JournalTailer tailer = JournalTailer.open(own)) {
      for (JournalEntry entry = tailer.poll(); entry != null; entry = tailer.poll()) {
        Erasure one = told(entry);
        if (one != null && one.epoch() <= epoch + SubjectKeys.MAX_AHEAD) {
          told.add(one);
        }
      }
      String problem = Journals.problem(tailer);
      if (!problem.isEmpty()) {
        err.println(
            "cordon: erasures may be missed, not all of "
                + Plain.text(own.toString())
                + " was read: "
                + Plain.text(problem));
      }
    }
    return told;
  }

  private static @Nullable Erasure told(JournalEntry entry) {
    String epoch = entry.attributes().getOrDefault("epoch", "");
    if (!epoch.matches("[0-9]{1,10}")) {
      return null;
    }
    String request = entry.attributes().getOrDefault("request", "");
    if (entry.kind() == RecordKind.DSR_ERASE
        && !entry.subject().isEmpty()
        && Erasures.isRequest(request)) {
      return Erasure.ofPerson(
          Long.parseLong(epoch), entry.time(), request, HexFormat.of().parseHex(entry.subject()));
    }
    String day = entry.attributes().getOrDefault("through", "");
    if (entry.kind() == RecordKind.KEY_DESTROY && day.matches("[0-9]{4}-[0-9-]{5}")) {
      try {
        return Erasure.ofDays(
            Long.parseLong(epoch), entry.time(), LocalDate.parse(day).toEpochDay());
      } catch (DateTimeParseException e) {
        return null;
      }
    }
    return null;
  }

  /** One for each name of the person. */
  List<JournalRecord> records(RecordKind kind) {
    List<JournalRecord> records = new ArrayList<>();
    for (byte[] pseudonym : pseudonyms) {
      records.add(JournalRecord.ofPerson(kind, pseudonym, request, reason, MAX_REASON_CHARS, who));
    }
    return records;
  }

  EvidenceReader reader() throws IOException {
    return EvidenceReader.of(keys(), pseudonyms);
  }

  /**
   * Hands over what is about the person: records with a pseudonym, and what came of their calls.
   *
   * @return what could not be read; empty when all could
   */
  String each(Consumer<JournalEntry> records) throws IOException {
    Set<UUID> calls = new HashSet<>();
    try (JournalTailer tailer = JournalTailer.open(base)) {
      for (JournalEntry entry = tailer.poll(); entry != null; entry = tailer.poll()) {
        UUID id = entry.requestId();
        if (hex.contains(entry.subject())) {
          if (id != null) {
            calls.add(id);
          }
          records.accept(entry);
        } else if (id != null && calls.contains(id)) {
          records.accept(entry);
        }
      }
      return Journals.problem(tailer);
    }
  }
}
