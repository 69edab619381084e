package dev.cordon.redaction;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Prints recall and false hits for each type over labelled text in the directory that is the
 * argument: files of JSON lines with {@code text}, {@code spans}, {@code polarity}, {@code entity}.
 * For people at work on a detector; no test depends on it. With {@code -Dverbose=true} every miss
 * and every false hit.
 *
 * <pre>
 * mvn -q -o -pl agent/redaction test-compile &amp;&amp; java -cp agent/redaction/target/classes:\
 *   agent/redaction/target/test-classes:JACKSON-CORE.jar dev.cordon.redaction.CorpusReport DIRECTORY
 * </pre>
 */
final class CorpusReport {
  /**
   * Beginning of the label, kinds that count, words that make a number with a check one of ours.
   */
  private record Type(String label, EnumSet<Kind> kinds, String words, String key) {}

  private static final EnumSet<Kind> IDS =
      EnumSet.of(
          Kind.NATIONAL_ID,
          Kind.TAX_ID,
          Kind.HEALTH_ID,
          Kind.COMPANY_ID,
          Kind.SSN,
          Kind.BANK_ACCOUNT);

  private static final EnumSet<Kind> SECRETS = EnumSet.range(Kind.BEARER, Kind.GOOGLE_KEY);

  private static final List<Type> TYPES =
      List.of(
          new Type("EMAIL", EnumSet.of(Kind.EMAIL), "", ""),
          new Type("PHONE", EnumSet.of(Kind.PHONE), "phone ", "phone"),
          new Type("CREDIT_CARD", EnumSet.of(Kind.CARD), "", ""),
          new Type("IBAN", EnumSet.of(Kind.IBAN), "", ""),
          new Type("US_SSN", EnumSet.of(Kind.SSN), "ssn ", "ssn"),
          new Type("SSN", EnumSet.of(Kind.SSN), "ssn ", "ssn"),
          new Type("IP", EnumSet.of(Kind.IP_ADDRESS), "", ""),
          new Type("MAC", EnumSet.of(Kind.MAC_ADDRESS), "mac ", "mac"),
          new Type("BTC", EnumSet.of(Kind.WALLET), "wallet ", "wallet"),
          new Type("ETH", EnumSet.of(Kind.WALLET), "wallet ", "wallet"),
          new Type("CRYPTO", EnumSet.of(Kind.WALLET), "wallet ", "wallet"),
          new Type("VAT", IDS, "vat ", "vat"),
          new Type("TAX_ID", IDS, "tax id ", "tax_id"),
          new Type("IDENTITY_CARD", IDS, "id number ", "national_id"),
          new Type("PASSPORT", IDS, "passport ", "passport_number"),
          // checks that are tried on their own there: each under what people call such a number
          new Type("ID/dd.btc", EnumSet.of(Kind.WALLET), "wallet ", "wallet"),
          new Type("ID/dd.ethereum", EnumSet.of(Kind.WALLET), "wallet ", "wallet"),
          new Type("ID/dd.monero", EnumSet.of(Kind.WALLET), "wallet ", "wallet"),
          new Type("ID/dd.luhn", EnumSet.of(Kind.CARD), "card ", "card"),
          new Type("ID/dd.atlassian", SECRETS, "api token: ", "api_token"),
          new Type("ID/dd.github", SECRETS, "api token: ", "api_token"),
          new Type("ID/dd.jwt", SECRETS, "api token: ", "api_token"),
          new Type("ID/dd.entropy", SECRETS, "api token: ", "api_token"),
          new Type("ID/dd.token", SECRETS, "api token: ", "api_token"),
          new Type("ID/dd.brazilian_cnpj", IDS, "cnpj ", "cnpj"),
          new Type("ID/dd.brazilian_cpf", IDS, "cpf ", "cpf"),
          new Type("ID/dd.australian_medicare", IDS, "medicare ", "medicare"),
          new Type("ID/dd.german_ids", IDS, "personalausweis ", "personalausweis"),
          new Type("ID/", IDS, "id number ", "national_id"));

