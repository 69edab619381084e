package dev.cordon.audit;

import dev.cordon.journal.JournalEntry;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.JournalTailer;
import dev.cordon.journal.LegalHold;
import dev.cordon.journal.RecordKind;
import dev.cordon.journal.evidence.EvidenceKey;
import dev.cordon.journal.evidence.EvidenceReader;
import dev.cordon.journal.evidence.EvidenceReader.Opened;
import dev.cordon.journal.evidence.SealedEvidence;
import dev.cordon.journal.evidence.SubjectKeys;
import dev.cordon.journal.seal.AtomicFile;
import dev.cordon.journal.seal.MalformedException;
import dev.cordon.journal.seal.SealKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** {@code dsr find|export|erase|keygen}: what journals keep about one person. */
final class DsrCommand {

  private static final String FIND_HELP =
      """
      usage: java -jar cordon.jar dsr find DIR --subject X --key FILE --reason TEXT [OPTIONS]

      Tells how many records below DIR are about a person, by kind and destination, and what became
      of their evidence. Only records that have a pseudonym are found: of agents with an evidence
      key, under rules with retention.raw-evidence, in calls whose subject a pack knows. A dsr.find
      record is written first.

      %s  -h, --help         this text

      exit codes: 0 done, 2 not done, or not all could be read
      """
          .formatted(Person.HELP);

  private static final String EXPORT_HELP =
      """
      usage: java -jar cordon.jar dsr export DIR --subject X --key FILE --reason TEXT -o OUT [OPTIONS]

      Writes the records about a person into OUT/dsr-REQUEST.ndjson, one JSON object a line, with
      the text of evidence where its key is there, and a manifest (export verify OUT checks it). OUT
      is for its owner alone. A dsr.export record is written first.

        -o OUT             a directory; made if it is not there
            --sign FILE    signs the manifest, a key as journal keygen makes it
      %s  -h, --help         this text

      exit codes: 0 done, 2 not done, or not all could be read
      """
          .formatted(Person.HELP);

  private static final String ERASE_HELP =
      """
      usage: java -jar cordon.jar dsr erase DIR --subject X --key FILE --reason TEXT [OPTIONS]

      Destroys all keys of a person: no evidence of theirs is read again, in no copy of the journal.
      The records stay as they are, so verify passes as before; readers show [erased DATE, request
      ID]. Services may be running. A dsr.request record is written first, a dsr.erase record with
      the numbers when it is done. Nothing is destroyed while a legal hold is on a journal with
      evidence of the person (journal hold). Copies of the file of keys from before do no harm here:
      they are recognised and destroyed again; elsewhere they are yours to delete.

      %s      --dry-run      tells what would be destroyed
        -h, --help         this text

      exit codes: 0 done, 1 kept because of a legal hold, 2 not done
      """
          .formatted(Person.HELP);

  private static final String KEYGEN_HELP =
      """
      usage: java -jar cordon.jar dsr keygen -o FILE [--rotate OLD]

      Makes the key for evidence in FILE, which only its owner may read. The agents take it as
      evidence-key=FILE, all those below one journal directory the same. Where it is lost, no
      evidence is read again, and nobody is found by a name. Keep no copy of it beside copies of the
      journal.

        -o FILE            must not be there yet
            --rotate OLD   the key that this one follows: persons have the same pseudonyms under
                           both. dsr rotate then puts the keys of persons under it
        -h, --help         this text

      exit codes: 0 made, 2 not made
      """;

  private DsrCommand() {}

  // ---- keygen

