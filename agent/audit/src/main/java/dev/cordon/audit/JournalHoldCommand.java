package dev.cordon.audit;

import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.JournalTailer;
import dev.cordon.journal.LegalHold;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** {@code journal hold DIR}: what must not be pruned. */
final class JournalHoldCommand {

  private static final String HELP =
      """
      usage: java -jar cordon.jar journal hold DIR --why TEXT
             java -jar cordon.jar journal hold DIR --release --why TEXT
             java -jar cordon.jar journal hold DIR --list

      Holds the journals below DIR, all of them, those of a service, or one: journal prune deletes
      nothing there until the hold is released. A hold is the file DIR/legal-hold; one that was put
      there by hand counts as well. That it was set or released is a hold record in the journal of
      the service "access".

            --why TEXT       the reason, in a few words: case of november
            --as NAME        who; otherwise CORDON_AS, or the name of this process's user
            --release        ends it
            --list           tells the holds on, above and below DIR
        -h, --help           this text

      exit codes: 0 done, 1 there is one already, or none to release, 2 not done
      """;

  private JournalHoldCommand() {}

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(HELP);
      return Exit.OK;
    }
    return Attempt.run("journal hold", err, () -> hold(arguments, out, err));
  }

  private static int hold(List<String> arguments, PrintStream out, PrintStream err)
      throws UsageException, IOException {
    Arguments given =
        Arguments.parse(arguments, Set.of("--release", "--list"), Set.of("--why", Access.OPTION));
    if (given.words().size() != 1) {
      throw new UsageException("which directory? see --help");
    }
    Path directory = Path.of(given.words().get(0)).toAbsolutePath().normalize();
    Journals.check(directory);
    List<Path> logs = JournalTailer.logs(directory);
    if (logs.isEmpty()) {
      throw new UsageException("no journal below " + directory);
    }
    if (given.has("--list")) {
      return list(logs, out);
    }
    String why = given.value("--why");
    if (why == null) {
      throw new UsageException("why? give --why TEXT; it is recorded");
    }
    boolean release = given.has("--release");
    String who = Access.nameOrUser(given);
    JournalRecord record;
    try {
      Path base = JournalTailer.base(directory);
      record = LegalHold.record(base.relativize(directory), !release, who, why);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
    return release
        ? release(directory, record, out, err)
        : set(directory, record, who, why, out, err);
  }

  private static int set(
      Path directory,
      JournalRecord record,
      String who,
      String why,
      PrintStream out,
      PrintStream err)
      throws IOException {
    try {
      LegalHold.set(directory, who, why, Instant.now().truncatedTo(ChronoUnit.SECONDS));
    } catch (FileAlreadyExistsException e) {
      err.println("cordon journal hold: " + Plain.text(directory + " is held already"));
      return Exit.FOUND_PROBLEMS;
    }
    Access.write(directory, record, "the record of the hold", "the hold stands");
    out.println(Plain.text(directory.toString()) + " is held");
    return Exit.OK;
  }

  private static int release(Path directory, JournalRecord record, PrintStream out, PrintStream err)
      throws IOException {
    Path hold = directory.resolve(LegalHold.FILE);
    if (!Files.exists(hold)) {
      err.println("cordon journal hold: " + Plain.text("there is no " + hold));
      return Exit.FOUND_PROBLEMS;
    }
    Access.write(directory, record, "the record of the release", "the hold stands");
    Files.delete(hold);
    List<Path> others = LegalHold.on(directory);
    out.println(
        Plain.text(
            directory
                + (others.isEmpty() ? " is not held any more" : " is still held by " + others)));
    return Exit.OK;
  }

  private static int list(List<Path> logs, PrintStream out) throws IOException {
    Set<Path> holds = new TreeSet<>();
    for (Path log : logs) {
      holds.addAll(LegalHold.on(log));
    }
    for (Path hold : holds) {
      out.println(Plain.text(hold + ": " + LegalHold.text(hold)));
    }
    out.println(holds.size() + (holds.size() == 1 ? " hold" : " holds"));
    return Exit.OK;
  }
}
