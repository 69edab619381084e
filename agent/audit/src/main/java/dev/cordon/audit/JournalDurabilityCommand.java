package dev.cordon.audit;

import dev.cordon.journal.JournalEntry;
import dev.cordon.journal.JournalTailer;
import dev.cordon.journal.RecordKind;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** {@code journal durability DIR}: what a power failure would have taken, as it was measured. */
final class JournalDurabilityCommand {

  private static final String HELP =
      """
      usage: java -jar cordon.jar journal durability DIR [OPTIONS]

      Tells for each run of each service below DIR when its records are forced to the disk (the
      agent's option durability), and the loss window as the service measured it: the longest time
      that a record was written and not yet forced. That much a power failure takes; kill -9 takes
      nothing of it.

            --since T    only what was measured from T on: 10m, 2h, 3d (ago), 2026-11-21,
                         2026-11-21T10:15:00Z
            --json       one JSON object
      %s  -h, --help       this text

      exit codes: 0 told, 1 a force failed, 2 something could not be read, or wrong use
      """
          .formatted(Access.HELP);

  private JournalDurabilityCommand() {}

  /** One start of one JVM. */
  private static final class Run {
    final JournalEntry.Instance instance;
    String level = "";
    long forces;
    long failures;
    long windowUs = -1;
    long forceUs = -1;

    Run(JournalEntry.Instance instance) {
      this.instance = instance;
    }

    void started(JournalEntry entry) {
      level = entry.attributes().getOrDefault("durability", level);
    }

    void forced(JournalEntry entry) {
      level = entry.attributes().getOrDefault("level", level);
      forces += number(entry, "forces");
      failures += number(entry, "failures");
      windowUs = Math.max(windowUs, number(entry, "window-us"));
      forceUs = Math.max(forceUs, number(entry, "force-us"));
    }

    private static long number(JournalEntry entry, String name) {
      String text = entry.attributes().getOrDefault(name, "");
      return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }
  }

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(HELP);
      return Exit.OK;
    }
    return Attempt.run("journal durability", err, () -> tell(arguments, out, err));
  }

  private static int tell(List<String> arguments, PrintStream out, PrintStream err)
      throws UsageException, IOException {
    Arguments given =
        Arguments.parse(arguments, Set.of("--json"), Set.of("--since", Access.OPTION));
    if (given.words().size() != 1) {
      throw new UsageException("which directory? name the one given to the agent as journal=");
    }
    Path directory = Path.of(given.words().get(0));
    Journals.check(directory);
    String text = given.value("--since");
    Instant since =
        text == null
            ? Instant.MIN
            : Since.parse("--since", text, Instant.now(), ZoneId.systemDefault());
    Access.record("journal durability", directory, given, List.of());
    Map<String, Run> runs = new LinkedHashMap<>();
    String unread;
    try (JournalTailer tailer = JournalTailer.open(directory, since)) {
      for (JournalEntry entry = tailer.poll(); entry != null; entry = tailer.poll()) {
        JournalEntry.Instance instance = entry.instance();
        Run run = runs.computeIfAbsent(instance.run(), any -> new Run(instance));
        if (entry.kind() == RecordKind.AGENT_START) {
          run.started(entry);
        } else if (entry.kind() == RecordKind.FORCE) {
          run.forced(entry);
        }
      }
      if (tailer.directories() == 0) {
        throw new UsageException(
            "no journal below " + directory + "; name the one given to the agent as journal=");
      }
      unread = Journals.problem(tailer);
    }
    boolean failed = false;
    Json json = new Json().open('{').key("runs").open('[');
    for (Run run : runs.values()) {
      failed |= run.failures > 0;
      if (given.has("--json")) {
        tell(run, json);
      } else {
        out.println(line(run));
      }
    }
    if (given.has("--json")) {
      out.println(json.close(']').close('}'));
    }
    if (!unread.isEmpty()) {
      err.println("cordon journal durability: not all was read: " + Plain.text(unread));
      return Exit.NOT_READ;
    }
    return failed ? Exit.FOUND_PROBLEMS : Exit.OK;
  }

  private static String line(Run run) {
    StringBuilder line = new StringBuilder();
    line.append(run.instance.service()).append(" on ").append(run.instance.host());
    line.append(", process ").append(run.instance.pid()).append(": ");
    line.append(run.level.isEmpty() ? "level not on record" : run.level);
    if (run.level.equals("none")) {
      return line.append(", never forced: the operating system decides what a power failure takes")
          .toString();
    }
    if (run.forces == 0 && run.failures == 0) {
      return line.append(", nothing measured yet (told once a minute and at the end)").toString();
    }
    line.append(", measured loss window ").append(ms(run.windowUs)).append(" ms in ");
    line.append(run.forces).append(" forces, the longest of ").append(ms(run.forceUs));
    line.append(" ms");
    if (run.failures > 0) {
      line.append(", ").append(run.failures).append(" FAILED");
    }
    return line.toString();
  }

  private static String ms(long us) {
    return String.format(Locale.ROOT, "%.1f", us / 1_000.0);
  }

  private static void tell(Run run, Json to) {
    JournalEntry.Instance instance = run.instance;
    to.item().open('{');
    to.text("service", instance.service()).text("environment", instance.environment());
    to.text("host", instance.host()).text("pid", instance.pid()).text("run", instance.run());
    to.text("level", run.level).number("forces", run.forces).number("failures", run.failures);
    if (run.windowUs >= 0) {
      to.number("window_us", run.windowUs).number("force_us", run.forceUs);
    }
    to.close('}');
  }
}
