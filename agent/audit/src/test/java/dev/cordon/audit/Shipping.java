package dev.cordon.audit;

import dev.cordon.journal.Journal;
import dev.cordon.journal.JournalEntry;
import dev.cordon.journal.JournalOptions;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.JournalTailer;
import dev.cordon.journal.Level;
import dev.cordon.journal.RecordKind;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Journals to ship, what they hold, and shippers in a process of their own. */
final class Shipping {
  private static final long TEN_SECONDS_NS = 10_000_000_000L;

  private Shipping() {}

  static void journal(Path base, String service, int calls) {
    try (Journal journal = Journal.open(JournalOptions.of(base, service))) {
      append(journal, calls);
    }
  }

  /** The last one is on file when this returns. */
  static void append(Journal journal, int calls) {
    for (int i = 0; i < calls; i++) {
      journal.append(
          new JournalRecord(RecordKind.CALL_REQUEST)
              .requestId(new UUID(1, i))
              .destination("api.example.com:443")
              .method("POST")
              .decision("allow"),
          i == calls - 1 ? Level.COMMITTED : Level.ACCEPTED,
          TEN_SECONDS_NS);
    }
  }

  /** The ids of all records that a person is told of, in the order of each journal. */
  static List<String> ids(Path base) throws IOException {
    List<String> ids = new ArrayList<>();
    for (Path log : JournalTailer.logs(base)) {
      try (JournalTailer tailer = JournalTailer.open(log)) {
        for (JournalEntry entry = tailer.poll(); entry != null; entry = tailer.poll()) {
          if (entry.kind() != RecordKind.SEAL && entry.kind() != RecordKind.FORCE) {
            ids.add(ExportForm.id(entry));
          }
        }
      }
    }
    return ids;
  }

  /** The command line in another JVM, which says nothing. */
  static Process fork(List<String> arguments) throws IOException {
    List<String> command = java(System.getProperty("java.class.path"));
    command.addAll(arguments);
    File nowhere = new File("/dev/null");
    return new ProcessBuilder(command).redirectOutput(nowhere).redirectError(nowhere).start();
  }

  /** What starts the command line with these classes; its arguments are still to be added. */
  static List<String> java(String classPath) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-"))
        .forEach(command::add);
    command.addAll(List.of("-cp", classPath, Main.class.getName()));
    return command;
  }
}
