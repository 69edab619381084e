package dev.cordon.redaction;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Prints recall and false hits over labelled text in the directory that the system property {@code
 * corpora} names: files of JSON lines with {@code text}, {@code spans}, {@code polarity}, {@code
 * entity}. For people at work on a detector; no test depends on it.
 */
final class CorpusReport {
  private static final String[][] TYPES = {
    {"EMAIL", "EMAIL"}, {"PHONE", "PHONE"}, {"CREDIT_CARD", "CARD"}, {"IBAN", "IBAN"}
  };

  private record Span(int start, int end, String type) {}

  private record Row(String text, String polarity, String entity, String kind, List<Span> spans) {}

  private CorpusReport() {}

  public static void main(String[] args) throws IOException {
    boolean verbose = Boolean.getBoolean("verbose");
    Path directory = Path.of(System.getProperty("corpora"));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.jsonl")) {
      for (Path file : files) {
        report(file, verbose);
      }
    }
  }

  private static void report(Path file, boolean verbose) throws IOException {
    Map<String, int[]> counts = new TreeMap<>();
    long chars = 0;
    for (String line : Files.readAllLines(file)) {
      Row row = row(line);
      chars += row.text.length();
      Kind kind = kindOf(row.entity);
      if (row.polarity.equals("unlabelled-clean")) {
        String said = describe(row.text, EnumSet.allOf(Kind.class));
        if (!said.isEmpty()) {
          count(counts, "clean: rows with hits", true);
          if (verbose) {
            System.out.println("    HIT " + said);
          }
        }
        continue;
      }
      if (kind == null) {
        continue;
      }
      boolean found = found(row.text, kind, 0);
      boolean named = kind == Kind.PHONE && found(row.text, kind, Names.PHONE);
      count(counts, row.polarity + " " + kind, found);
      if (kind == Kind.PHONE) {
        count(counts, row.polarity + " " + kind + " under a key", named);
      }
      boolean positive = row.polarity.startsWith("positive");
      if (verbose && (positive ? !(found || named) : found)) {
        System.out.println("    " + row.polarity + " " + row.entity + " " + row.text);
      }
    }
    System.out.println(file.getFileName() + " (" + chars + " chars)");
    counts.forEach((name, c) -> System.out.println("  " + name + ": " + c[0] + " of " + c[1]));
  }

  private static void count(Map<String, int[]> counts, String name, boolean found) {
    int[] c = counts.computeIfAbsent(name, n -> new int[2]);
    c[0] += found ? 1 : 0;
    c[1]++;
  }

  private static boolean found(String text, Kind kind, int name) {
    Spans spans = Detector.scan(text, 0, text.length(), kind.bit(), name);
    if (spans == Spans.FOLD_FIRST) {
      View folded = Escapes.characters(View.root(text, false, 0, 1), 0, text.length());
      spans = Detector.scan(folded.text, 0, folded.text.length(), kind.bit(), name);
    }
    return spans != null;
  }

  private static String describe(String text, EnumSet<Kind> kinds) {
    RedactionPlan.Order order =
        new RedactionPlan.Order(List.of(), kinds, RedactionPlan.Operator.TOKEN);
    Scan scan =
        Redactor.body(
            text.getBytes(StandardCharsets.UTF_8),
            "application/json",
            RedactionPlan.of(List.of(order), java.util.Set.of()));
    StringBuilder said = new StringBuilder();
    for (Finding finding : scan.findings()) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      String value =
          new String(
              bytes, finding.start(), finding.end() - finding.start(), StandardCharsets.UTF_8);
      said.append(finding.kind()).append(' ').append(finding.path()).append(' ').append(value);
      said.append("; ");
    }
    return said.toString();
  }

  private static @org.jspecify.annotations.Nullable Kind kindOf(String entity) {
    for (String[] type : TYPES) {
      if (entity.startsWith(type[0])) {
        return Kind.valueOf(type[1]);
      }
    }
    return null;
  }

  private static Row row(String line) throws IOException {
    String text = "";
    String polarity = "";
    String entity = "";
    String kind = "";
    List<Span> spans = new ArrayList<>();
    try (JsonParser parser = new JsonFactory().createParser(line)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        String value = parser.getValueAsString("");
        switch (name) {
          case "text" -> text = value;
          case "polarity" -> polarity = value;
          case "entity" -> entity = value;
          case "kind" -> kind = value;
          default -> parser.skipChildren();
        }
      }
    }
    return new Row(text, polarity, entity, kind, spans);
  }
}
