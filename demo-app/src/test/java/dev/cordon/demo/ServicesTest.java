package dev.cordon.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.cordon.demo.Received.Vendor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The services over the real SDKs, against the stand-ins and against a vendor that refuses. */
class ServicesTest {

  private static final Path INBOX = Path.of("messages.json");

  private final Path directory;

  ServicesTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void theBotDoesAllItIsToldWhenNobodyStopsIt() throws IOException {
    try (StandInVendors vendors = StandInVendors.start()) {
      Environment environment = environment(vendors.slack(), vendors);

      assertEquals(
          List.of(
              "read the channel: done",
              "post about ticket 35436: done",
              "post about ticket 35437: done",
              "archive the channel: done"),
          bot(environment));

      Received post =
          vendors.received().stream()
              .filter(r -> r.path().equals("/api/chat.postMessage"))
              .findFirst()
              .orElseThrow();
      assertTrue(post.form().getOrDefault("text", "").contains("maria.lindqvist@example.com"));
    }
  }

  @Test
  void theConnectorDoesAllItIsToldWhenNobodyStopsIt() throws IOException {
    try (StandInVendors vendors = StandInVendors.start()) {
      Environment environment = environment(vendors.stripe(), vendors);

      assertEquals(
          List.of(
              "comment on ticket 35436: done",
              "refund 18.50 EUR for ticket 35436: done, succeeded",
              "comment on ticket 35437: done",
              "refund 420.00 EUR for ticket 35437: done, succeeded",
              "delete ticket 35438: done"),
          connector(environment));

      List<Received> received = vendors.received();
      assertEquals(9, received.size());
      assertTrue(received.get(8).is(Vendor.ZENDESK, "DELETE", "/api/v2/tickets/35438.json"));
      assertTrue(received.stream().allMatch(r -> r.status() < 300));
    }
  }

