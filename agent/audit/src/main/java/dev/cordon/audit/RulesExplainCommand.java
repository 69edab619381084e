package dev.cordon.audit;

import dev.cordon.rules.BodyState;
import dev.cordon.rules.CallFacts;
import dev.cordon.rules.Decision;
import dev.cordon.rules.Effect;
import dev.cordon.rules.Explanation;
import dev.cordon.rules.RuleFileException;
import dev.cordon.rules.RuleSet;
import dev.cordon.rules.Surroundings;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code rules explain FILE --call 'POST https://...'}: the decision and how it came about. Prints
 * what stands in the rule file, never a value of the call.
 */
final class RulesExplainCommand {

  private static final String HELP =
      """
      usage: java -jar cordon.jar rules explain FILE --call 'METHOD URL' [OPTIONS]

      Tells how FILE decides a call: each rule that is for it, each of its conditions.
      No value of the call is printed.

            --header H   'NAME: VALUE'; may be repeated
            --body B     the body itself, @FILE to read it from a file, @- from standard input;
                         without a Content-Type header it is taken for JSON when it begins with
                         { or [, else for a form
        -h, --help       this text

      exit codes: 0 told, 1 the rule file has errors, 2 not told
      """;

  private RulesExplainCommand() {}

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (arguments.contains("--help") || arguments.contains("-h")) {
      out.print(HELP);
      return Exit.OK;
    }
    try {
      return explain(Request.parse(arguments), out);
    } catch (RuleFileException e) {
      err.println(e);
      return Exit.FOUND_PROBLEMS;
    } catch (UsageException e) {
      err.println("cordon rules explain: " + e.getMessage());
    } catch (NoSuchFileException e) {
      err.println("cordon rules explain: no such file: " + e.getFile());
    } catch (IOException | InvalidPathException e) {
      err.println("cordon rules explain: cannot read: " + e.getMessage());
    }
    return Exit.USAGE;
  }

  private static int explain(Request request, PrintStream out)
      throws UsageException, IOException, RuleFileException {
    RuleSet rules = RuleSet.load(Path.of(request.file), Surroundings.of(new RedactionDetector()));
    Explanation explanation = rules.explain(request.facts(rules.inspectUpToBytes()));
    Decision decision = explanation.decision();
    out.println("decision:  " + wording(decision));
    out.println("rule:      " + decision.ruleId());
    out.println("reason:    " + decision.reason().code());
    out.println("class:     " + decision.callClass().code());
    if (!decision.operation().isEmpty()) {
      out.println("operation: " + decision.operation());
    }
    for (String note : explanation.notes()) {
      int colon = note.indexOf(':') + 1;
      out.println(note.substring(0, colon) + pad(11 - colon) + note.substring(colon).strip());
    }
    if (!decision.redactions().isEmpty()) {
      decision
          .redactions()
          .forEach(
              redaction ->
                  out.println(
                      "redacts:   "
                          + String.join(", ", redaction.types().stream().sorted().toList())
                          + (redaction.fields().isEmpty()
                              ? ""
                              : " in " + String.join(", ", redaction.fields()))
                          + " with "
                          + redaction.with().name().toLowerCase(Locale.ROOT)));
    }
    if (decision.effect() != Effect.ALLOW && !decision.help().isEmpty()) {
      out.println("help:      " + decision.help());
    }
    out.println();
    out.println(
        explanation.rules().isEmpty()
            ? "no rule is for this call"
            : "rules for this call (+ fired, - did not):");
    for (Explanation.RuleTrace rule : explanation.rules()) {
      print(rule.file(), rule, out);
    }
    return Exit.OK;
  }

  private static String wording(Decision decision) {
    String effect = decision.effect().name().toLowerCase(Locale.ROOT);
    return decision.enforced() ? effect : "would " + effect + " (observe: the call proceeds)";
  }

  private static void print(String file, Explanation.RuleTrace rule, PrintStream out) {
    out.println(
        (rule.fired() ? "  + " : "  - ")
            + rule.id()
            + "  "
            + rule.then()
            + (rule.observed() ? " (observe)" : "")
            + "  "
            + rule.call()
            + "  "
            + file
            + ":"
            + rule.line());
    if (rule.conditions().isEmpty()) {
      out.println("      " + (rule.why().startsWith("conditions") ? "no conditions" : rule.why()));
      return;
    }
    out.println("      " + rule.why());
    for (Explanation.ConditionTrace condition : rule.conditions()) {
      String truth = condition.truth().name().toLowerCase(Locale.ROOT);
      out.println(
          "      "
              + truth
              + pad(9 - truth.length())
              + condition.text()
              + "  "
              + file
              + ":"
              + condition.line()
              + ":"
              + condition.column());
    }
  }

  private static String pad(int width) {
    return " ".repeat(Math.max(1, width));
  }

  /** What the arguments ask for. */
  private static final class Request {
    private String file = "";
    private String call = "";
    private @Nullable String body;
    private final List<String> headers = new ArrayList<>();

    static Request parse(List<String> arguments) throws UsageException {
      Request request = new Request();
      for (int i = 0; i < arguments.size(); i++) {
        String argument = arguments.get(i);
        if (!argument.startsWith("--")) {
          if (!request.file.isEmpty()) {
            throw new UsageException("one rule file, please; see --help");
          }
          request.file = argument;
          continue;
        }
        if (!List.of("--call", "--body", "--header").contains(argument)) {
          throw new UsageException("unknown option '" + argument + "'; see --help");
        }
        if (++i == arguments.size()) {
          throw new UsageException(argument + " needs a value; see --help");
        }
        String value = arguments.get(i);
        switch (argument) {
          case "--call" -> request.call = value.strip();
          case "--body" -> request.body = value;
          default -> request.addHeader(value);
        }
      }
      if (request.file.isEmpty() || request.call.isEmpty()) {
        throw new UsageException("a rule file and --call 'METHOD URL' are needed; see --help");
      }
      return request;
    }

    private void addHeader(String line) throws UsageException {
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw new UsageException("--header wants 'NAME: VALUE'"); // may hold a secret: not repeated
      }
      headers.add(line.substring(0, colon).strip());
      headers.add(line.substring(colon + 1).strip());
    }

    CallFacts facts(int inspectUpToBytes) throws UsageException, IOException {
      int space = call.indexOf(' ');
      if (space < 0) {
        throw new UsageException(
            "--call wants 'METHOD URL', as in 'POST https://api.example.com/x'");
      }
      String method = call.substring(0, space);
      String url = call.substring(space + 1).strip();
      byte[] bytes = bytes(inspectUpToBytes);
      if (bytes.length == 0) {
        return new CallFacts(method, url, headers, BodyState.NONE, bytes);
      }
      if (bytes.length > inspectUpToBytes) {
        return new CallFacts(method, url, headers, BodyState.TOO_LARGE, new byte[0]);
      }
      boolean typed = false;
      for (int i = 0; i < headers.size(); i += 2) {
        typed |= headers.get(i).equalsIgnoreCase("content-type");
      }
      if (!typed) {
        headers.add("Content-Type");
        headers.add(
            bytes[0] == '{' || bytes[0] == '['
                ? "application/json"
                : "application/x-www-form-urlencoded");
      }
      return new CallFacts(method, url, headers, BodyState.READ, bytes);
    }

    private byte[] bytes(int inspectUpToBytes) throws IOException {
      if (body == null) {
        return new byte[0];
      }
      if (!body.startsWith("@")) {
        return body.getBytes(StandardCharsets.UTF_8);
      }
      if (body.equals("@-")) {
        return trimmed(System.in.readNBytes(inspectUpToBytes + 1));
      }
      try (InputStream in = Files.newInputStream(Path.of(body.substring(1)))) {
        return trimmed(in.readNBytes(inspectUpToBytes + 1));
      }
    }

    /** Without the line end that editors put at the end of a file. */
    private static byte[] trimmed(byte[] bytes) {
      int end = bytes.length;
      while (end > 0 && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
        end--;
      }
      return Arrays.copyOf(bytes, end);
    }
  }
}
