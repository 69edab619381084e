package dev.cordon.audit;

import dev.cordon.audit.TextRecords.TextRecord;
import dev.cordon.redaction.Finding;
import dev.cordon.redaction.Kind;
import dev.cordon.redaction.Reach;
import dev.cordon.redaction.Redactor;
import dev.cordon.redaction.Scan;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** {@code scan FILE}: where personal data and secrets stand in a text. */
final class ScanCommand {

  private static final String HELP =
      """
      usage: java -jar cordon.jar scan [OPTIONS] FILE...|-

      Tells types and places of personal data and secrets in text: logs, JSON, CSV. Tells no
      value. Reads line by line, also files larger than memory; - is standard input.

            --types T    only these, with commas: email,phone,pan,... or classes:
                         internal, confidential, restricted; all when not given
            --rules FILE also what the patterns of a rule file match (redaction.patterns)
            --format F   text, json (one object a line, the last one counts) or sarif
            --show       tells the values, too
        -h, --help       this text

      exit codes: 0 nothing was found, 1 something was, 2 not done
      """;

  private static final int MAX_SARIF_RESULTS = 25_000; // what code hosts take of one run

  /** One finding in a file. Line and column count from 1, columns and length are characters. */
  record Found(
      String file, long line, int column, int length, Kind kind, String type, String value) {}

  private final PrintStream out;
  private final Redactor redactor;
  private final String format;
  private final boolean show;
  private final Map<String, Long> counts = new TreeMap<>();
  private final List<Found> kept = new ArrayList<>();
  private long lines;
  private long found;

  private ScanCommand(PrintStream out, Redactor redactor, String format, boolean show) {
    this.out = out;
    this.redactor = redactor;
    this.format = format;
    this.show = show;
  }

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(HELP);
      return Exit.OK;
    }
    return Attempt.run("scan", err, () -> scan(arguments, out, err));
  }

  private static int scan(List<String> arguments, PrintStream out, PrintStream err)
      throws UsageException, IOException {
    Arguments given =
        Arguments.parse(arguments, Set.of("--show"), Set.of("--types", "--rules", "--format"));
    ScanCommand scan =
        new ScanCommand(
            out,
            TextScan.redactor(given),
            given.oneOf("--format", "text", "json", "sarif"),
            given.has("--show"));
    for (String file : given.files()) {
      TextScan.each(file, err, text -> scan.read(file, text));
    }
    scan.end(err);
    return scan.found == 0 ? Exit.OK : Exit.FOUND_PROBLEMS;
  }

  private void read(String file, TextRecord text) throws IOException {
    lines += text.lines();
    Scan scan = redactor.find(text.text());
    if (scan.reach() == Reach.FAILED) {
      throw TextScan.unscannable(file, text);
    }
    int lineStart = 0;
    long line = text.line();
    for (Finding finding : scan.findings()) {
      for (int next = text.text().indexOf('\n', lineStart);
          next >= 0 && next < finding.start();
          next = text.text().indexOf('\n', lineStart)) {
        lineStart = next + 1;
        line++;
      }
      found++;
      counts.merge(finding.type(), 1L, Long::sum);
      print(
          new Found(
              file,
              line,
              1 + text.text().codePointCount(lineStart, finding.start()),
              text.text().codePointCount(finding.start(), finding.end()),
              finding.kind(),
              finding.type(),
              show ? text.text().substring(finding.start(), finding.end()) : ""));
    }
  }

  private void print(Found one) {
    switch (format) {
      case "text" ->
          out.println(
              one.file()
                  + ":"
                  + one.line()
                  + ":"
                  + one.column()
                  + ": "
                  + one.type()
                  + " ("
                  + one.kind().dataClass().label()
                  + "), "
                  + one.length()
                  + " characters"
                  + (show ? ": " + oneLine(one.value()) : ""));
      case "json" -> {
        StringBuilder json = new StringBuilder("{\"file\":");
        Json.string(json, one.file());
        json.append(",\"line\":").append(one.line()).append(",\"column\":").append(one.column());
        json.append(",\"length\":").append(one.length()).append(",\"type\":");
        Json.string(json, one.type());
        json.append(",\"class\":\"").append(one.kind().dataClass().label()).append('"');
        if (show) {
          json.append(",\"value\":");
          Json.string(json, one.value());
        }
        out.println(json.append('}'));
      }
      default -> {
        if (kept.size() < MAX_SARIF_RESULTS) {
          kept.add(one);
        }
      }
    }
  }

  /** A value could move the cursor, or look like a line of ours. */
  private static String oneLine(String value) {
    StringBuilder text = new StringBuilder();
    value.codePoints().forEach(c -> text.appendCodePoint(Character.isISOControl(c) ? 0xFFFD : c));
    return text.toString();
  }

  private void end(PrintStream err) throws IOException {
    switch (format) {
      case "text" -> {
        StringBuilder counted = new StringBuilder();
        counts.forEach(
            (type, count) -> counted.append(", ").append(type).append(' ').append(count));
        out.println(lines + " lines, " + found + " found" + counted);
      }
      case "json" -> {
        StringBuilder json = new StringBuilder("{\"lines\":").append(lines);
        json.append(",\"found\":").append(found).append(",\"types\":{");
        String comma = "";
        for (Map.Entry<String, Long> one : counts.entrySet()) {
          json.append(comma).append('"').append(one.getKey()).append("\":").append(one.getValue());
          comma = ",";
        }
        out.println(json.append("}}"));
      }
      default -> {
        out.println(Sarif.ofFindings(kept));
        if (found > kept.size()) {
          err.println(
              "cordon scan: the report holds the first "
                  + kept.size()
                  + " of "
                  + found
                  + " findings; --format json has all");
        }
      }
    }
    if (out.checkError()) {
      throw new IOException("the output was closed");
    }
  }
}
