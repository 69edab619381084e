package dev.cordon.demo;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.cordon.demo.Received.Vendor;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Shows both runs side by side and checks that they are what the demo claims. */
final class Report {

  /** What customers wrote and must not be found where it has no business. */
  static final String EMAIL = "maria.lindqvist@example.com";

  static final String PHONE = "+46 70 174 06 08";
  static final String CARD = "4242 4242 4242 4242";
  static final String IBAN = "DE89 3704 0044 0532 0130 00";
  private static final List<String> PERSONAL =
      List.of(EMAIL, "j.weber@example.com", PHONE, "+49 30 901820", CARD, IBAN, "Lindqvist");

  private static final String LARGE_REFUND = "refund 420.00 EUR for ticket 35437";
  private static final int MAX_LOG_LINES = 3;

  private final Side without;
  private final Side with;
  private final List<JsonObject> journal = new ArrayList<>();
  private final List<Path> journalFiles;

  /**
   * @param journal the journal, one JSON object a line
   */
  Report(Side without, Side with, List<String> journal, List<Path> journalFiles) {
    this.without = without;
    this.with = with;
    for (String line : journal) {
      this.journal.add(JsonParser.parseString(line).getAsJsonObject());
    }
    this.journalFiles = journalFiles;
  }

  void print(PrintStream out) {
    Columns columns = new Columns(out);
    columns.print(List.of("", "WITHOUT CORDON"), List.of("", "WITH CORDON"));
    columns.heading("Stripe was asked for refunds");
    columns.print(refunds(without), refunds(with));
    columns.heading("Slack was given to post in a public channel");
    columns.print(without.posts(), with.posts());
    columns.heading("Zendesk was given as the ticket's new comment");
    columns.print(without.ticketChanges(), with.ticketChanges());
    columns.heading("The model was sent");
    columns.print(without.prompts(), with.prompts());
    columns.heading("The bot that asked the model got");
    columns.print(without.drafts(), with.drafts());
    columns.heading("Vendors were told to remove");
    columns.print(removals(without), removals(with));
    columns.heading("What the services' SDKs reported");
    columns.print(without.outcomes(), with.outcomes());
    columns.heading("The services' log files (start)");
    columns.print(start(without.botLog()), start(with.botLog()));
    columns.print(start(without.connectorLog()), start(with.connectorLog()));
    columns.heading("Printed to stderr");
    columns.print(without.errors(), with.errors());
  }

  private static List<String> refunds(Side side) {
    List<String> lines = new ArrayList<>();
    for (Map<String, String> refund : side.refunds()) {
      lines.add(
          new BigDecimal(refund.getOrDefault("amount", "0")).movePointLeft(2)
              + " EUR of "
              + refund.get("charge")
              + " ("
              + refund.get("reason")
              + ")");
    }
    return lines;
  }

  private static List<String> removals(Side side) {
    List<String> lines = new ArrayList<>();
    for (Received request : archives(side)) {
      lines.add("Slack: " + request.method() + " " + request.path());
    }
    for (Received request : deletions(side)) {
      lines.add("Zendesk: " + request.method() + " " + request.path());
    }
    return lines;
  }

  private static List<Received> archives(Side side) {
    return side.received(Vendor.SLACK, "POST", "/api/conversations.archive");
  }

  private static List<Received> deletions(Side side) {
    return side.received(Vendor.ZENDESK, "DELETE", "/");
  }

  private static List<String> start(List<String> log) {
    return log.subList(0, Math.min(MAX_LOG_LINES, log.size()));
  }

  /** Prints each claim with its answer and returns how many are wrong. */
  int failedClaims(PrintStream out) throws IOException {
    List<Claim> claims = claims();
    int failed = 0;
    new Columns(out).heading("Is it so?");
    for (Claim claim : claims) {
      out.println((claim.holds() ? "  yes  " : "  NO   ") + claim.text());
      failed += claim.holds() ? 0 : 1;
    }
    out.println(claims.size() - failed + " of " + claims.size() + " claims hold");
    return failed;
  }

  private record Claim(String text, boolean holds) {}

