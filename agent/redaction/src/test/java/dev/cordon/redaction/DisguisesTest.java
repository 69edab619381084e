package dev.cordon.redaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is found of values that are dressed up as something else, row by row of disguises.txt. */
class DisguisesTest {
  private static final Redactor LOG = Redactor.forLogs(EnumSet.allOf(Kind.class));
  private static final Map<String, String> SAMPLES =
      Map.of(
          "<JWT>", Samples.JWT,
          "<STRIPE>", Samples.STRIPE,
          "<GITHUB>", Samples.GITHUB,
          "<SLACK>", Samples.SLACK,
          "<AWS>", Samples.AWS,
          "<AWS_SECRET>", Samples.AWS_SECRET,
          "<GOOGLE>", Samples.GOOGLE,
          "<KEY_BLOCK>", Samples.KEY_BLOCK,
          "<TAB>", "\t",
          "<LF>", "\n");

  private record Row(boolean found, String where, Kind kind, String text) {}

  @Test
  void everyRowIsFoundOrNotAsItSays() throws IOException {
    List<Row> rows = rows();
    assertTrue(rows.size() >= 150, rows.size() + " rows");
    List<String> wrong = new ArrayList<>();
    for (Row row : rows) {
      boolean found = isFound(row);
      if (found != row.found) {
        wrong.add((found ? "found: " : "not found: ") + row);
      }
    }
    assertEquals(List.of(), wrong);
  }

  private static boolean isFound(Row row) {
    if (row.where.equals("log")) {
      return LOG.line(row.text).contains("[" + row.kind + "]");
    }
    RedactionPlan plan = Samples.everywhere(EnumSet.of(row.kind), RedactionPlan.Operator.TOKEN);
    byte[] source = row.text.getBytes(StandardCharsets.UTF_8);
    Scan scan =
        switch (row.where) {
          case "text" -> Redactor.body(source, "text/plain", plan);
          case "json" -> Redactor.body(source, "application/json", plan);
          case "form" -> Redactor.body(source, "application/x-www-form-urlencoded", plan);
          case "xml" -> Redactor.body(source, "application/xml", plan);
          case "graphql" -> Redactor.body(source, "application/graphql", plan);
          case "query" -> Redactor.query(row.text, plan);
          case "cookie" -> Redactor.header("Cookie", row.text, plan);
          default -> throw new IllegalArgumentException("no place is called " + row.where);
        };
    return scan.findings().stream().anyMatch(finding -> finding.kind() == row.kind);
  }

  private static List<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    try (InputStream in = DisguisesTest.class.getResourceAsStream("disguises.txt")) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
        if (line.startsWith("+ ") || line.startsWith("- ")) {
          String[] parts = line.split(" ", 4);
          String text = characters(parts[3]);
          for (Map.Entry<String, String> sample : SAMPLES.entrySet()) {
            String value = sample.getValue();
            text = text.replace(sample.getKey(), parts[1].equals("json") ? escaped(value) : value);
          }
          rows.add(new Row(parts[0].equals("+"), parts[1], Kind.valueOf(parts[2]), text));
        }
      }
    }
    return rows;
  }

  private static String escaped(String value) {
    return value.replace("\n", "\\n");
  }

  private static String characters(String text) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    for (int mark = text.indexOf("<U+"); mark >= 0; mark = text.indexOf("<U+", at)) {
      int close = text.indexOf('>', mark);
      out.append(text, at, mark);
      out.appendCodePoint(Integer.parseInt(text.substring(mark + 3, close), 16));
      at = close + 1;
    }
    return out.append(text, at, text.length()).toString();
  }
}
