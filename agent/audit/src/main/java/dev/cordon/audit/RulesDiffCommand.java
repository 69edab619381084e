package dev.cordon.audit;

import dev.cordon.rules.CallFacts;
import dev.cordon.rules.Caller;
import dev.cordon.rules.RuleDiff;
import dev.cordon.rules.RuleFileException;
import dev.cordon.rules.Surroundings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code rules diff OLD NEW}: which calls a new version of a rule file decides otherwise. */
final class RulesDiffCommand {

  private static final int MAX_SHOWN_CHARS = 2_000;

  private static final String HELP =
      """
      usage: java -jar cordon.jar rules diff OLD NEW [OPTIONS]

      Decides every kind of call by both rule files and tells where NEW lets more by, or less,
      with a call that shows it. The values in these calls are made up from the rule files.

            --gate G     no-looser: exit code 1 when NEW lets more by, or when that it does not
                         cannot be proved
            --format F   text or json
            --color W    always, never, or auto: on a terminal, unless NO_COLOR is set
        -h, --help       this text

      exit codes: 0 compared (with --gate: proved that nothing is looser), 1 the gate is shut, or
      a file has errors, 2 not compared
      """;

  private RulesDiffCommand() {}

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(HELP);
      return Exit.OK;
    }
    return Attempt.run("rules diff", err, () -> diff(arguments, out));
  }

  private static int diff(List<String> arguments, PrintStream out)
      throws UsageException, IOException, RuleFileException {
    Arguments given = Arguments.parse(arguments, Set.of(), Set.of("--gate", "--format", "--color"));
    boolean gated = given.value("--gate") != null;
    if (gated) {
      given.oneOf("--gate", "no-looser");
    }
    String format = given.oneOf("--format", "text", "json");
    boolean colored = Terminal.isColored(given.oneOf("--color", "auto", "always", "never"));
    if (given.words().size() != 2) {
      throw new UsageException("two rule files are needed, OLD and NEW; see --help");
    }
    RuleDiff.Report report =
        RuleDiff.compare(
            Path.of(given.words().get(0)),
            Path.of(given.words().get(1)),
            Surroundings.of(new RedactionDetector()));
    if (format.equals("json")) {
      out.println(json(report));
    } else {
      text(report, colored, out);
    }
    return gated && !report.isProvedNoLooser() ? Exit.FOUND_PROBLEMS : Exit.OK;
  }

  // ---- text

  private static void text(RuleDiff.Report report, boolean colored, PrintStream out) {
    for (RuleDiff.Change change : RuleDiff.Change.values()) {
      for (RuleDiff.Difference one : report.differences()) {
        if (one.change() == change) {
          text(one, colored, out);
        }
      }
    }
    for (String gap : report.gaps()) {
      out.println(paint("unproved", "33", colored) + "  " + gap);
    }
    out.println(summary(report));
  }

  private static void text(RuleDiff.Difference one, boolean colored, PrintStream out) {
    boolean looser = one.change() == RuleDiff.Change.LOOSER;
    RuleDiff.Decided before = one.before();
    RuleDiff.Decided after = one.after();
    if (before == null || after == null) {
      out.println(
          paint(looser ? "looser  " : "stricter", looser ? "31" : "32", colored)
              + "  "
              + one.why());
      return;
    }
    out.println(
        paint(looser ? "looser  " : "stricter", looser ? "31" : "32", colored)
            + "  "
            + (one.destination().isEmpty() ? "" : one.destination() + ": ")
            + (looser ? one.why() : after.effect() + " instead of " + before.effect()));
    out.println("          before  " + text(before));
    out.println("          after   " + text(after));
    RuleDiff.Example example = one.example();
    if (example != null) {
      text(example, out);
    }
  }

  private static String text(RuleDiff.Decided decided) {
    return decided.effect()
        + " by "
        + decided.ruleId()
        + "  "
        + decided.file()
        + ":"
        + decided.line();
  }

  private static void text(RuleDiff.Example example, PrintStream out) {
    CallFacts call = example.call();
    out.println("          as in   " + call.method() + " " + call.url());
    for (int i = 0; i + 1 < call.headers().size(); i += 2) {
      out.println("                  " + call.headers().get(i) + ": " + call.headers().get(i + 1));
    }
    String caller = caller(call.caller());
    if (!caller.isEmpty()) {
      out.println("                  " + caller);
    }
    String body = body(call);
    if (!body.isEmpty()) {
      out.println("                  " + body);
    }
    for (String origin : example.origins()) {
      out.println("                  known to come from " + origin);
    }
    out.println("                  at " + example.now());
  }

  private static String caller(Caller caller) {
    StringBuilder out = new StringBuilder();
    String[] names = {"actor", "bot", "channel", "run"};
    String[] values = {caller.actor(), caller.bot(), caller.channel(), caller.run()};
    for (int i = 0; i < names.length; i++) {
      if (!values[i].isEmpty()) {
        out.append(out.length() == 0 ? "" : ", ").append(names[i]).append(' ').append(values[i]);
      }
    }
    return out.toString();
  }

  private static String body(CallFacts call) {
    return switch (call.bodyState()) {
      case NONE -> "";
      case TOO_LARGE -> "(a body longer than is inspected)";
      case UNREADABLE -> "(a body that cannot be read)";
      case READ -> {
        String text = new String(call.body(), StandardCharsets.UTF_8);
        String shown = text.stripTrailing();
        shown = shown.length() > MAX_SHOWN_CHARS ? shown.substring(0, MAX_SHOWN_CHARS) : shown;
        yield shown.length() == text.length() ? shown : shown + " (" + text.length() + " bytes)";
      }
    };
  }

  private static String summary(RuleDiff.Report report) {
    int looser = 0;
    for (RuleDiff.Difference one : report.differences()) {
      looser += one.change() == RuleDiff.Change.LOOSER ? 1 : 0;
    }
    int stricter = report.differences().size() - looser;
    return looser
        + " looser, "
        + stricter
        + " stricter; "
        + (report.isProvedNoLooser()
            ? "proved: nothing is looser"
            : report.gaps().isEmpty()
                ? "everything was decided"
                : "NOT PROVED: see unproved above, there may be more")
        + String.format(
            Locale.ROOT,
            " (%,d kinds of calls, %,d changed, %,d cells)",
            report.leaves(),
            report.changedLeaves(),
            report.cells());
  }

  private static String paint(String text, String color, boolean colored) {
    return colored ? "\u001b[" + color + "m" + text + "\u001b[0m" : text;
  }

  // ---- JSON

  private static Json json(RuleDiff.Report report) {
    Json json = new Json().open('{');
    json.flag("looser", report.isLooser()).flag("proved-no-looser", report.isProvedNoLooser());
    json.number("leaves", report.leaves()).number("changed-leaves", report.changedLeaves());
    json.number("cells", report.cells());
    json.texts("unproved", report.gaps());
    json.key("differences").open('[');
    for (RuleDiff.Difference one : report.differences()) {
      json.item().open('{').text("change", one.change().name().toLowerCase(Locale.ROOT));
      json.text("why", one.why()).text("destination", one.destination());
      json.number("cells", one.cells());
      json(json, "before", one.before());
      json(json, "after", one.after());
      RuleDiff.Example example = one.example();
      if (example != null) {
        CallFacts call = example.call();
        json.key("example").open('{').text("method", call.method()).text("url", call.url());
        json.texts("headers", call.headers());
        json.text("body-state", call.bodyState().name().toLowerCase(Locale.ROOT));
        json.text("body", new String(call.body(), StandardCharsets.UTF_8));
        json.text("actor", call.caller().actor()).text("bot", call.caller().bot());
        json.text("channel", call.caller().channel()).text("run", call.caller().run());
        json.texts("origins", example.origins());
        json.text("now", example.now().toString()).close('}');
      }
      json.close('}');
    }
    return json.close(']').close('}');
  }

  private static void json(Json json, String key, RuleDiff.@Nullable Decided decided) {
    if (decided != null) {
      json.key(key).open('{').text("effect", decided.effect()).text("rule", decided.ruleId());
      json.text("file", decided.file()).number("line", decided.line()).close('}');
    }
  }
}
