package dev.cordon.audit;

import dev.cordon.journal.Appended;
import dev.cordon.journal.Journal;
import dev.cordon.journal.JournalOptions;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.JournalTailer;
import dev.cordon.journal.Level;
import dev.cordon.journal.RecordKind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who read: an {@code access.read} record in the journal of the service {@code access}, below the
 * directory that the agents write to. It is durable before anything is read, or nothing is.
 */
final class Access {

  static final String OPTION = "--as";

  static final String HELP =
      """
            --as NAME    who reads: recorded in the journal of the service "access" below DIR before
                         anything is read; without it the variable CORDON_AS, if there is one
      """;

  static final String SERVICE = "access";

  private static final String VARIABLE = "CORDON_AS";
  private static final long TIMEOUT_NS = 10_000_000_000L;

  private Access() {}

  /** Records that a command reads, if its user says who it is. */
  static void record(String command, Path directory, Arguments given, List<String> what)
      throws UsageException, IOException {
    String name = name(given);
    if (name == null) {
      return;
    }
    Journals.check(directory);
    if (!JournalRecord.isActor(name)) {
      throw new UsageException(
          OPTION
              + " "
              + name
              + ": no name that a journal keeps; letters, digits, dots and dashes, no address");
    }
    JournalRecord record =
        new JournalRecord(RecordKind.ACCESS_READ).actor(name).attribute("command", command);
    for (String one : what) {
      int equals = one.indexOf('=');
      String option = one.substring(0, equals);
      String value = one.substring(equals + 1);
      if (option.equals("since") || option.equals("until")) { // as a text it is too many digits
        record.attribute(option, Instant.parse(value).getEpochSecond());
      } else {
        record.attribute(option, value);
      }
    }
    write(directory, record, "the access of " + name, "nothing was read");
  }

  /** Durable when it returns. */
  static void write(Path directory, JournalRecord record, String what, String otherwise)
      throws IOException {
    write(directory, List.of(record), what, otherwise);
  }

  /** Durable, all of them, when it returns. */
  static void write(Path directory, List<JournalRecord> records, String what, String otherwise)
      throws IOException {
    Path base = JournalTailer.base(directory);
    Path own = base.resolve(SERVICE);
    Journal.checkWritable(own);
    JournalOptions options = JournalOptions.of(base, SERVICE).withVersion(Main.version());
    try (Journal journal = Journal.open(options)) {
      for (JournalRecord record : records) {
        Appended appended = journal.append(record, Level.DURABLE, TIMEOUT_NS);
        if (appended != Appended.DURABLE) {
          throw new IOException(
              what + " below " + own + " (" + journal.status().lastProblem() + "); " + otherwise);
        }
      }
    }
  }

  /** Who reads; null when nobody says. */
  static @Nullable String name(Arguments given) {
    return name(given, System.getenv(VARIABLE));
  }

  /** Who does something that is told: the one given, the variable's, or the process's user. */
  static String nameOrUser(Arguments given) {
    String name = name(given);
    if (name != null) {
      return name;
    }
    String user = System.getProperty("user.name", "");
    return JournalRecord.isActor(user) ? user : "unnamed";
  }

  static @Nullable String name(Arguments given, @Nullable String variable) {
    String name = given.value(OPTION);
    return name != null ? name : variable == null || variable.isEmpty() ? null : variable;
  }
}
