package dev.cordon.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom a call is about, where the rules keep evidence: the one that a pack names, or nobody. */
class SubjectTest {

  @TempDir Path directory;

  @Test
  void theFirstFieldThatIsThereNamesTheSubject() throws Exception {
    RuleSet rules = rules("retention: { raw-evidence: 14d }");
    assertEquals("cus_1", form(rules, "customer=cus_1&charge=ch_1"));
    assertEquals("ch_1", form(rules, "charge=ch_1"));
    assertEquals("", form(rules, "amount=1"));
    assertEquals("4711", form(rules, "customer=4711"));
  }

  @Test
  void whatIsSeveralOrCannotBeReadNamesNobody() throws Exception {
    RuleSet rules = rules("retention: { raw-evidence: 14d }");
    assertEquals("", form(rules, "customer=cus_1&customer=cus_2&charge=ch_1"));
    assertEquals("", form(rules, "customer=cus_1&charge=ch_1&%zz=1"));
    assertEquals("", form(rules, "customer=" + "x".repeat(300)));
    assertEquals("", form(rules, "note=" + "x".repeat(70_000) + "&customer=cus_1"), "too long");
  }

  @Test
  void aSegmentOfThePathNamesTheSubjectAlsoOfARead() throws Exception {
    RuleSet rules = rules("retention: { raw-evidence: 14d }");
    assertEquals(
        "cus_1", subject(rules, "POST", "/v1/customers/cus_1/balance_transactions", "amount=1"));
    assertEquals("cus_9", subject(rules, "DELETE", "/v1/customers/cus_9", ""));
    assertEquals("jos\u00e9", subject(rules, "DELETE", "/v1/customers/jos%C3%A9", ""));
  }

  @Test
  void withoutEvidenceNobodyIsNamed() throws Exception {
    assertEquals("", form(rules("retention: { events: 400d }"), "customer=cus_1"));
    assertEquals("", subject(rules(""), "DELETE", "/v1/customers/cus_9", ""));
  }

  @Test
  void rulesFromABundleNameTheSameSubject() throws Exception {
    Path file = directory.resolve("rules.yaml");
    rules("retention: { raw-evidence: 14d }");
    Path bundle = directory.resolve("rules.cbundle");
    Files.write(bundle, Bundle.build(file, Surroundings.of(Detector.NONE)));
    assertEquals(
        "cus_1", form(RuleSet.load(bundle, Surroundings.of(Detector.NONE)), "customer=cus_1"));
  }

  private RuleSet rules(String section) throws Exception {
    Path file = directory.resolve("rules.yaml");
    Files.write(
        file,
        List.of(
            "version: 1",
            "name: subjects",
            "serial: 1",
            "owner: tests@example.com",
            "packs: [stripe/1]",
            "destinations: { stripe: { hosts: [api.stripe.com] } }",
            section));
    return RuleSet.load(file);
  }

  private static String form(RuleSet rules, String body) {
    return subject(rules, "POST", "/v1/refunds", body);
  }

  private static String subject(RuleSet rules, String method, String path, String body) {
    Trail trail = new Trail();
    rules.decide(
        new CallFacts(
            method,
            "https://api.stripe.com" + path,
            List.of("Content-Type", "application/x-www-form-urlencoded"),
            body.isEmpty() ? BodyState.NONE : BodyState.READ,
            body.getBytes(UTF_8),
            Caller.UNKNOWN),
        trail);
    return trail.subject();
  }
}
