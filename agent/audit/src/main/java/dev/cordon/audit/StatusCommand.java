package dev.cordon.audit;

import dev.cordon.journal.JournalEntry;
import dev.cordon.journal.JournalTailer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code status DIR}: which rules are in force in each JVM, and which were not taken. */
final class StatusCommand {

  /** The newest attempt to bring other rules into force was rejected; as monitors want it. */
  private static final int REJECTED = 2;

  private static final int SHOWN_DIGITS = 12; // as in the agent's own lines

  private static final String HELP =
      """
      usage: java -jar cordon.jar status DIR [OPTIONS]

      Tells for each running JVM below DIR which rules are in force, and the last version that was
      not taken. Reads journals only, all of them from their beginning.

            --all        also JVMs that have ended
            --json       one JSON object
      %s  -h, --help       this text

      exit codes: 0 all is well, 1 no JVM runs, 2 the newest attempt of a running JVM was rejected,
      something could not be read, or wrong use
      """
          .formatted(Access.HELP);

  private StatusCommand() {}

  /** One start of one JVM. */
  private static final class Jvm {
    final JournalEntry.Instance instance;
    Path directory;
    boolean stopped;
    @Nullable JournalEntry active;
    @Nullable JournalEntry rejected; // after what is active; null when nothing was

    Jvm(JournalEntry first) {
      instance = first.instance();
      directory = first.directory();
    }

    void add(JournalEntry entry) {
      directory = entry.directory(); // it may have had to begin another one
      switch (entry.kind()) {
        case AGENT_STOP -> stopped = true;
        case POLICY_ACTIVATE -> {
          active = entry;
          rejected = null;
        }
        case POLICY_REJECT -> rejected = entry;
        case AGENT_START,
            AGENT_SELFTEST,
            AGENT_FAULT,
            HOOK_INSTALLED,
            HOOK_MISSING,
            POLICY_LOAD,
            POLICY_WAIVE,
            CALL_REQUEST,
            CALL_RESPONSE,
            CALL_ERROR,
            REDACT_LOG,
            REDACT_RESPONSE,
            FORCE,
            DEVICE_DOWN,
            DEVICE_UP,
            PRUNE,
            AGGREGATE,
            HOLD,
            DSR_REQUEST,
            DSR_FIND,
            DSR_EXPORT,
            DSR_ERASE,
            KEY_CREATE,
            KEY_DESTROY,
            GAP,
            RECOVER,
            DICT_ADD,
            SEAL,
            ACCESS_READ,
            SHIP,
            KEY_ROTATE,
            UNKNOWN -> {}
      }
    }

    /** Of the first record that is left; those before it were pruned. */
    long firstPlace() {
      try {
        return JournalTailer.firstIndex(directory);
      } catch (IOException e) {
        return 0; // told by the reader
      }
    }