  private List<Claim> claims() throws IOException {
    List<Claim> claims = new ArrayList<>();
    claims.add(
        new Claim(
            "the refund that the rules allow reached Stripe both times, byte for byte the same",
            !without.refunds().isEmpty()
                && !with.refunds().isEmpty()
                && body(without, Vendor.STRIPE, "/v1/refunds")
                    .equals(body(with, Vendor.STRIPE, "/v1/refunds"))));
    claims.add(
        new Claim(
            "the refund that needs approval reached Stripe only without Cordon",
            without.refunds().size() == 2 && with.refunds().size() == 1));
    claims.add(
        new Claim(
            "stripe-java reported it as its documented exception",
            without.outcome(LARGE_REFUND).contains("done")
                && with.outcome(LARGE_REFUND).contains("Exception, HTTP 403, code=")));
    claims.add(
        new Claim(
            "Slack got both posts both times; addresses and numbers only without Cordon",
            without.posts().size() == 2
                && with.posts().size() == 2
                && String.join("", without.posts()).contains(EMAIL)
                && String.join("", without.posts()).contains(PHONE)
                && noneOf(List.of(EMAIL, "j.weber@example.com", PHONE, CARD, IBAN), with.posts())));
    claims.add(
        new Claim(
            "Zendesk got the comments both times; the card number only without Cordon",
            without.ticketChanges().size() == 2
                && with.ticketChanges().size() == 2
                && String.join("", without.ticketChanges()).contains(CARD)
                && noneOf(List.of(CARD), with.ticketChanges())));
    claims.add(
        new Claim(
            "the model got all prompts both times; addresses and numbers only without Cordon",
            without.prompts().size() == 3
                && with.prompts().size() == 3
                && String.join("", without.prompts()).contains(EMAIL)
                && String.join("", with.prompts()).contains("EMAIL_")
                && noneOf(
                    List.of(EMAIL, "j.weber@example.com", PHONE, "+49 30 901820", CARD, IBAN),
                    with.prompts())));
    claims.add(
        new Claim(
            "the bot got the same drafts both times, with the customer's address and number",
            without.drafts().size() == 3
                && without.drafts().equals(with.drafts())
                && String.join("", with.drafts()).contains(EMAIL)
                && String.join("", with.drafts()).contains(PHONE)));
    claims.add(
        new Claim(
            "the journal says how many values came back in the model's answers", restored() == 5));
    claims.add(
        new Claim(
            "the channel was archived and the ticket deleted only without Cordon",
            archives(without).size() == 1
                && deletions(without).size() == 1
                && archives(with).isEmpty()
                && deletions(with).isEmpty()));
    claims.add(
        new Claim(
            "both were reported in the vendors' own error shapes",
            with.outcome("archive the channel").contains("error=")
                && with.outcome("delete ticket").contains("HTTP 403, error=")));
    claims.add(
        new Claim(
            "reads went through both times", reads(without) == reads(with) && reads(with) >= 5));
    claims.add(
        new Claim(
            "both log files have their lines; addresses and numbers only without Cordon",
            without.botLog().size() <= with.botLog().size()
                && without.connectorLog().size() <= with.connectorLog().size()
                && without.everythingLogged().contains(EMAIL)
                && noneOf(
                    List.of(EMAIL, "j.weber@example.com", PHONE, CARD, IBAN),
                    List.of(with.everythingLogged()))));
    claims.add(
        new Claim(
            "the services printed nothing on stderr but one line of Cordon each",
            without.errors().isEmpty() && with.errors().size() == 3));
    claims.add(
        new Claim(
            "every call is in the journal, the three refused ones too, each with its rule",
            requests() == with.received().size() + 3
                && decided("allow", "refund.small")
                && decided("approve-wait", "refund.large")
                && decided("deny", "never.delete")));
    claims.add(new Claim("no value of any call or log line is in the journal's files", isSilent()));
    return claims;
  }

  private static String body(Side side, Vendor vendor, String path) {
    List<Received> requests = side.received(vendor, "POST", path);
    return requests.isEmpty() ? "" : requests.get(0).body();
  }

  private static long reads(Side side) {
    return side.received().stream()
        .filter(r -> r.method().equals("GET") || r.path().equals("/api/conversations.history"))
        .count();
  }

  private static boolean noneOf(List<String> values, List<String> texts) {
    for (String text : texts) {
      for (String value : values) {
        if (text.contains(value)) {
          return false;
        }
      }
    }
    return true;
  }

  private long requests() {
    return journal.stream().filter(entry -> text(entry, "kind").equals("call.request")).count();
  }

  /** Values that came back in answers, as the journal tells. */
  private long restored() {
    return journal.stream()
        .filter(entry -> text(entry, "kind").equals("redact.response"))
        .map(entry -> entry.getAsJsonObject("attributes"))
        .filter(attributes -> attributes != null && attributes.has("restored"))
        .mapToLong(attributes -> attributes.get("restored").getAsLong())
        .sum();
  }

  private boolean decided(String decision, String rule) {
    return journal.stream()
        .anyMatch(
            entry ->
                text(entry, "decision").equals(decision)
                    && entry.has("rules")
                    && entry.getAsJsonArray("rules").contains(new JsonPrimitive(rule)));
  }

  private static String text(JsonObject entry, String name) {
    return entry.has(name) ? entry.get(name).getAsString() : "";
  }

  private boolean isSilent() throws IOException {
    for (Path file : journalFiles) {
      String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
      if (!noneOf(PERSONAL, List.of(bytes))) {
        return false;
      }
    }
    return !journalFiles.isEmpty();
  }
}
