package dev.cordon.audit;

import dev.cordon.audit.Sheet.Chart;
import dev.cordon.audit.Sheet.Table;
import dev.cordon.audit.Sheet.Unit;
import dev.cordon.journal.Amount;
import dev.cordon.journal.JournalEntry;
import dev.cordon.journal.JournalTailer;
import dev.cordon.journal.RecordKind;
import dev.cordon.rules.PastCall;
import dev.cordon.rules.Replay;
import dev.cordon.rules.RuleFileException;
import dev.cordon.rules.RuleSet;
import dev.cordon.rules.Surroundings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code explain DIR RECORD}: why one call of a journal was decided as it was. */
final class ExplainCommand {

  private static final String HELP =
      """
      usage: java -jar cordon.jar explain DIR RECORD [OPTIONS]

      Tells what a journal knows of one call: what was decided, by which rules of which digest, and
      what came of it. With --rules also the text of the rules, each of their conditions, and what
      would have changed the decision. No value of a call is in a journal: what came of a condition
      is told where a rule asked for it then.

        RECORD           the call's id, or its last eight digits or more, as tail shows them; or
                         DIRECTORY:INDEX, the record's place in its directory from 0
            --rules FILE the rule file or bundle; it is told whether it is the one that decided
      %s%s  -h, --help       this text

      exit codes: 0 told, 1 the rule file has errors, 2 not told, or not all could be read
      """
          .formatted(SheetForms.HELP, Access.HELP);

  private static final int MAX_RECORDS = 16; // of one call: a request and what came of it are two
  private static final int MAX_RULE_LINES = 60;