  @Test
  void theDraftBotReadsTheModelsDeltas() throws IOException, InterruptedException {
    try (StandInVendors vendors = StandInVendors.start()) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      DraftBot.run(
          environment(vendors.stripe(), vendors),
          new PrintStream(out, true, StandardCharsets.UTF_8));
      assertEquals(
          List.of(
              "draft for ticket 35436: Thank you, we will reach you at"
                  + " maria.lindqvist@example.com or +46 70 174 06 08.",
              "draft for ticket 35437: Thank you, we will reach you at"
                  + " j.weber@example.com or +49 30 901820.",
              "draft for ticket 35438: Thank you, we will reach you at qa-team@example.com."),
          out.toString(StandardCharsets.UTF_8).lines().toList());
      assertTrue(vendors.received().stream().allMatch(r -> r.vendor() == Vendor.MODEL));
    }
  }

  @Test
  void theBotCopesWithARefusalInSlacksOwnShape() throws IOException {
    try (StandInVendors vendors = StandInVendors.start();
        Refuser refuser = new Refuser(200, "{\"ok\":false,\"error\":\"restricted_action\"}")) {
      for (String outcome : bot(environment(refuser.uri(), vendors))) {
        assertTrue(outcome.endsWith("refused, ok=false, error=restricted_action"), outcome);
      }
    }
  }

  @Test
  void theBotCopesWithARefusalWithStatus403() throws IOException {
    try (StandInVendors vendors = StandInVendors.start();
        Refuser refuser = new Refuser(403, "{\"ok\":false,\"error\":\"restricted_action\"}")) {
      for (String outcome : bot(environment(refuser.uri(), vendors))) {
        assertTrue(
            outcome.endsWith("refused, SlackApiException, HTTP 403, error=restricted_action"),
            outcome);
      }
    }
  }

  @Test
  void theConnectorCopesWithARefusalInStripesOwnShape() throws IOException {
    String refusal =
        "{\"error\":{\"type\":\"invalid_request_error\",\"code\":\"not_approved\","
            + "\"message\":\"ask first\"}}";
    try (StandInVendors vendors = StandInVendors.start();
        Refuser refuser = new Refuser(403, refusal)) {
      List<String> outcomes = connector(environment(refuser.uri(), vendors));
      assertEquals(
          "refund 18.50 EUR for ticket 35436: refused, PermissionException, HTTP 403, "
              + "code=not_approved, \"ask first\"",
          outcomes.get(1));
    }
  }

  @Test
  void aStandInRefusesAWrongKeyAsItsVendorDoes() throws IOException {
    try (StandInVendors vendors = StandInVendors.start();
        StandInVendors others = StandInVendors.start()) {
      Environment environment =
          new Environment(
              Map.of(
                  "INBOX", INBOX.toString(),
                  "LOG_FILE", directory.resolve("connector.log").toString(),
                  "STRIPE_API_BASE", vendors.stripe().toString(),
                  "STRIPE_API_KEY", others.credentials().stripeKey(),
                  "ZENDESK_URL", vendors.zendesk().toString(),
                  "ZENDESK_USER", "bot@example.com",
                  "ZENDESK_API_TOKEN", others.credentials().zendeskToken()));

      List<String> outcomes = connector(environment);

      assertEquals(
          "comment on ticket 35436: refused, HTTP 401, error=Couldn't authenticate you, \"\"",
          outcomes.get(0));
      assertTrue(outcomes.get(1).contains("refused, AuthenticationException, HTTP 401"));
    }
  }

  @Test
  void theConnectorLogsTheCustomersAddress() throws IOException {
    try (StandInVendors vendors = StandInVendors.start()) {
      connector(environment(vendors.stripe(), vendors));

      String log = Files.readString(directory.resolve("connector.log"));
      assertTrue(log.contains("ticket 35436: from Maria Lindqvist <maria.lindqvist@example.com>"));
    }
  }

  private List<String> bot(Environment environment) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SupportBot.run(environment, new PrintStream(out, true, StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private List<String> connector(Environment environment) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CrmConnector.run(environment, new PrintStream(out, true, StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  /** {@code first} stands for Stripe and for Slack; Zendesk is always the stand-in. */
  private Environment environment(URI first, StandInVendors vendors) {
    Credentials credentials = vendors.credentials();
    return new Environment(
        Map.ofEntries(
            Map.entry("INBOX", INBOX.toString()),
            Map.entry("LOG_FILE", directory.resolve("connector.log").toString()),
            Map.entry("STRIPE_API_BASE", first.toString()),
            Map.entry("STRIPE_API_KEY", credentials.stripeKey()),
            Map.entry("SLACK_API_URL", first + "/api/"),
            Map.entry("SLACK_BOT_TOKEN", credentials.slackToken()),
            Map.entry("SLACK_CHANNEL", SlackStandIn.PUBLIC_CHANNEL),
            Map.entry("ZENDESK_URL", vendors.zendesk().toString()),
            Map.entry("ZENDESK_USER", credentials.zendeskUser()),
            Map.entry("ZENDESK_API_TOKEN", credentials.zendeskToken()),
            Map.entry("MODEL_API_BASE", vendors.model().toString()),
            Map.entry("MODEL_API_KEY", credentials.modelKey())));
  }

  /** Lets a charge be read and refuses everything else with one answer. */
  private static final class Refuser implements AutoCloseable {

    private final HttpServer server;

    Refuser(int status, String json) throws IOException {
      server =
          HttpServer.create(
              new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            try (exchange) {
              exchange.getRequestBody().readAllBytes();
              boolean read = exchange.getRequestMethod().equals("GET");
              String body = read ? "{\"object\":\"charge\",\"currency\":\"eur\"}" : json;
              byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
              exchange.getResponseHeaders().set("Content-Type", "application/json");
              exchange.sendResponseHeaders(read ? 200 : status, bytes.length);
              exchange.getResponseBody().write(bytes);
            }
          });
      server.start();
    }

    URI uri() {
      return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
