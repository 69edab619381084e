package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rules from a bundle decide and explain as those from their text do, whatever the file. Set {@code
 * -Dcordon.seed=} to run one seed again, {@code -Dcordon.rounds=} for more of them.
 */
class BundleDecidesTest {
  private static final int CALLS = 60;
  private static final int ROUNDS = Integer.getInteger("cordon.rounds", 4);

  /** What random rules are made of besides those of {@link RandomRulesTest}. */
  private static final List<String> MORE =
      List.of(
          "when: [money <= 25 EUR]",
          "when: [money > 12.50 USD, { not: 'reason = duplicate' }]",
          "when: [{ any: ['time in (mon-fri 08:00-18:00 Europe/Berlin | sat 10:00-14:00 UTC)',"
              + " 'amount >= 100'] }]",
          "when: [metadata.order in $ids, 'header.X-Run exists']",
          "when: ['reason has email', 'metadata.note has pan']",
          "when: ['reason matches words', \"reason.length <= 20\", \"reason != 'x y'\"]",
          "when: ['amount = -1.50', 'flag in (true | null | 7 | \"7\" | x)']",
          "fields: { root: '', allow: [amount, charge, metadata.*], others: OTHERS }",
          "fields: { root: metadata, allow: [order, 'items[].id'], others: deny }",
          "limits: [{ per: subject, max: 2, within: 1h }, { per: rule, sum: money, max: 50 EUR,"
              + " within: 1h, over: approve }]",
          "limits: [{ per: actor, sum: bytes, max: 4 KiB, within: 5m, over: escalate }]",
          "idempotency: { key: [charge, amount, header.Idempotency-Key], within: 24h }",
          "size: { body: 40 B, over: approve }",
          "when: [taint(reason) = secret, { not: taint(charge) = customer-text }]",
          "mode: observe",
          "refuse-with: exception");

  @TempDir Path directory;

