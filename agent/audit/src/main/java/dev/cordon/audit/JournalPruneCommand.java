package dev.cordon.audit;

import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.JournalTailer;
import dev.cordon.journal.LegalHold;
import dev.cordon.journal.Pruner;
import dev.cordon.journal.evidence.SubjectKeys;
import dev.cordon.journal.seal.MalformedException;
import dev.cordon.journal.seal.SealKey;
import dev.cordon.rules.Retention;
import dev.cordon.rules.RuleFileException;
import dev.cordon.rules.RuleSet;
import dev.cordon.rules.Surroundings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code journal prune DIR}: deletes old files of records and keeps what proves the others. */
final class JournalPruneCommand {

  private static final String HELP =
      """
      usage: java -jar cordon.jar journal prune DIR --older-than DAYS --why TEXT [OPTIONS]
             java -jar cordon.jar journal prune DIR --rules FILE --why TEXT [OPTIONS]

      Deletes the files of records below DIR in which nothing is younger, whole files only. The
      hashes of the records stay, so that the rest verifies and is proved as before; a prune record
      tells what is gone, aggregate records tell how many calls of each kind there were on each day
      (from ten on). Kept are: the file that is written, what is not sealed or does not verify,
      prune, aggregate and hold records, and what is held (journal hold). Services may be running.

            --older-than D   400d: whole days, at least one
            --rules FILE     the rule file says it: retention, events; nothing is deleted while it
                             names a legal-hold; and raw-evidence: keys of evidence that is as
                             old as that are destroyed, a day at a time
            --evidence-key F the key the agents have as evidence-key; needed for that
            --why TEXT       the reason, in a few words: retention
            --as NAME        who; otherwise CORDON_AS, or the name of this process's user
            --key FILE       the private key that signs the prune record before anything is deleted;
                             without it verify --key cannot tell until the record is sealed, by the
                             next start of the service or by journal seal
            --dry-run        tells what would be deleted
        -h, --help           this text

      exit codes: 0 done, 1 something old was kept (held, not sealed, damaged), 2 not done
      """;

