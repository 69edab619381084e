package dev.cordon.audit;

import dev.cordon.journal.Amount;
import dev.cordon.journal.JournalEntry;
import dev.cordon.rules.PastCall;
import dev.cordon.rules.Replay;
import dev.cordon.rules.RuleFileException;
import dev.cordon.rules.RuleSet;
import dev.cordon.rules.Surroundings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** {@code replay --rules FILE --journal DIR}: what other rules would have done with past calls. */
final class ReplayCommand {

  private static final String HELP =
      """
      usage: java -jar cordon.jar replay --rules FILE --journal DIR [OPTIONS]

      Decides the calls of a journal again, under the rules of FILE, and tells which would be
      decided otherwise, by rule. No value of a call is in a journal: where a condition of FILE
      asks for one that no rule asked for then, the call is counted as one that cannot be told.
      A limit is taken to come out as it did.

            --json       one JSON document
            --since T    from T on: 10m, 2h, 3d (ago), 2026-11-21, 2026-11-21T10:15:00Z
      %s  -h, --help       this text

      exit codes: 0 every call is decided as it was, 1 some are not or cannot be told, 2 not replayed
      """
          .formatted(Access.HELP);

  private static final int MAX_ROWS = 10_000; // rules x calls

  private record Key(String rule, String from, String to, String call) {}

  /** Calls that would be decided otherwise in one way. */
  private static final class Change {
    long calls;
    final Map<String, Long> exact = new TreeMap<>();
    final Map<String, Long> least = new TreeMap<>();

    void add(JournalEntry entry) {
      calls++;
      Amount money = entry.money();
      if (money != null) {
        String currency = money.currency().isEmpty() ? "?" : money.currency();
        (money.exact() ? exact : least).merge(currency, money.thousandths(), CallTable::sum);
      }
    }
  }

  private static final class Result {
    final Map<Key, Change> changes = new TreeMap<>(ORDER);
    final Map<Key, Change> unknown = new TreeMap<>(ORDER);
    long calls;
    long same;
    long different;
    long open;
    long beyond;

    private static final java.util.Comparator<Key> ORDER =
        java.util.Comparator.comparing(Key::rule)
            .thenComparing(Key::from)
            .thenComparing(Key::to)
            .thenComparing(Key::call);

    void add(Replay replay, JournalEntry entry) {
      calls++;
      PastCall past = PastCalls.of(entry);
      String call = entry.destination() + " " + callOf(entry, past);
      if (past == null) {
        open++;
        count(
            unknown,
            new Key("", entry.decision(), "the record is of an earlier release", call),
            entry);
        return;
      }
      Replay.Outcome outcome = replay.decide(past);
      if (outcome.isKnown() && outcome.decisions().get(0).equals(entry.decision())) {
        same++;
      } else if (!outcome.decisions().contains(entry.decision())) {
        // whichever it would be, it is another one
        different++;
        String to = String.join(" or ", outcome.decisions());
        count(changes, new Key(outcome.rule(), entry.decision(), to, call), entry);
      } else {
        open++;
        String to = String.join(" or ", outcome.decisions()) + ": " + outcome.unknown();
        count(unknown, new Key(outcome.rule(), entry.decision(), to, call), entry);
      }
    }

    private void count(Map<Key, Change> in, Key key, JournalEntry entry) {
      Change change = in.get(key);
      if (change == null) {
        if (in.size() == MAX_ROWS) {
          beyond++;
          return;
        }
        change = new Change();
        in.put(key, change);
      }
      change.add(entry);
    }
  }