  private record Row(String text, String polarity, String entity, String kind) {}

  private CorpusReport() {}

  public static void main(String[] args) throws IOException {
    boolean verbose = Boolean.getBoolean("verbose");
    Map<String, int[]> all = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(args[0]), "*.jsonl")) {
      for (Path file : files) {
        report(file, verbose, all);
      }
    }
    System.out.println("all files");
    print(all);
  }

  private static void report(Path file, boolean verbose, Map<String, int[]> all)
      throws IOException {
    Map<String, int[]> counts = new TreeMap<>();
    long chars = 0;
    for (String line : Files.readAllLines(file)) {
      Row row = row(line);
      if (row.polarity.equals("unlabelled-clean")) {
        chars += row.text.length();
        clean(row, verbose, counts);
        continue;
      }
      Type type = typeOf(row.entity);
      if (type == null || row.polarity.contains("conditional")) {
        continue;
      }
      boolean positive = row.polarity.startsWith("positive");
      String name = (positive ? "found " : "false hits ") + type.label;
      boolean bare = found(row.text, type, "text/plain");
      count(counts, name, bare);
      boolean told = bare;
      if (!type.key.isEmpty()) {
        told = found(type.words + row.text, type, "text/plain");
        count(counts, name + " behind a word", told);
        boolean keyed = found(json(type.key, row.text), type, "application/json");
        count(counts, name + " under a key", keyed);
        told &= keyed;
      }
      if (verbose && (positive ? !told : bare)) {
        System.out.println("    " + row.polarity + " " + row.entity + " " + row.text);
      }
    }
    System.out.println(file.getFileName() + (chars == 0 ? "" : " (clean: " + chars + " chars)"));
    print(counts);
    counts.forEach(
        (name, c) -> {
          int[] total = all.computeIfAbsent(name, n -> new int[2]);
          total[0] += c[0];
          total[1] += c[1];
        });
  }

  private static void print(Map<String, int[]> counts) {
    counts.forEach(
        (name, c) ->
            System.out.printf(
                Locale.ROOT,
                "  %-40s %5d of %5d  %5.1f %%%n",
                name,
                c[0],
                c[1],
                100.0 * c[0] / c[1]));
  }

  private static void count(Map<String, int[]> counts, String name, boolean found) {
    int[] c = counts.computeIfAbsent(name, n -> new int[2]);
    c[0] += found ? 1 : 0;
    c[1]++;
  }

  private static void clean(Row row, boolean verbose, Map<String, int[]> counts) {
    for (Finding finding : scan(row.text, EnumSet.allOf(Kind.class), "application/json")) {
      count(counts, "hits in clean text " + finding.kind(), true);
      if (verbose) {
        byte[] bytes = row.text.getBytes(StandardCharsets.UTF_8);
        int length = finding.end() - finding.start();
        String value = new String(bytes, finding.start(), length, StandardCharsets.UTF_8);
        System.out.println("    HIT " + finding.kind() + " " + finding.path() + " " + value);
      }
    }
  }

  private static boolean found(String text, Type type, String contentType) {
    return !scan(text, type.kinds, contentType).isEmpty();
  }

  private static List<Finding> scan(String text, EnumSet<Kind> kinds, String contentType) {
    RedactionPlan.Order order =
        new RedactionPlan.Order(List.of(), kinds, RedactionPlan.Operator.TOKEN);
    return Redactor.body(
            text.getBytes(StandardCharsets.UTF_8),
            contentType + "; charset=utf-8",
            RedactionPlan.of(List.of(order), java.util.Set.of()))
        .findings();
  }

  private static String json(String key, String value) {
    return "{\"" + key + "\":\"" + Escapes.json(value) + "\"}";
  }

  private static @Nullable Type typeOf(String entity) {
    for (Type type : TYPES) {
      if (entity.startsWith(type.label)) {
        return type;
      }
    }
    return null;
  }

  private static Row row(String line) throws IOException {
    String text = "";
    String polarity = "";
    String entity = "";
    String kind = "";
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
    return new Row(text, polarity, entity, kind);
  }
}