  private JournalPruneCommand() {}

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(HELP);
      return Exit.OK;
    }
    return Attempt.run("journal prune", err, () -> prune(arguments, out, err));
  }

  private static int prune(List<String> arguments, PrintStream out, PrintStream err)
      throws UsageException, IOException, RuleFileException {
    Arguments given =
        Arguments.parse(
            arguments,
            Set.of("--dry-run"),
            Set.of("--older-than", "--rules", "--why", "--key", "--evidence-key", Access.OPTION));
    if (given.words().size() != 1) {
      throw new UsageException("which directory? name the one given to the agent as journal=");
    }
    Path directory = Path.of(given.words().get(0));
    Journals.check(directory);
    String why = given.value("--why");
    if (why == null) {
      throw new UsageException("why? give --why TEXT; it is recorded");
    }
    Retention retention = retention(given);
    boolean dryRun = given.has("--dry-run");
    int exit = expire(directory, retention, given, why, dryRun, out, err);
    long days = retention == null ? days(given) : retention.eventsDays();
    if (days == Retention.FOREVER) {
      out.println("no record is deleted: events are kept forever");
      return exit;
    }
    Instant before = Instant.now().minus(Duration.ofDays(days));
    SealKey key = key(given.value("--key"));
    List<Pruner.Pruned> pruned;
    try {
      pruned =
          Pruner.prune(
              new Pruner.Request(directory, before, why, Access.nameOrUser(given), key, dryRun));
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
    return Math.max(exit, tell(pruned, dryRun, key != null, out, err));
  }

  /** Destroys the keys of evidence that is older than the rules let it be kept. */
  private static int expire(
      Path directory,
      @Nullable Retention retention,
      Arguments given,
      String why,
      boolean dryRun,
      PrintStream out,
      PrintStream err)
      throws UsageException, IOException {
    long days = retention == null ? 0 : retention.rawEvidenceDays();
    Path keys = SubjectKeys.above(directory);
    Path base = keys == null ? null : keys.getParent();
    if (days == 0 || days == Retention.FOREVER || keys == null || base == null) {
      return Exit.OK;
    }
    String keyFile = given.value("--evidence-key");
    if (keyFile == null) {
      err.println(
          "cordon journal prune: kept: keys of evidence in "
              + Plain.text(keys.toString())
              + "; give --evidence-key FILE");
      return Exit.FOUND_PROBLEMS;
    }
    for (Path log : JournalTailer.logs(base)) {
      List<Path> holds = LegalHold.on(log);
      if (!holds.isEmpty()) {
        err.println(
            "cordon journal prune: kept: all keys of evidence, held by "
                + Plain.text(holds.get(0).toString()));
        return Exit.FOUND_PROBLEMS;
      }
    }
    SubjectKeys store = SubjectKeys.in(keys, Person.key(keyFile));
    if (!dryRun) {
      Person.replay(base, store, err);
    }
    // a key is for one day: on this one it is as old as it may become
    LocalDate through = LocalDate.now(ZoneOffset.UTC).minusDays(days);
    long count = store.count(null, through.toEpochDay());
    if (count > 0 && !dryRun) {
      JournalRecord record;
      try {
        record =
            JournalRecord.ofDestroyedKeys(
                through, store.epoch(), count, why, Access.nameOrUser(given));
      } catch (IllegalArgumentException e) {
        throw new UsageException(String.valueOf(e.getMessage()));
      }
      Access.write(base, record, "the record of the keys", "no key was destroyed");
      count = store.expire(through.toEpochDay(), Instant.now(), Person.LOCK_TIMEOUT_MS).keys();
    }
    out.println(
        count
            + " keys of evidence up to "
            + through
            + (dryRun ? " would be destroyed" : " destroyed"));
    return Exit.OK;
  }

  private static @Nullable Retention retention(Arguments given)
      throws UsageException, IOException, RuleFileException {
    String age = given.value("--older-than");
    String rules = given.value("--rules");
    if ((age == null) == (rules == null)) {
      throw new UsageException("how old? give --older-than 400d, or --rules FILE");
    }
    if (rules != null) {
      Retention retention =
          RuleSet.load(Path.of(rules), Surroundings.of(new RedactionDetector())).retention();
      if (!retention.legalHold().isEmpty()) {
        throw new UsageException(
            rules
                + " has a legal-hold ("
                + Plain.text(String.join(", ", retention.legalHold()))
                + "): nothing is deleted");
      }
      return retention;
    }
    return null;
  }

  private static long days(Arguments given) throws UsageException {
    String age = given.value("--older-than");
    if (age == null || !age.matches("[1-9][0-9]{0,4}d")) {
      throw new UsageException("--older-than " + age + ": whole days, as in 400d");
    }
    return Long.parseLong(age.substring(0, age.length() - 1));
  }

  private static @Nullable SealKey key(@Nullable String file) throws UsageException, IOException {
    try {
      return file == null ? null : SealKey.load(Path.of(file));
    } catch (MalformedException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private static int tell(
      List<Pruner.Pruned> pruned,
      boolean dryRun,
      boolean signed,
      PrintStream out,
      PrintStream err) {
    int exit = Exit.OK;
    long records = 0;
    long bytes = 0;
    for (Pruner.Pruned one : pruned) {
      if (!one.problem().isEmpty()) {
        err.println("cordon journal prune: kept: " + Plain.text(one.problem()));
        exit = Exit.FOUND_PROBLEMS;
        continue;
      }
      out.println(
          Plain.text(one.directory().toString())
              + ": "
              + one.records()
              + " records in "
              + String.join(" ", one.files()));
      records += one.records();
      bytes += one.bytes();
    }
    out.println(
        records
            + " records, "
            + (bytes >> 20)
            + " MB"
            + (dryRun ? " would be deleted" : " deleted"));
    if (records > 0 && !dryRun && !signed) {
      out.println(
          "NOT SIGNED: the record of it, until the next start of the service or journal seal");
    }
    return exit;
  }
}