  private ReplayCommand() {}

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(HELP);
      return Exit.OK;
    }
    int exit =
        Attempt.run(
            "replay",
            err,
            () -> {
              try {
                return replay(arguments, out, err);
              } catch (RuleFileException e) { // exit code 1 says that something differs
                err.println(e);
                return Exit.USAGE;
              }
            });
    return exit;
  }

  private static int replay(List<String> arguments, PrintStream out, PrintStream err)
      throws UsageException, IOException, RuleFileException {
    Arguments given =
        Arguments.parse(
            arguments, Set.of("--json"), Set.of("--rules", "--journal", "--since", Access.OPTION));
    String file = given.value("--rules");
    String directory = given.value("--journal");
    if (file == null || directory == null || !given.words().isEmpty()) {
      throw new UsageException("needs --rules FILE and --journal DIR; see --help");
    }
    RuleSet rules = RuleSet.load(Path.of(file), Surroundings.of(new RedactionDetector()));
    Replay replay = new Replay(rules);
    Access.record("replay", Path.of(directory), given, List.of());
    Result result = new Result();
    PastCalls.Read read =
        PastCalls.each(
            Path.of(directory), InventoryCommand.since(given), entry -> result.add(replay, entry));
    if (given.has("--json")) {
      out.println(json(result));
    } else {
      text(result, out);
    }
    if (!read.problem().isEmpty()) {
      err.println("cordon replay: not all was read: " + read.problem());
      return Exit.USAGE;
    }
    return result.same == result.calls ? Exit.OK : Exit.FOUND_PROBLEMS;
  }

  static String callOf(JournalEntry entry, @org.jspecify.annotations.Nullable PastCall past) {
    if (past != null && !entry.operations().isEmpty()) {
      String word = past.protocol().equals("json-rpc") ? "rpc" : past.protocol();
      return word + " " + String.join(" + ", entry.operations());
    }
    String path = entry.route().isEmpty() ? entry.operation() : entry.route();
    return path.startsWith(entry.method() + " ")
        ? path
        : entry.method() + " " + (path.isEmpty() ? "(unreadable path)" : path);
  }

  private static void text(Result result, PrintStream out) {
    out.println(
        result.calls
            + " calls: "
            + result.same
            + " decided as they were, "
            + result.different
            + " otherwise, "
            + result.open
            + " cannot be told");
    rows(result.changes, "decided otherwise", out);
    rows(result.unknown, "cannot be told", out);
    if (result.beyond > 0) {
      out.println();
      out.println(result.beyond + " more calls, of kinds beyond " + MAX_ROWS);
    }
  }

  private static void rows(Map<Key, Change> rows, String title, PrintStream out) {
    if (rows.isEmpty()) {
      return;
    }
    out.println();
    out.println(title + ":");
    String rule = "-";
    for (Map.Entry<Key, Change> row : rows.entrySet()) {
      Key key = row.getKey();
      if (!key.rule().equals(rule)) {
        rule = key.rule();
        out.println("  " + (rule.isEmpty() ? "(no rule)" : rule));
      }
      out.println(
          "    "
              + row.getValue().calls
              + "  "
              + key.from()
              + " -> "
              + key.to()
              + "  "
              + key.call()
              + money(row.getValue()));
    }
  }

  private static String money(Change change) {
    List<String> sums = new ArrayList<>();
    change.exact.forEach((code, sum) -> sums.add(CallTable.money(sum) + " " + code));
    change.least.forEach(
        (code, sum) ->
            sums.add(
                CallTable.money(sum)
                    + " to "
                    + CallTable.money(CallTable.sum(sum, sum))
                    + " "
                    + code));
    return sums.isEmpty() ? "" : "  (" + String.join(", ", sums) + ")";
  }

  private static Json json(Result result) {
    Json json = new Json().open('{').number("calls", result.calls).number("same", result.same);
    json.number("different", result.different).number("cannot_tell", result.open);
    json.number("beyond", result.beyond);
    rows(json, "changes", result.changes);
    rows(json, "unknown", result.unknown);
    return json.close('}');
  }

  private static void rows(Json json, String name, Map<Key, Change> rows) {
    json.key(name).open('[');
    for (Map.Entry<Key, Change> row : rows.entrySet()) {
      Key key = row.getKey();
      json.item().open('{').text("rule", key.rule()).text("from", key.from());
      json.text("to", key.to()).text("call", key.call());
      json.number("calls", row.getValue().calls);
      InventoryCommand.amounts(json, "money_exact", row.getValue().exact);
      InventoryCommand.amounts(json, "money_at_least", row.getValue().least);
      json.close('}');
    }
    json.close(']');
  }
}