  @RepeatedTest(50)
  void aBundleOfRandomRulesDecidesAsTheirText(RepetitionInfo repetition) throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      long seed =
          Long.getLong("cordon.seed", System.nanoTime() * 31)
              + (repetition.getCurrentRepetition() - 1) * 1_000L
              + round;
      Random random = new Random(seed);
      String yaml =
          RandomRulesTest.yaml(RandomRulesTest.model(random))
              .replace("name: random\n", "name: random\nserial: " + (1 + random.nextInt(9)) + "\n");
      yaml = withMore(yaml, random);
      List<CallFacts> calls = new ArrayList<>();
      for (int i = 0; i < CALLS; i++) {
        calls.add(
            random.nextBoolean()
                ? RandomRulesTest.facts(RandomRulesTest.call(random))
                : vendorCall(random));
      }
      compare(yaml, calls, "-Dcordon.seed=" + seed);
    }
  }

  private static String withMore(String yaml, Random random) {
    StringBuilder out =
        new StringBuilder(
            yaml.replace(
                "destinations:\n",
                "packs: [stripe/1, mcp/1]\n"
                    + "lists: { ids: [7, A-1, 'true'], unused: [x, y] }\n"
                    + "callers: { run: header.X-Run }\n"
                    + "approvals: { money: { approvers: [group:leads, user:a], votes: 2, ttl: 5m,"
                    + " show: [amount] } }\n"
                    + "redaction: { logs: { types: [email, pan], with: token }, outgoing: { types:"
                    + " [secret], with: block } }\n"
                    + "categories: { payment-card: { then: escalate, to-queue: cards } }\n"
                    + "destinations:\n"
                    + "  stripe: { hosts: [api.stripe.com, 10.0.0.0/8, '[2001:db8::1]'], ports:"
                    + " [443, 8443], tls: required }\n"
                    + "  mcp: { hosts: [mcp.example.com], protocol: json-rpc, refuse-with:"
                    + " exception }\n"
                    + "  shop: { hosts: [shop.example.com], category: channel, endpoints: { graphql: [/api/graphql] }"
                    + " }\n"));
    out.insert(out.indexOf("patterns: {") + "patterns: {".length(), " words: '[a-z ]+',");
    int count = random.nextInt(14);
    for (int i = 0; i < count; i++) {
      String then =
          List.of("allow", "allow", "deny", "approve", "escalate", "forbid").get(random.nextInt(6));
      String more = MORE.get(random.nextInt(MORE.size()));
      boolean counts =
          more.startsWith("limits") || more.startsWith("idem") || more.startsWith("size");
      then = counts ? (random.nextBoolean() ? "allow" : "approve") : then;
      out.append("  - id: more.").append(i).append("\n    to: stripe\n    call: POST ");
      out.append(random.nextInt(3) == 0 ? "/v1/**" : "/v1/refunds").append("\n    then: ");
      out.append(then).append("\n    ");
      out.append(more.replace("OTHERS", then.equals("allow") ? "approve" : "deny")).append('\n');
      if (then.equals("approve") && random.nextBoolean()) {
        out.append("    approval: { policy: money, votes: 3 }\n");
      }
      if (then.equals("escalate")) {
        out.append("    to-queue: desk\n    reply: A person will call.\n");
      }
      if (random.nextInt(4) == 0) {
        out.append("    why: because of \u00fc\u20ac\ud83d\ude00\n    owner: own@example.com\n");
      }
    }
    if (random.nextBoolean()) {
      out.append(
          "  - { id: tools, to: mcp, call: rpc tools/call (find_* | get_x), then: allow }\n");
      out.append("  - { id: shop, to: shop, call: 'graphql mutation (orderUpdate | a*)', then:");
      out.append(" approve }\n");
      out.append(
          "  - { id: mail, to: any, call: 'POST /**', then: redact, redact: { fields: [reason,");
      out.append(" metadata.**.note], types: [email], with: mask } }\n");
    }
    return out.toString();
  }

  private static CallFacts vendorCall(Random random) {
    String url =
        List.of(
                "https://api.stripe.com/v1/refunds",
                "https://api.stripe.com:8443/v1/refunds",
                "http://api.stripe.com/v1/charges/ch_1",
                "https://10.1.2.3/v1/refunds",
                "https://[2001:db8::1]/v1/refunds",
                "https://mcp.example.com/",
                "https://shop.example.com/api/graphql")
            .get(random.nextInt(7));
    String body =
        List.of(
                "{\"amount\":2000,\"currency\":\"eur\",\"charge\":\"ch_1\",\"reason\":\"duplicate\"}",
                "{\"amount\":99999,\"currency\":\"usd\",\"reason\":\"mail bob@example.com\"}",
                "{\"amount\":-1.50,\"flag\":true,\"metadata\":{\"order\":\"A-1\",\"note\":\"n\"}}",
                "{\"amount\":\"7\",\"flag\":\"7\",\"metadata\":{\"order\":7,\"items\":[{\"id\":1}]}}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"find_a\"}}",
                "{\"query\":\"mutation { orderUpdate { id } }\"}",
                "{\"amount\":1,\"amount\":2")
            .get(random.nextInt(7));
    List<String> headers = new ArrayList<>(List.of("Content-Type", "application/json"));
    if (random.nextBoolean()) {
      headers.addAll(List.of("X-Run", "run-1", "Idempotency-Key", "k" + random.nextInt(2)));
    }
    return new CallFacts(
        "POST",
        url,
        headers,
        BodyState.READ,
        body.getBytes(StandardCharsets.UTF_8),
        random.nextBoolean() ? Caller.UNKNOWN : Caller.ofService("bot"));
  }

  @Test
  void aBundleOfTheCompleteFileAndOfEachEnvironmentDecidesAsItsText() throws Exception {
    List<Path> files = new ArrayList<>();
    files.add(Path.of("src/test/resources/complete/prod.yaml"));
    for (String name : List.of("production", "staging", "development")) {
      files.add(Path.of("../packs/environments/" + name + ".yaml"));
    }
    for (Path file : files) {
      Random random = new Random(1);
      List<CallFacts> calls = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        calls.add(vendorCall(random));
      }
      Path folder = Files.createDirectories(directory.resolve(file.getFileName() + ".d"));
      Path copy = folder.resolve(String.valueOf(file.getFileName()));
      String text = Files.readString(file).replaceAll("(?s)\ntests:.*", "\n");
      if (!text.contains("\nserial:")) {
        text = text.replaceFirst("\nname:", "\nserial: 3\nname:");
      }
      Files.writeString(copy, text);
      Path base = file.resolveSibling("org-baseline.yaml");
      if (Files.exists(base)) {
        Files.copy(base, folder.resolve("org-baseline.yaml"));
      }
      compare(copy, calls, file.toString());
    }
  }

  /** Who changes what a bundle holds raises {@link Bundle#VERSION}, then the digest here. */
  @Test
  void theBytesOfThisFormatVersionAreThese() throws Exception {
    String yaml =
        "version: 1\n"
            + "name: small\n"
            + "serial: 1\n"
            + "owner: t@example.com\n"
            + "patterns: { words: '[a-z ]+' }\n"
            + "callers: { run: header.X-Run }\n"
            + "destinations: { a: { hosts: [a.example.com, 10.0.0.0/8], ports: [443] } }\n"
            + "classify: { read: [a POST /v1/search] }\n"
            + "rules:\n"
            + "  - { id: one, to: a, call: POST /v1/notes/*, then: approve, when: [a <= 25, { not:"
            + " b matches words }, c in (x | 7), time in (mon-fri 08:00-18:00 UTC)],\n"
            + "      limits: [{ per: actor, max: 10, within: 1m }], idempotency: { key: [a],"
            + " within: 1h } }\n"
            + "  - { id: two, to: any, call: DELETE /**, then: forbid }\n"
            + "  - { id: mail, to: a, call: POST /**, then: redact, redact: { fields: [t], types:"
            + " [email], with: mask } }\n"
            + "redaction: { patterns: { order: 'ORD-[0-9]{8}' }, logs: { types: [order] } }\n";
    RuleSet rules =
        RuleSet.load(Files.writeString(directory.resolve("s.yaml"), yaml), surroundings());
    assertEquals(5, Bundle.VERSION);
    assertEquals(
        "2570eadbd4f91cb2929943b95971642ae9e9bcd6c76529e7e78d46725f450c12",
        Layer.Loader.sha256(model(rules.file())));
  }

  private void compare(String yaml, List<CallFacts> calls, String what) throws Exception {
    compare(Files.writeString(directory.resolve("r.yaml"), yaml), calls, what + "\n" + yaml);
  }

  private void compare(Path file, List<CallFacts> calls, String what)
      throws RuleFileException, IOException {
    RuleSet text = RuleSet.load(file, surroundings());
    Path bundle = directory.resolve("r.cbundle");
    byte[] built = Bundle.build(file, surroundings());
    Files.write(bundle, built);
    RuleSet packed = RuleSet.load(bundle, surroundings());
    for (CallFacts call : calls) {
      Decision before = text.decide(call);
      Decision after = packed.decide(call);
      assertEquals(told(before), told(after), () -> call + "\n" + what);
      assertEquals(
          told(text.hold(before).decision()),
          told(packed.hold(after).decision()),
          () -> call + "\n" + what);
      assertEquals(told(text.explain(call)), told(packed.explain(call)), () -> call + "\n" + what);
      Trail trailBefore = new Trail();
      Trail trailAfter = new Trail();
      text.decide(call, trailBefore);
      packed.decide(call, trailAfter);
      assertEquals(told(trailBefore), told(trailAfter), () -> call + "\n" + what);
    }
    assertEquals(text.digest(), packed.digest(), what);
    assertEquals(text.serial(), packed.serial(), what);
    assertEquals(text.logs(), packed.logs(), what);
    assertEquals(text.outgoing(), packed.outgoing(), what);
    assertEquals(text.approvals(), packed.approvals(), what);
    assertEquals(text.alerts(), packed.alerts(), what);
    assertEquals(text.retention(), packed.retention(), what);
    assertEquals(text.waivers(), packed.waivers(), what);
    assertEquals(text.needsRedactionKey(), packed.needsRedactionKey(), what);
    // whatever was written was read: what was read is written the same
    assertArrayEquals(model(text.file()), model(packed.file()), what);
    Bundle.open(bundle, surroundings());
  }

  /** The compiled part of a bundle, texts and all. */
  private static byte[] model(RuleFile file) {
    Map<String, Integer> layers = new HashMap<>();
    for (Rule rule : file.rules()) {
      layers.put(rule.file(), rule.file().contains("base") ? 1 : 0);
    }
    return new BundleWriter()
        .write(file, "00".repeat(Bundle.DIGEST_BYTES), List.of(), List.of(), layers, List.of(), 9);
  }

  private static List<Object> told(Decision decision) {
    return Arrays.asList(
        decision.effect(),
        decision.enforced(),
        decision.ruleId(),
        decision.ruleIds(),
        decision.callClass(),
        decision.reason(),
        decision.destination(),
        decision.operation(),
        decision.redactions(),
        decision.keepFields(),
        decision.fieldNames(),
        decision.refuseWithException(),
        decision.charges().all().size(),
        String.valueOf(decision.approval() == null ? "" : decision.approval().names()),
        decision.approval() == null ? "" : decision.approval(),
        decision.handOver() == null ? "" : decision.handOver(),
        decision.shape() == null ? "" : decision.shape(),
        decision.help());
  }

  private static List<Object> told(Explanation explanation) {
    List<Object> all = new ArrayList<>(told(explanation.decision()));
    all.addAll(explanation.notes());
    for (Explanation.RuleTrace rule : explanation.rules()) {
      all.add(rule.id() + rule.fired() + rule.conditions());
    }
    return all;
  }

  private static List<Object> told(Trail trail) {
    return List.of(
        trail.flags(),
        trail.methods(),
        trail.classes(),
        trail.redactions(),
        Arrays.toString(Arrays.copyOf(trail.prints(), trail.count())),
        Arrays.toString(Arrays.copyOf(trail.values(), trail.count())),
        trail.route(),
        trail.operations(),
        trail.fields(),
        trail.actor(),
        trail.money(),
        trail.currency(),
        trail.moneyCompared());
  }

  private static Surroundings surroundings() {
    return new Surroundings(new TestTypes(), () -> java.time.Instant.EPOCH, () -> 1, new Ledger());
  }

  /** Finds an e-mail address where there is an at sign. */
  private static final class TestTypes implements Detector {
    @Override
    public Set<String> types() {
      return Set.of("email", "phone", "iban", "pan", "secret", "token", "ssn", "ip", "password");
    }

    @Override
    public Set<String> typesOf(String category) {
      return switch (category) {
        case "payment-card" -> Set.of("pan");
        case "password-reset" -> Set.of("password", "secret");
        default -> Set.of();
      };
    }

    @Override
    public Truth isIn(String text, String type) {
      return Truth.of(type.equals("email") && text.indexOf('@') >= 0);
    }

    @Override
    public Truth isIn(byte[] body, String contentType, Set<String> types) {
      return Truth.of(types.contains("pan") && body.length > 80);
    }
  }
}