  static int keygen(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(KEYGEN_HELP);
      return Exit.OK;
    }
    return Attempt.run("dsr keygen", err, () -> make(arguments, out, err));
  }

  private static int make(List<String> arguments, PrintStream out, PrintStream err)
      throws UsageException, IOException {
    Arguments given = Arguments.parse(arguments, Set.of(), Set.of("-o", "--rotate"));
    String to = given.value("-o");
    if (to == null || !given.words().isEmpty()) {
      throw new UsageException("where to? give -o FILE");
    }
    if (Files.exists(Path.of(to))) {
      Keys.removeSecondNames(Path.of(to), err);
      throw new UsageException(to + " exists; a key is never written over");
    }
    String old = given.value("--rotate");
    EvidenceKey key = old == null ? EvidenceKey.generate() : Person.key(old).successor();
    if (old != null) {
      Keys.removeSecondNames(Path.of(old), err); // as long as it has this name
    }
    key.write(Path.of(to));
    out.println("evidence key " + key.id() + " in " + to);
    return Exit.OK;
  }

  // ---- find

  static int find(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(FIND_HELP);
      return Exit.OK;
    }
    return Attempt.run("dsr find", err, () -> findAll(arguments, out, err));
  }

  private static int findAll(List<String> arguments, PrintStream out, PrintStream err)
      throws UsageException, IOException {
    Person person = Person.of(Arguments.parse(arguments, Set.of(), Person.OPTIONS));
    person.replay(err);
    Access.write(
        person.base, person.records(RecordKind.DSR_FIND), "the record of it", "nothing was read");
    Found found = new Found(person.reader());
    String problem = person.each(found::add);
    found.tell(out);
    out.println("request " + person.request);
    return told("dsr find", problem, err);
  }

  private static int told(String command, String problem, PrintStream err) {
    if (problem.isEmpty()) {
      return Exit.OK;
    }
    err.println("cordon " + command + ": not all was read: " + Plain.text(problem));
    return Exit.NOT_READ;
  }

  /** Counts. */
  private static final class Found {
    private final EvidenceReader reader;
    private final Map<String, Long> kinds = new TreeMap<>();
    private final Map<String, Long> destinations = new TreeMap<>();
    private final Map<String, Long> evidence = new TreeMap<>();
    private final Set<Path> logs = new TreeSet<>();
    final Set<Path> withEvidence = new TreeSet<>();
    long records;
    long evidences;
    long cut; // not all of what it is of
    long epoch; // the newest of evidence

    Found(EvidenceReader reader) {
      this.reader = reader;
    }

    void add(JournalEntry entry) {
      records++;
      logs.add(entry.directory());
      kinds.merge(entry.kind().label(), 1L, Long::sum);
      if (entry.kind() == RecordKind.CALL_REQUEST) {
        destinations.merge(entry.destination(), 1L, Long::sum);
      }
      SealedEvidence sealed = entry.evidence();
      if (sealed != null) {
        Opened opened = reader.open(sealed);
        withEvidence.add(entry.directory());
        epoch = Math.max(epoch, sealed.epoch());
        evidences += opened.state() == EvidenceReader.State.OPEN ? 1 : 0;
        String what = opened.told().isEmpty() ? "readable" : opened.told();
        evidence.merge(what, 1L, Long::sum);
        cut += entry.evidenceCutBytes() > 0 ? 1 : 0;
      } else if (!entry.noEvidence().isEmpty()) {
        evidence.merge(EvidenceTold.none(entry), 1L, Long::sum);
      }
    }

    void tell(PrintStream out) {
      out.println(records + " records in " + logs.size() + " journals");
      table(out, "kind", kinds);
      table(out, "calls to", destinations);
      table(out, "evidence", evidence);
      if (cut > 0) {
        out.println("  of them the beginning only: " + cut);
      }
    }

    private static void table(PrintStream out, String what, Map<String, Long> counts) {
      counts.forEach(
          (name, count) -> out.println("  " + what + " " + Plain.text(name) + ": " + count));
    }
  }

  // ---- export

  static int export(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(EXPORT_HELP);
      return Exit.OK;
    }
    return Attempt.run("dsr export", err, () -> exportAll(arguments, out, err));
  }

  private static int exportAll(List<String> arguments, PrintStream out, PrintStream err)
      throws UsageException, IOException {
    Set<String> options = new TreeSet<>(Person.OPTIONS);
    options.addAll(Set.of("-o", "--sign"));
    Arguments given = Arguments.parse(arguments, Set.of(), options);
    String to = given.value("-o");
    if (to == null) {
      throw new UsageException("where to? -o OUT; see --help");
    }
    Person person = Person.of(given);
    SealKey key = signer(given.value("--sign"));
    Path target = Files.createDirectories(Path.of(to));
    String name = "dsr-" + person.request + ".ndjson";
    Path file = target.resolve(name);
    if (Files.exists(file)) {
      throw new UsageException(file + " exists; give another --request or -o");
    }
    person.replay(err);
    Access.write(
        person.base, person.records(RecordKind.DSR_EXPORT), "the record of it", "nothing was read");
    EvidenceReader reader = person.reader();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream lines = new PrintStream(bytes, false, StandardCharsets.UTF_8);
    JsonPrinter printer = new JsonPrinter(lines, entry -> text(entry, reader));
    long[] records = {0};
    String problem =
        person.each(
            entry -> {
              printer.print(entry);
              records[0]++;
            });
    lines.flush();
    AtomicFile.writePrivate(file, bytes.toByteArray());
    String manifest =
        "cordon export 1\nlog all\nformat dsr-ndjson\nselection request "
            + person.request
            + "\nfile "
            + name
            + "\nrecords "
            + records[0]
            + "\nbytes "
            + bytes.size()
            + "\nsha256 "
            + sha256(bytes.toByteArray())
            + "\n";
    AtomicFile.write(
        target.resolve(name + Exported.MANIFEST),
        ExportCommand.sign(manifest, key).getBytes(StandardCharsets.UTF_8));
    out.println(name);
    out.println(records[0] + " records");
    if (key == null) {
      err.println("cordon dsr export: NOT SIGNED: give --sign FILE");
    }
    return told("dsr export", problem, err);
  }

  private static String text(JournalEntry entry, EvidenceReader reader) {
    SealedEvidence sealed = entry.evidence();
    if (sealed == null) {
      return EvidenceTold.none(entry);
    }
    Opened opened = reader.open(sealed);
    return opened.state() == EvidenceReader.State.OPEN
        ? new String(opened.text(), StandardCharsets.UTF_8)
        : opened.told();
  }

  private static @Nullable SealKey signer(@Nullable String file)
      throws UsageException, IOException {
    try {
      return file == null ? null : SealKey.load(Path.of(file));
    } catch (MalformedException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no SHA-256", e);
    }
  }

  // ---- erase

  static int erase(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(ERASE_HELP);
      return Exit.OK;
    }
    return Attempt.run("dsr erase", err, () -> eraseAll(arguments, out, err));
  }

  private static int eraseAll(List<String> arguments, PrintStream out, PrintStream err)
      throws UsageException, IOException {
    Arguments given = Arguments.parse(arguments, Set.of("--dry-run"), Person.OPTIONS);
    boolean dryRun = given.has("--dry-run");
    Person person = Person.of(given);
    SubjectKeys keys = person.keys();
    if (!keys.exist()) { // a copy of them may be put back one day
      out.println("no keys of persons lie at " + Plain.text(person.base.toString()));
    }
    if (!dryRun) {
      person.replay(err);
    }
    // an approval of somebody else is to be asked for here, once there are approvals
    Access.write(
        person.base,
        person.records(dryRun ? RecordKind.DSR_FIND : RecordKind.DSR_REQUEST),
        "the record of it",
        "nothing was destroyed");
    Found found = new Found(person.reader());
    String problem = person.each(found::add);
    Path hold = hold(person.base, found.withEvidence, !problem.isEmpty());
    if (hold != null) {
      err.println("cordon dsr erase: kept: held by " + Plain.text(hold.toString()));
      return Exit.FOUND_PROBLEMS;
    }
    if (!problem.isEmpty()) {
      err.println("cordon dsr erase: records that cannot be read: " + Plain.text(problem));
    }
    long count = keys.count(person.pseudonyms, 0);
    if (dryRun) {
      found.tell(out);
      out.println(count + " keys would be destroyed, and with them " + found.evidences + " texts");
      return Exit.OK;
    }
    SubjectKeys.Destroyed destroyed =
        keys.erase(
            person.pseudonyms,
            Math.max(found.epoch, person.toldEpoch(err)),
            person.request,
            Instant.now(),
            Person.LOCK_TIMEOUT_MS);
    List<JournalRecord> done = person.records(RecordKind.DSR_ERASE);
    for (JournalRecord one : done) {
      one.attribute("epoch", destroyed.epoch())
          .attribute("keys", destroyed.keys())
          .attribute("records", found.records)
          .attribute("texts", found.evidences);
    }
    Access.write(
        person.base,
        done,
        "the record of it",
        "the keys ARE destroyed; give the same command again, so that it is told");
    out.println(
        destroyed.keys()
            + " keys destroyed, and with them "
            + found.evidences
            + " texts; "
            + found.records
            + " records stay, without them; request "
            + person.request);
    return Exit.OK;
  }

  /** The first hold on a journal with evidence of the person; on any, where not all was read. */
  private static @Nullable Path hold(Path base, Set<Path> logs, boolean any) throws IOException {
    Set<Path> held = new TreeSet<>(logs);
    held.add(base);
    if (any) {
      held.addAll(JournalTailer.logs(base));
    }
    for (Path log : held) {
      List<Path> holds = LegalHold.on(log);
      if (!holds.isEmpty()) {
        return holds.get(0);
      }
    }
    return null;
  }
}
