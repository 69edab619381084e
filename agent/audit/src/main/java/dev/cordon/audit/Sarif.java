package dev.cordon.audit;

import dev.cordon.rules.Problem;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** The Static Analysis Results Interchange Format of OASIS, version 2.1.0. */
final class Sarif {
  private Sarif() {}

  static Json of(List<RulesCheckCommand.Checked> all) {
    TreeSet<String> distinct = new TreeSet<>();
    for (RulesCheckCommand.Checked checked : all) {
      checked.problems().forEach(problem -> distinct.add(problem.code()));
    }
    List<String> codes = new ArrayList<>(distinct);
    Json json = begin(codes);
    for (RulesCheckCommand.Checked checked : all) {
      for (Problem problem : checked.news()) {
        json.item();
        result(json, problem, codes.indexOf(problem.code()));
      }
    }
    json.close(']');
    invocation(json, all);
    return json.close('}').close(']').close('}');
  }

  /** Whether all files were read; else what is not among the results is not told to be right. */
  private static void invocation(Json json, List<RulesCheckCommand.Checked> all) {
    boolean whole = true;
    for (RulesCheckCommand.Checked checked : all) {
      whole &= checked.unread().isEmpty();
    }
    json.key("invocations").open('[').item().open('{').flag("executionSuccessful", whole);
    json.key("toolExecutionNotifications").open('[');
    for (RulesCheckCommand.Checked checked : all) {
      if (!checked.unread().isEmpty()) {
        json.item().open('{').text("level", "error");
        json.key("message").open('{').text("text", checked.unread()).close('}').close('}');
      }
    }
    json.close(']').close('}').close(']');
  }

  /** Everything before the first result. */
  private static Json begin(List<String> codes) {
    Json json = new Json().open('{');
    json.text("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    json.text("version", "2.1.0");
    json.key("runs").open('[').item().open('{');
    json.key("tool").open('{').key("driver").open('{');
    json.text("name", "cordon").text("version", Main.version());
    json.key("rules").open('[');
    for (String code : codes) {
      json.item().open('{').text("id", code).close('}');
    }
    json.close(']').close('}').close('}');
    json.text("columnKind", "unicodeCodePoints");
    return json.key("results").open('[');
  }

  /** Findings of {@code scan}; no value is in them. */
  static Json ofFindings(List<ScanCommand.Found> all) {
    TreeSet<String> distinct = new TreeSet<>();
    all.forEach(found -> distinct.add(found.type()));
    List<String> types = new ArrayList<>(distinct);
    Json json = begin(types);
    for (ScanCommand.Found found : all) {
      json.item().open('{').text("ruleId", found.type());
      json.number("ruleIndex", types.indexOf(found.type())).text("level", "error");
      json.key("message").open('{').text("text", "found: " + found.type()).close('}');
      json.key("properties").open('{').key("tags").open('[');
      json.value(found.kind().dataClass().label()).close(']').close('}');
      location(json, found.file(), found.line(), found.column(), found.column() + found.length());
      json.close('}').close('}').close('}').close(']').close('}');
    }
    return json.close(']').close('}').close(']').close('}');
  }

  private static void result(Json json, Problem problem, int rule) {
    json.open('{').text("ruleId", problem.code()).number("ruleIndex", rule);
    json.text("level", problem.isError() ? "error" : "warning");
    String hint = problem.hint();
    json.key("message").open('{');
    json.text("text", problem.message() + (hint.isEmpty() ? "" : ": " + hint)).close('}');
    location(
        json, problem.file(), problem.line(), problem.column(), problem.column() + problem.width());
    if (!problem.sourceLine().isEmpty()) {
      json.key("snippet").open('{').text("text", problem.sourceLine()).close('}');
    }
    json.close('}').close('}').close('}').close(']').close('}');
  }

  /** Opens the location and the region of a result, and leaves them open. */
  private static void location(Json json, String file, long line, int column, int endColumn) {
    json.key("locations").open('[').item().open('{');
    json.key("physicalLocation").open('{');
    json.key("artifactLocation").open('{').text("uri", uri(file)).close('}');
    json.key("region").open('{');
    json.number("startLine", line).number("startColumn", column).number("endColumn", endColumn);
  }

  /** A relative file stays relative: its reader knows where the repository is. */
  private static String uri(String file) {
    Path path = Path.of(file);
    try {
      return path.isAbsolute()
          ? path.toUri().toString()
          : new URI(null, null, "./" + file.replace('\\', '/'), null).normalize().toASCIIString();
    } catch (URISyntaxException e) {
      return path.toUri().toString();
    }
  }
}
