package dev.cordon.audit;

import dev.cordon.journal.JournalEntry;
import dev.cordon.journal.JournalTailer;
import dev.cordon.journal.RecordKind;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * {@code cordon tail DIR}: prints what was decided, oldest first, and with {@code --follow} as it
 * happens.
 */
final class TailCommand {

  // 100 ms: people see no delay, and an idle tail costs half a percent of a core
  private static final long POLL_NS = 100_000_000L;

  private static final String HELP =
      """
      usage: java -jar cordon.jar tail DIR [OPTIONS]

      Prints every journal below DIR, merged by time. Reads only; the services may be running.

        -f, --follow     go on with what is written from now, also by services that start later
            --json       one JSON object a line
            --since T    from T on: 10m, 2h, 3d (ago), 2026-11-21, 2026-11-21T10:15 (local time),
                         2026-11-21T10:15:00Z
            --kind K     only these kinds, for example call.request or call (all of that family);
                         more than one with commas or by repeating the option
            --color W    always, never or auto (a terminal, and NO_COLOR is not set)
        -h, --help       this text

      exit codes: 0 all was read, 1 something could not be read, 2 wrong use
      """;

  private record Options(
      @Nullable Path directory,
      boolean follow,
      boolean json,
      Instant since,
      List<String> kinds,
      boolean color,
      boolean help) {}

  private TailCommand() {}

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    try {
      Options options = parse(arguments);
      if (options.help()) {
        out.print(HELP);
        return Exit.OK;
      }
      return tail(options, out, err);
    } catch (UsageException e) {
      err.println("cordon tail: " + e.getMessage());
      return Exit.USAGE;
    } catch (IOException e) {
      err.println("cordon tail: cannot read: " + e.getMessage());
      return Exit.USAGE;
    }
  }

  private static int tail(Options options, PrintStream out, PrintStream err)
      throws IOException, UsageException {
    Path directory = options.directory();
    if (directory == null) {
      throw new UsageException("which directory? see: cordon tail --help");
    }
    if (!Files.isDirectory(directory)) {
      throw new UsageException(
          directory
              + (Files.exists(directory) ? " is not a directory" : ": no such directory")
              + "; name the one given to the agent as journal=");
    }
    EntryPrinter printer =
        options.json()
            ? new JsonPrinter(out)
            : new TextPrinter(out, options.color(), Terminal.columns(), ZoneId.systemDefault());
    try (JournalTailer tailer = JournalTailer.open(directory, options.since())) {
      return print(tailer, printer, options, out, err);
    }
  }

  private static int print(
      JournalTailer tailer,
      EntryPrinter printer,
      Options options,
      PrintStream out,
      PrintStream err) {
    String toldProblem = "";
    while (true) {
      JournalEntry entry = tailer.poll();
      if (entry != null) {
        if (isWanted(entry, options.kinds())) {
          printer.print(entry);
        }
        continue;
      }
      if (out.checkError()) { // flushes; the reader of our pipe went away
        return Exit.OK;
      }
      String problem = tailer.lastProblem();
      if (!problem.equals(toldProblem)) {
        err.println("cordon tail: skipped: " + problem);
        toldProblem = problem;
      }
      if (!options.follow()) {
        break;
      }
      LockSupport.parkNanos(POLL_NS);
    }
    if (tailer.directories() == 0) {
      err.println("cordon tail: no journal below " + options.directory());
      return Exit.FOUND_PROBLEMS;
    }
    return toldProblem.isEmpty() && tailer.damaged() == 0 ? Exit.OK : Exit.FOUND_PROBLEMS;
  }

  private static boolean isWanted(JournalEntry entry, List<String> kinds) {
    if (kinds.isEmpty()) {
      return entry.kind() != RecordKind.SEAL; // five a second, for programs
    }
    String label = entry.kind().label();
    for (String kind : kinds) {
      if (label.equals(kind) || label.startsWith(kind + ".")) {
        return true;
      }
    }
    return false;
  }

  private static Options parse(List<String> arguments) throws UsageException {
    Path directory = null;
    boolean follow = false;
    boolean json = false;
    boolean help = false;
    Instant since = Instant.MIN;
    List<String> kinds = new ArrayList<>();
    String color = "auto";
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
      String name = equals < 0 ? argument : argument.substring(0, equals);
      String value = equals < 0 ? null : argument.substring(equals + 1);
      boolean takesValue =
          name.equals("--since") || name.equals("--kind") || name.equals("--color");
      if (takesValue && value == null) {
        if (++i == arguments.size()) {
          throw new UsageException(name + " needs a value");
        }
        value = arguments.get(i);
      } else if (!takesValue && value != null) {
        throw new UsageException(name + " takes no value");
      }
      switch (name) {
        case "--follow", "-f" -> follow = true;
        case "--json" -> json = true;
        case "--help", "-h" -> help = true;
        case "--since" ->
            since = Since.parse(valueOf(value), Instant.now(), ZoneId.systemDefault());
        case "--kind" -> addKinds(kinds, valueOf(value));
        case "--color" -> color = valueOf(value);
        default -> {
          if (name.startsWith("-")) {
            throw new UsageException("unknown option " + name + "; see: cordon tail --help");
          }
          if (directory != null) {
            throw new UsageException("one directory only; not both " + directory + " and " + name);
          }
          directory = Path.of(name);
        }
      }
    }
    return new Options(directory, follow, json, since, kinds, isColored(color), help);
  }

  private static String valueOf(@Nullable String value) {
    return value == null ? "" : value;
  }

  private static boolean isColored(String when) throws UsageException {
    return switch (when) {
      case "always" -> true;
      case "never" -> false;
      case "auto" -> Terminal.isColored();
      default -> throw new UsageException("--color " + when + ": write always, never or auto");
    };
  }

  private static void addKinds(List<String> kinds, String list) throws UsageException {
    for (String kind : list.split(",", -1)) {
      boolean known = false;
      for (RecordKind one : RecordKind.values()) {
        known |= one.label().equals(kind) || one.label().startsWith(kind + ".");
      }
      if (!known || kind.isEmpty()) {
        throw new UsageException("--kind " + kind + ": unknown; known are " + labels());
      }
      kinds.add(kind);
    }
  }

  private static String labels() {
    List<String> labels = new ArrayList<>();
    for (RecordKind kind : RecordKind.values()) {
      if (kind != RecordKind.DICT_ADD) {
        labels.add(kind.label());
      }
    }
    return String.join(" ", labels);
  }
}