    boolean runs() {
      return !stopped && JournalTailer.isLive(directory);
    }
  }

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(HELP);
      return Exit.OK;
    }
    return Attempt.run("status", err, () -> status(arguments, out, err));
  }

  private static int status(List<String> arguments, PrintStream out, PrintStream err)
      throws UsageException, IOException {
    Arguments given = Arguments.parse(arguments, Set.of("--all", "--json"), Set.of(Access.OPTION));
    if (given.words().size() != 1) {
      throw new UsageException("which directory? see --help");
    }
    Path directory = Path.of(given.words().get(0));
    Journals.check(directory);
    Access.record("status", directory, given, List.of());
    Map<String, Jvm> jvms = new LinkedHashMap<>();
    boolean unread;
    try (JournalTailer tailer = JournalTailer.open(directory)) {
      for (JournalEntry entry = tailer.poll(); entry != null; entry = tailer.poll()) {
        JournalEntry first = entry;
        jvms.computeIfAbsent(entry.instance().run(), run -> new Jvm(first)).add(entry);
      }
      unread = !tailer.lastProblem().isEmpty() || tailer.damaged() > 0;
      if (unread) {
        err.println("cordon status: skipped: " + Plain.text(Journals.problem(tailer)));
      }
    }
    boolean rejected = false;
    int running = 0;
    Json json = new Json().open('{').key("jvms").open('[');
    StringBuilder text = new StringBuilder();
    for (Jvm jvm : jvms.values()) {
      boolean runs = jvm.runs();
      if (runs) {
        running++;
        rejected |= jvm.rejected != null;
      }
      if (runs || given.has("--all")) {
        tell(jvm, runs, json);
        tell(jvm, runs, text);
      }
    }
    json.close(']').close('}');
    if (given.has("--json")) {
      out.println(json);
    } else {
      out.print(running == 0 ? text + "no guarded JVM runs below " + directory + "\n" : text);
    }
    return rejected
        ? REJECTED
        : unread ? Exit.NOT_READ : running == 0 ? Exit.FOUND_PROBLEMS : Exit.OK;
  }

  private static void tell(Jvm jvm, boolean runs, StringBuilder to) {
    JournalEntry.Instance instance = jvm.instance;
    to.append(instance.service());
    if (!instance.environment().isEmpty()) {
      to.append(" (").append(instance.environment()).append(')');
    }
    to.append(" on ").append(instance.host()).append(", process ").append(instance.pid());
    to.append(runs ? "\n" : ", ended\n");
    JournalEntry active = jvm.active;
    if (active == null) {
      long first = jvm.firstPlace();
      to.append("  no rules on record");
      to.append(first == 0 ? "\n" : "; those before place " + first + " were pruned\n");
    } else {
      to.append("  ").append(attribute(active, "name"));
      to.append(" serial ").append(attribute(active, "serial"));
      to.append(" digest ").append(digest(active, "digest"));
      to.append(", mode ").append(attribute(active, "mode"));
      to.append(", since ").append(seconds(active.time())).append('\n');
    }
    JournalEntry rejected = jvm.rejected;
    if (rejected != null) {
      to.append("  REJECTED ").append(seconds(rejected.time())).append(": ");
      to.append(rejected.reason());
      String code = attribute(rejected, "code");
      if (!code.isEmpty()) {
        to.append(" (").append(code).append(" in line ").append(attribute(rejected, "line"));
        to.append(')');
      }
      String serial = attribute(rejected, "serial");
      to.append(serial.isEmpty() ? "" : ", serial " + serial);
      String file = digest(rejected, "file");
      to.append(file.isEmpty() ? "" : ", file " + file).append('\n');
    }
  }

  private static void tell(Jvm jvm, boolean runs, Json to) {
    JournalEntry.Instance instance = jvm.instance;
    to.item().open('{');
    to.text("service", instance.service()).text("environment", instance.environment());
    to.text("host", instance.host()).text("pid", instance.pid()).text("run", instance.run());
    to.flag("running", runs);
    if (jvm.firstPlace() > 0) {
      to.number("first_place", jvm.firstPlace());
    }
    JournalEntry active = jvm.active;
    if (active != null) {
      to.key("active").open('{');
      to.text("time", active.time().toString()).text("name", attribute(active, "name"));
      to.text("serial", attribute(active, "serial")).text("digest", attribute(active, "digest"));
      to.text("mode", attribute(active, "mode")).text("signer", attribute(active, "signer"));
      to.close('}');
    }
    JournalEntry rejected = jvm.rejected;
    if (rejected != null) {
      to.key("rejected").open('{');
      to.text("time", rejected.time().toString()).text("reason", rejected.reason());
      to.text("name", attribute(rejected, "name")).text("serial", attribute(rejected, "serial"));
      to.text("file", attribute(rejected, "file")).text("code", attribute(rejected, "code"));
      to.text("line", attribute(rejected, "line")).text("signer", attribute(rejected, "signer"));
      to.close('}');
    }
    to.close('}');
  }

  private static String seconds(Instant time) {
    return time.toString().substring(0, 19).replace('T', ' ') + " UTC";
  }

  private static String attribute(JournalEntry entry, String name) {
    return entry.attributes().getOrDefault(name, "");
  }

  private static String digest(JournalEntry entry, String name) {
    String all = attribute(entry, name);
    return all.substring(0, Math.min(SHOWN_DIGITS, all.length()));
  }
}
