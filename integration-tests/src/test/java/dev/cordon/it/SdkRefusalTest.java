package dev.cordon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A refusal comes out of the vendor's own SDK as the SDK's own error, and tells why: each SDK in a
 * JVM of its own, with the class path that its pom asks for, under the real agent. The programs are
 * in src/test/services/sdk; each catches its SDK's documented exception and no other.
 */
class SdkRefusalTest {
  private static final Pattern DECISION =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}");
  private static final Pattern RPC_ID = Pattern.compile("\"id\":(\"[^\"]*\"|[0-9]+)");

  @TempDir Path directory;

  @SuppressWarnings("NullAway.Init")
  private LocalServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = LocalServer.http();
    server.answerWith(SdkRefusalTest::answer);
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  /** What some SDKs ask for before they write. */
  private static LocalServer.Answer answer(LocalServer.Received request) {
    String path = request.uri();
    if (path.endsWith("/users/@me")) {
      return json(
          "{\"id\":\"1\",\"username\":\"b\",\"discriminator\":\"0\",\"bot\":true,\"verified\":true}");
    }
    if (path.contains("/gateway")) {
      return json("{\"url\":\"ws://127.0.0.1:1\",\"shards\":1}");
    }
    if (path.endsWith("/shop")) {
      return json("{\"shop\":{\"id\":\"1\",\"name\":\"x\"}}");
    }
    if (!path.equals("/mcp")) {
      return LocalServer.Answer.OK;
    }
    if (!request.text().contains("\"initialize\"")) {
      boolean posts = request.method().equals("POST");
      return new LocalServer.Answer(posts ? 202 : 405, "application/json", "");
    }
    Matcher id = RPC_ID.matcher(request.text());
    assertTrue(id.find(), request.text());
    return json(
        "{\"jsonrpc\":\"2.0\",\"id\":"
            + id.group(1)
            + ",\"result\":{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{\"tools\":{}},"
            + "\"serverInfo\":{\"name\":\"s\",\"version\":\"1\"}}}");
  }

  private static LocalServer.Answer json(String body) {
    return new LocalServer.Answer(200, "application/json", body);
  }

  @ParameterizedTest
  @CsvSource({
    "AnthropicSdk, anthropic, anthropic, default.write, THROWN 403 ",
    "DiscordSdk, discord, discord, default.write, THROWN 403 MISSING_PERMISSIONS ",
    "IntercomSdk, intercom, intercom, default.write, THROWN action_forbidden ",
    "LineSdk, line, line, default.write, THROWN 403 ",
    "McpSdk, mcp, mcp, default.write-high, THROWN -32003 ",
    "OpenAiSdk, openai, openai, default.write, THROWN 403 write-default ",
    "SalesforceCompositeSdk, salesforce-rest, salesforce, default.write-high, THROWN 403 ",
    "SalesforceRestSdk, salesforce-rest, salesforce, default.write, THROWN 403 ",
    "SalesforceSoapSdk, salesforce, salesforce, default.write-high, THROWN INSUFFICIENT_ACCESS ",
    "ShopifySdkCall, shopify, shopify, default.write-high, THROWN 403 ",
    "SlackSdk, slack, slack, default.write, THROWN 403 restricted_action ",
    "StripeSdk, stripe, stripe, default.write-high, THROWN 403 write-default ",
    "TelegramBotsSdk, telegrambots, telegram, default.write, THROWN 403 ",
    "TelegramSdk, telegram, telegram, default.write, ANSWERED false 403 ",
    "WhatsAppSdk, whatsapp, whatsapp, default.write, THROWN 403 10 "
  })
  void aRefusalOfTheAgentIsTheSdksOwnErrorAndTellsWhy(
      String program, String sdk, String pack, String rule, String outcome) throws Exception {
    ForkedJvm.Ended ended = run(program, sdk, pack);
    assertTells(ended, outcome, rule);
    List<String> journal = Cli.tailJson(directory.resolve("journal"));
    Matcher decision = DECISION.matcher(ended.out());
    assertTrue(decision.find(), ended::toString);
    assertEquals(
        1,
        journal.stream()
            .filter(line -> line.contains(decision.group()) && line.contains("\"deny\""))
            .count(),
        () -> "the decision that the error names: " + journal);
    for (LocalServer.Received received : server.received()) {
      assertTrue(isReadFirst(received), () -> "the refused call arrived: " + received);
    }
  }

  private static boolean isReadFirst(LocalServer.Received received) {
    return received.method().equals("GET")
        || received.uri().equals("/api/auth.test")
        || (received.uri().equals("/mcp")
            && (received.text().contains("\"initialize\"")
                || received.text().contains("notifications/initialized")));
  }

  @ParameterizedTest
  @CsvSource({
    "AnthropicSdk, anthropic, anthropic",
    "DiscordSdk, discord, discord",
    "IntercomSdk, intercom, intercom",
    "LineSdk, line, line",
    "McpSdk, mcp, mcp",
    "OpenAiSdk, openai, openai",
    "SalesforceCompositeSdk, salesforce-rest, salesforce",
    "SalesforceRestSdk, salesforce-rest, salesforce",
    "SalesforceSoapSdk, salesforce, salesforce",
    "ShopifySdkCall, shopify, shopify",
    "SlackSdk, slack, slack",
    "StripeSdk, stripe, stripe",
    "TelegramBotsSdk, telegrambots, telegram",
    "TelegramSdk, telegram, telegram",
    "WhatsAppSdk, whatsapp, whatsapp"
  })
  void theSameCallArrivesWhereTheRulesAllowIt(String program, String sdk, String pack)
      throws Exception {
    ForkedJvm.Ended ended =
        run(program, sdk, pack, "defaults: { write: allow, write-high: allow }");
    // what the SDK makes of an answer that is not the vendor's is none of our business
    assertFalse(ended.out().contains("Refused by Cordon"), ended::toString);
    assertTrue(
        server.received().stream().anyMatch(received -> !isReadFirst(received)),
        () -> "the call did not arrive: " + ended + server.received());
    List<String> journal = Cli.tailJson(directory.resolve("journal"));
    assertTrue(
        journal.stream()
            .anyMatch(
                line ->
                    line.contains("\"decision\":\"allow\"") && line.contains("\"class\":\"write")),
        journal::toString);
    assertTrue(journal.stream().noneMatch(line -> line.contains("\"deny\"")), journal::toString);
  }

  /**
   * These SDKs bring a client of their own that Cordon does not weave: a server answers with the
   * shape that the agent gave another client for the same call.
   */
  @ParameterizedTest
  @CsvSource({
    "SendGridSdk, sendgrid, /v3/mail/send, default.write, ANSWERED 403 ",
    "TwilioSdk, twilio, /2010-04-01/Accounts/AC1/Messages.json, default.write, THROWN 403 20403 ",
    "ZendeskSdk, zendesk, /api/v2/tickets.json, default.write, THROWN 403 "
  })
  void theShapeFromAServerIsTheErrorOfAnSdkWhoseClientIsNotWoven(
      String program, String sdk, String path, String rule, String outcome) throws Exception {
    ForkedJvm.Ended asked = plain(sdk, path, "{}");
    assertEquals(List.of(), server.received());
    Matcher line = Pattern.compile("STATUS ([0-9]+) [0-9a-f-]+ (.*)").matcher(asked.out());
    assertTrue(line.find(), asked::toString);
    LocalServer.Answer shape =
        new LocalServer.Answer(
            Integer.parseInt(line.group(1)), "application/json", line.group(2).strip());
    server.answerWith(request -> shape);
    assertTells(run(program, sdk, sdk), outcome, rule);
    assertEquals(1, server.received().size(), "one attempt");
  }

  /** No SDK of these is on Maven Central: see docs/packs.md. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "freshdesk | /api/v2/tickets | {'subject':'x','email':'a@example.com'} | default.write"
            + " | {'code':'access_denied','message':'Refused by Cordon: ",
        "hubspot | /crm/v3/objects/contacts | {'properties':{'lastname':'x'}} | default.write"
            + " | {'status':'error','message':'Refused by Cordon: ",
        "shopify | /admin/api/2025-07/graphql.json"
            + " | {'query':'mutation{refundCreate(input:{note:1}){userErrors{field}}}'}"
            + " | default.write-high | {'errors':[{'message':'Refused by Cordon: ",
      })
  void withoutAnSdkTheRefusalIsWhatTheVendorSaysOfItsErrors(
      String pack, String path, String call, String rule, String shape) throws Exception {
    String body = call.replace('\'', '"');
    ForkedJvm.Ended refused = plain(pack, path, body);
    assertTrue(refused.out().contains("STATUS 403 "), refused::toString);
    assertTrue(refused.out().contains(shape.replace('\'', '"')), refused::toString);
    assertTrue(refused.out().contains("rule " + rule + ","), refused::toString);
    assertEquals(List.of(), server.received());
    ForkedJvm.Ended allowed =
        plain(pack, path, body, "defaults: { write: allow, write-high: allow }");
    assertTrue(allowed.out().contains("STATUS 200 "), allowed::toString);
    assertEquals(body, server.received().get(0).text());
  }

  /** A POST of JSON by the client of the JDK. */
  private ForkedJvm.Ended plain(String pack, String path, String body, String... more)
      throws Exception {
    return ForkedJvm.of(Jdk.current())
        .agent(agentArguments(pack, more))
        .main(
            dev.cordon.it.services.EndToEnd.class,
            "call",
            "jdk-client",
            "POST",
            server.url(path),
            body)
        .classPath(
            Fixtures.jarsOf(
                "okhttp3.OkHttpClient",
                "okio.Buffer",
                "kotlin.Unit",
                "org.slf4j.Logger",
                "ch.qos.logback.classic.Logger",
                "ch.qos.logback.core.Appender"))
        .run();
  }

  private static void assertTells(ForkedJvm.Ended ended, String outcome, String rule) {
    assertEquals(0, ended.exitCode(), ended::toString);
    assertTrue(ended.out().contains(outcome), ended::toString);
    assertTrue(ended.out().contains("Refused by Cordon"), ended::toString);
    assertTrue(ended.out().contains("rule " + rule + ","), ended::toString);
    assertTrue(ended.out().contains("reason write-default,"), ended::toString);
    assertTrue(DECISION.matcher(ended.out()).find(), ended::toString);
  }

  private ForkedJvm.Ended run(String program, String sdk, String pack, String... more)
      throws Exception {
    List<Path> libraries = Fixtures.sdk(sdk);
    Path classes = Fixtures.compile("sdk/" + program, libraries, directory);
    return ForkedJvm.of(Jdk.current())
        .agent(agentArguments(pack, more))
        .classPath(classes)
        .classPath(libraries)
        .main(program, server.url(""))
        .run();
  }

  private String agentArguments(String pack, String... more) throws IOException {
    List<String> lines = new ArrayList<>(List.of("version: 1", "name: sdk"));
    lines.add("owner: tests@example.com");
    lines.addAll(List.of(more));
    lines.add("packs: [" + pack + "/1]");
    lines.add("destinations:");
    lines.add("  " + pack + ": { hosts: [localhost], ports: [" + server.port() + "] }");
    Path rules = Fixtures.rules(directory, lines.toArray(new String[0]));
    return "rules=" + rules + ",journal=" + directory.resolve("journal");
  }
}