  private ExplainCommand() {}

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(HELP);
      return Exit.OK;
    }
    return Attempt.run("explain", err, () -> explain(arguments, out, err));
  }

  private static int explain(List<String> arguments, PrintStream out, PrintStream err)
      throws UsageException, IOException, RuleFileException {
    Arguments given =
        Arguments.parse(arguments, Set.of(), Set.of("--rules", "--format", "-o", Access.OPTION));
    if (given.words().size() != 2) {
      throw new UsageException("which directory and which record? see --help");
    }
    SheetForms.format(given);
    String file = given.value("--rules");
    RuleSet rules =
        file == null ? null : RuleSet.load(Path.of(file), Surroundings.of(new RedactionDetector()));
    Map<String, String> texts =
        file == null
            ? Map.of()
            : RuleSet.texts(Path.of(file), Surroundings.of(new RedactionDetector()));
    Path directory = Path.of(given.words().get(0));
    Search search = new Search(given.words().get(1));
    Access.record("explain", directory, given, List.of());
    Selection all = Selection.of(Arguments.parse(List.of(), Set.of(), Set.of()));
    Journals.Read read = Journals.each(directory, all, search::add);
    if (search.found.isEmpty()) {
      int exit = read.tell("explain", err);
      err.println(
          "cordon explain: no record "
              + search.wanted
              + " below "
              + directory
              + search.pruned(directory));
      return Math.max(exit, Exit.USAGE);
    }
    if (search.ids.size() > 1) {
      throw new UsageException(search.wanted + " is more than one call; give more digits");
    }
    SheetForms.show(new Explained(search, rules, file, texts).sheet(), given, out);
    return read.tell("explain", err);
  }

  /** Finds the records of one call, and the rules that were in force. */
  private static final class Search {
    final String wanted;
    final List<JournalEntry> found = new ArrayList<>();
    final Set<UUID> ids = new HashSet<>();
    final Map<Long, JournalEntry> policies = new HashMap<>();
    private final String digits;
    private final String place; // DIRECTORY of DIRECTORY:INDEX, or empty
    private final long index;

    Search(String wanted) throws UsageException {
      this.wanted = wanted;
      String lower = wanted.toLowerCase(Locale.ROOT);
      int colon = lower.lastIndexOf(':');
      String number = lower.substring(colon + 1);
      digits = lower.replace("-", "").replace("#", "");
      if (colon < 0 ? !digits.matches("[0-9a-f]{8,32}") : !number.matches("[0-9]{1,18}")) {
        throw new UsageException(
            wanted
                + " is no record; give a request id, its last eight digits or more as tail shows"
                + " them, or DIRECTORY:INDEX");
      }
      place = colon < 0 ? "" : lower.substring(0, colon);
      index = colon < 0 ? -1 : Long.parseLong(number);
    }

    void add(JournalEntry entry) {
      if (entry.kind() == RecordKind.POLICY_ACTIVATE && policies.size() < Tally.MAX_ROWS) {
        policies.putIfAbsent(entry.policy(), entry);
      }
      if (isWanted(entry) && found.size() < MAX_RECORDS) {
        found.add(entry);
        UUID id = entry.requestId();
        if (id != null) {
          ids.add(id);
        }
      }
    }

    /** Why it is not there, if it was; empty if nobody knows. */
    String pruned(Path below) throws IOException {
      for (Path log : index < 0 ? List.<Path>of() : JournalTailer.logs(below)) {
        long first = JournalTailer.firstIndex(log);
        String name = String.valueOf(log.getFileName()).toLowerCase(Locale.ROOT);
        if (name.equals(place) && index < first) {
          return ": it was pruned, as all before place " + first;
        }
      }
      return "";
    }

    private boolean isWanted(JournalEntry entry) {
      if (index >= 0) {
        return entry.index() == index
            && String.valueOf(entry.directory().getFileName())
                .toLowerCase(Locale.ROOT)
                .equals(place);
      }
      UUID id = entry.requestId();
      return id != null && id.toString().replace("-", "").endsWith(digits);
    }
  }

  /** One call, explained. */
  private static final class Explained {
    private final Search search;
    private final @Nullable RuleSet rules;
    private final @Nullable String file;
    private final Map<String, String> texts;
    private final JournalEntry main;
    private final @Nullable PastCall past;
    private final List<Replay.PastRule> forCall;
    private final boolean same;
    private final long first; // place of the first record that is left where it is

    Explained(
        Search search, @Nullable RuleSet rules, @Nullable String file, Map<String, String> texts)
        throws IOException {
      this.search = search;
      this.rules = rules;
      this.file = file;
      this.texts = texts;
      JournalEntry decided = search.found.get(0);
      for (JournalEntry entry : search.found) {
        decided = entry.kind() == RecordKind.CALL_REQUEST ? entry : decided; // the last one stands
      }
      main = decided;
      first = JournalTailer.firstIndex(decided.directory());
      past = decided.kind() == RecordKind.CALL_REQUEST ? PastCalls.of(decided) : null;
      Replay replay = rules == null ? null : new Replay(rules);
      same = replay != null && past != null && replay.decided(past);
      forCall = replay == null || past == null ? List.of() : replay.rules(past);
    }

    Sheet sheet() {
      Sheet sheet = new Sheet("Why this was decided as it was");
      sheet.fact("record", main.origin() + ":" + main.index());
      UUID id = main.requestId();
      sheet.fact("id", id == null ? "none" : id.toString());
      sheet.fact("decision", main.decision().isEmpty() ? "none" : main.decision());
      sheet.fact("reason", main.reason());
      sheet.fact("rules then", rulesThen());
      sheet.fact("rules at hand", rulesAtHand());
      records(sheet);
      if (rules != null) {
        rules(sheet);
        conditions(sheet);
        text(sheet);
      }
      changes(sheet);
      return sheet;
    }

    private String rulesThen() {
      if (main.policy() == 0) {
        return "the record names none";
      }
      String digest = JsonPrinter.hex(main.policy());
      JournalEntry active = search.policies.get(main.policy());
      if (active == null) {
        return "digest "
            + digest
            + "...; no policy.activate record in this journal names it"
            + (first == 0 ? "" : "; those before place " + first + " were pruned");
      }
      Map<String, String> told = active.attributes();
      return told.getOrDefault("name", "")
          + " serial "
          + told.getOrDefault("serial", "")
          + ", mode "
          + told.getOrDefault("mode", "")
          + ", digest "
          + told.getOrDefault("digest", digest);
    }

    private String rulesAtHand() {
      RuleSet given = rules;
      if (given == null || file == null) {
        return "none; --rules FILE tells the text and the conditions";
      }
      if (past == null) {
        return file + ": the record does not say what its decision was made of";
      }
      return same
          ? file + ": the ones that decided, by their digest"
          : file
              + ": OTHERS than those that decided (digest "
              + given.digest()
              + "); their text below is not the one that decided. A condition is told where one"
              + " with the same meaning was asked then";
    }

    private void records(Sheet sheet) {
      Table table =
          sheet
              .table("records", "What the journal says", "", Chart.NONE)
              .column("kind", "record", Unit.TEXT)
              .column("name", "what", Unit.TEXT)
              .column("value", "value", Unit.TEXT);
      for (JournalEntry entry : search.found) {
        facts(entry)
            .forEach(
                (name, value) -> {
                  if (!value.isEmpty()) {
                    table.row().text(StatsCommand.label(entry)).text(name).text(value);
                  }
                });
      }
    }

    private static Map<String, String> facts(JournalEntry entry) {
      Map<String, String> facts = new java.util.LinkedHashMap<>();
      facts.put("time", entry.time().toString());
      facts.put("service", entry.instance().service());
      facts.put("environment", entry.instance().environment());
      facts.put("host", entry.instance().host() + ", process " + entry.instance().pid());
      facts.put("trace", entry.trace());
      facts.put("actor", entry.actor());
      facts.put("library", entry.library());
      facts.put("method", entry.method());
      facts.put("destination", entry.destination());
      facts.put("decided for", entry.decidedFor());
      facts.put("evidence", new EvidenceTold().of(entry));
      facts.put("route", entry.route());
      facts.put("operation", entry.operation());
      facts.put("asks for", String.join(", ", entry.operations()));
      facts.put("class", entry.callClass());
      facts.put("decision", entry.decision());
      facts.put("rules", String.join(", ", entry.rules()));
      facts.put("reason", entry.reason());
      facts.put("observed only", entry.observe() ? "yes" : "");
      facts.put("fields", String.join(", ", entry.fields()));
      Amount money = entry.money();
      if (money != null) {
        String from = CallTable.money(money.thousandths());
        long twice = CallTable.sum(money.thousandths(), money.thousandths());
        facts.put(
            "money",
            (money.exact() ? from : from + " to " + CallTable.money(twice))
                + " "
                + (money.currency().isEmpty() ? "?" : money.currency()));
      }
      List<String> found = new ArrayList<>();
      entry.findings().forEach((type, count) -> found.add(type + " " + count));
      facts.put("found", String.join(", ", found));
      facts.put("sent", Units.size(entry.requestBytes()));
      facts.put("received", Units.size(entry.responseBytes()));
      facts.put("status", entry.status() == 0 ? "" : Integer.toString(entry.status()));
      facts.put("error", entry.error());
      facts.put("latency", Units.duration(entry.latencyNs()));
      facts.put("cost of Cordon", Units.duration(entry.costNs()));
      entry.attributes().forEach((name, value) -> facts.put("attribute " + name, value));
      return facts;
    }

    private void rules(Sheet sheet) {
      Table table =
          sheet
              .table(
                  "rules",
                  "Rules for this call",
                  past == null ? "The record does not say what its decision was made of." : "",
                  Chart.NONE)
              .column("rule", "rule", Unit.TEXT)
              .column("then", "then", Unit.TEXT)
              .column("call", "call", Unit.TEXT)
              .column("for_it", "for this call", Unit.TEXT)
              .column("fired", "fired", Unit.TEXT)
              .column("place", "place", Unit.TEXT);
      for (Replay.PastRule rule : forCall) {
        table
            .row()
            .text(rule.id())
            .text(rule.then() + (rule.observed() ? " (observed)" : ""))
            .text(rule.call())
            .text(rule.sure() ? "yes" : "perhaps")
            .text(word(rule.fired(), "yes", "no"))
            .text(rule.file() + ":" + rule.line());
      }
    }

    private void conditions(Sheet sheet) {
      Table table =
          sheet
              .table("conditions", "Conditions", "", Chart.NONE)
              .column("rule", "rule", Unit.TEXT)
              .column("condition", "condition", Unit.TEXT)
              .column("was", "was", Unit.TEXT)
              .column("place", "place", Unit.TEXT);
      for (Replay.PastRule rule : forCall) {
        for (Replay.PastCondition condition : rule.conditions()) {
          table
              .row()
              .text(rule.id())
              .text(condition.text())
              .text(word(condition.told(), "true", "false"))
              .text(rule.file() + ":" + condition.line() + ":" + condition.column());
        }
      }
    }

    private static String word(Replay.Told told, String yes, String no) {
      return switch (told) {
        case TRUE -> yes;
        case FALSE -> no;
        case UNKNOWN -> "unknown: absent, unreadable, ambiguous or nearly the text in the rule";
        case NOT_TOLD -> "not in the record";
      };
    }

    private void text(Sheet sheet) {
      Table table =
          sheet
              .table(
                  "text",
                  same ? "Text of the rules, as it was" : "Text of the rules at hand",
                  same ? "" : "Not the text that decided: its digest is another one.",
                  Chart.NONE)
              .column("place", "place", Unit.TEXT)
              .column("text", "text", Unit.TEXT);
      for (Replay.PastRule rule : forCall) {
        List<String> lines = textOf(rule.file()).lines().toList();
        int first = rule.line() - 1;
        for (int i = first; i < lines.size() && i < first + MAX_RULE_LINES; i++) {
          String line = lines.get(i);
          if (i > first && !line.isBlank() && indent(line) <= indent(lines.get(first))) {
            break;
          }
          if (!line.isBlank()) {
            table.row().text(rule.file() + ":" + (i + 1)).text(line);
          }
        }
      }
    }

    /** A rule tells the path of its file, a layer its name. */
    private String textOf(String ruleFile) {
      for (Map.Entry<String, String> text : texts.entrySet()) {
        if (ruleFile.equals(text.getKey()) || ruleFile.endsWith("/" + text.getKey())) {
          return text.getValue();
        }
      }
      return "";
    }

    private static int indent(String line) {
      return line.length() - line.stripLeading().length();
    }

    // ---- what would have changed it

    private void changes(Sheet sheet) {
      Table table =
          sheet
              .table(
                  "changes",
                  "What would have changed it",
                  rules == null ? "Give --rules FILE to see conditions." : "",
                  Chart.NONE)
              .column("change", "change", Unit.TEXT);
      Set<String> told = new TreeSet<>();
      if (main.kind() == RecordKind.CALL_REQUEST) {
        if (Outcome.of(main.decision()).isStopped() || main.decision().startsWith("would_")) {
          toLeave(told);
        } else {
          toBeStopped(told);
        }
      }
      told.forEach(change -> table.row().text(change));
    }

    private void toLeave(Set<String> told) {
      if (rules == null || past == null) {
        main.rules()
            .forEach(rule -> told.add("rule " + rule + " must not fire, or must say otherwise"));
        return;
      }
      boolean byRule = false;
      boolean allowed = false;
      for (Replay.PastRule rule : forCall) {
        boolean allows = rule.then().equals("allow");
        boolean mayHave = rule.fired() != Replay.Told.FALSE;
        allowed |= allows && rule.fired() == Replay.Told.TRUE;
        if (!allows && !rule.then().equals("redact") && mayHave && isTold(rule)) {
          byRule = true;
          String held = conditions(rule, true);
          told.add(
              rule.id()
                  + " ("
                  + rule.then()
                  + ") must not fire: "
                  + (held.isEmpty()
                      ? "it has no conditions; the rule itself would have to change"
                      : "one of these must be otherwise: " + held));
        }
      }
      String reason = main.reason();
      if (!byRule && !main.rules().isEmpty() && !reason.isEmpty()) {
        told.add("reason " + reason + " (" + main.rules().get(0) + ") must not hold");
      }
      if (!allowed) {
        boolean near = false;
        for (Replay.PastRule rule : forCall) {
          if (rule.then().equals("allow")) {
            near = true;
            String lacking = conditions(rule, false);
            told.add(
                rule.id()
                    + " (allow) must fire: "
                    + (lacking.isEmpty()
                        ? "why it did not is not in the record"
                        : "these must be true: " + lacking));
          }
        }
        if (!near && !main.callClass().equals("read")) {
          told.add("a rule with then: allow must name the call");
        }
      }
    }

    private void toBeStopped(Set<String> told) {
      if (rules == null || past == null) {
        main.rules().forEach(rule -> told.add("rule " + rule + " must not fire, or say otherwise"));
        return;
      }
      for (Replay.PastRule rule : forCall) {
        boolean allows = rule.then().equals("allow");
        if (allows && rule.fired() == Replay.Told.TRUE) {
          String held = conditions(rule, true);
          told.add(
              rule.id()
                  + " (allow) must not fire: "
                  + (held.isEmpty() ? "it has no conditions" : "one of these false: " + held)
                  + "; then another allowing rule or the default for "
                  + main.callClass()
                  + " decides");
        } else if (!allows && !rule.then().equals("redact") && rule.fired() != Replay.Told.TRUE) {
          String lacking = conditions(rule, false);
          if (!lacking.isEmpty()) {
            told.add(rule.id() + " (" + rule.then() + ") fires when these are true: " + lacking);
          }
        }
      }
    }

    /**
     * With the rules that decided a rule is known to have fired; with others its conditions say.
     */
    private static boolean isTold(Replay.PastRule rule) {
      if (rule.fired() == Replay.Told.TRUE) {
        return true;
      }
      for (Replay.PastCondition condition : rule.conditions()) {
        if (condition.told() == Replay.Told.FALSE) {
          return false;
        }
      }
      return rule.sure();
    }

    private static String conditions(Replay.PastRule rule, boolean held) {
      List<String> texts = new ArrayList<>();
      for (Replay.PastCondition condition : rule.conditions()) {
        if (held || condition.told() != Replay.Told.TRUE) {
          texts.add(condition.text() + " (" + word(condition.told(), "true", "false") + ")");
        }
      }
      return String.join("; ", texts);
    }
  }
}
