package dev.cordon.audit;

import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.JournalTailer;
import dev.cordon.journal.evidence.EvidenceKey;
import dev.cordon.journal.evidence.SubjectKeys;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** {@code dsr rotate DIR}: puts the keys of persons under another evidence key. */
final class DsrRotateCommand {

  private static final String HELP =
      """
      usage: java -jar cordon.jar dsr rotate DIR --key OLD --to NEW --reason TEXT [OPTIONS]

      Puts all keys of persons below DIR under the evidence key NEW, made by dsr keygen --rotate
      OLD. No record and no evidence is written anew, persons keep their pseudonyms, verify passes
      as before; who is erased stays so. From then on OLD opens nothing there. Services may be
      running: put NEW in the place of the file that they have as evidence-key first; they read it
      again within two seconds, and until they have it they keep no evidence and tell so. Killed in
      between, give it again. A key.rotate record is written before and after. Copies of the file of
      keys from before still open with OLD: they are yours to delete, and OLD with them.

            --key OLD      the evidence key they lie under
            --to NEW       the one they shall lie under
            --reason TEXT  why, in a few words; it is recorded
            --as NAME      who; otherwise CORDON_AS, or the name of this process's user
        -h, --help         this text

      exit codes: 0 done, 2 not done
      """;

  private DsrRotateCommand() {}

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(HELP);
      return Exit.OK;
    }
    return Attempt.run("dsr rotate", err, () -> rotate(arguments, out, err));
  }

  private static int rotate(List<String> arguments, PrintStream out, PrintStream err)
      throws UsageException, IOException {
    Arguments given =
        Arguments.parse(arguments, Set.of(), Set.of("--key", "--to", "--reason", Access.OPTION));
    Path journal = InventoryCommand.directory(given).toAbsolutePath().normalize();
    Journals.check(journal);
    String reason = given.value("--reason");
    if (reason == null) {
      throw new UsageException("why? give --reason TEXT; it is recorded");
    }
    String to = given.value("--to");
    if (to == null) {
      throw new UsageException("under which key? give --to NEW, made by dsr keygen --rotate OLD");
    }
    EvidenceKey old = Person.key(given.value("--key"));
    EvidenceKey next = Person.key(to);
    for (String one : List.of(String.valueOf(given.value("--key")), to)) {
      Keys.removeSecondNames(Path.of(one), err);
    }
    if (next.id().equals(old.id())) {
      throw new UsageException("--key and --to are one key, " + old.id());
    }
    if (!next.hasPseudonymsOf(old)) {
      throw new UsageException(
          to + " was not made by dsr keygen --rotate from the key that --key names");
    }
    Path keys = SubjectKeys.above(journal);
    Path base = keys == null ? null : keys.getParent();
    if (keys == null || base == null || !SubjectKeys.in(keys, old).exist()) {
      out.println(
          "no keys of persons lie at "
              + Plain.text(JournalTailer.base(journal).resolve(SubjectKeys.DIRECTORY).toString())
              + ": nothing to change");
      return Exit.OK;
    }
    return rotate(new Wanted(base, keys, old, next, reason, Access.nameOrUser(given)), out, err);
  }

  private record Wanted(
      Path base, Path keys, EvidenceKey old, EvidenceKey next, String why, String who) {
    void tell(String state, long count, String otherwise) throws UsageException, IOException {
      JournalRecord record;
      try {
        record = JournalRecord.ofRotatedKeys(old.id(), next.id(), state, count, why, who);
      } catch (IllegalArgumentException e) {
        throw new UsageException(String.valueOf(e.getMessage()));
      }
      Access.write(base, record, "the record of it", otherwise);
    }
  }

  private static int rotate(Wanted wanted, PrintStream out, PrintStream err)
      throws UsageException, IOException {
    SubjectKeys store = SubjectKeys.in(wanted.keys(), wanted.old());
    boolean before = SubjectKeys.in(wanted.keys(), wanted.next()).isUnderKey();
    if (!before) {
      Person.replay(wanted.base(), store, err); // fails where they lie under a third key
      wanted.tell("begun", 0, "nothing was changed");
    }
    SubjectKeys.Rotated rotated = store.rotate(wanted.next(), Person.LOCK_TIMEOUT_MS);
    wanted.tell(
        "done",
        rotated.keys(),
        "the keys ARE under the new one; give the same command again, so that it is told");
    out.println(
        rotated.keys()
            + " keys of persons "
            + (rotated.already() ? "were already" : "are now")
            + " under evidence key "
            + wanted.next().id()
            + ", no longer under "
            + wanted.old().id());
    out.println(
        "services need it as evidence-key; copies of "
            + Plain.text(wanted.keys().toString())
            + " from before open with the old one: delete both");
    return Exit.OK;
  }
}
