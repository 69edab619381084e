package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A slip in the YAML hides nothing but the part of the file that it is in, and invents nothing. */
class BrokenYamlTest {
  private static final String FILE =
      """
      version: 1
      name: support
      owner: s@example.com
      packs: [stripe/1]
      defaults: {
        host: deny,
      }
      destinations:
        stripe: { hosts: [api.stripe.com] }
        crm:
          hosts: [.crm.example.com]
      lists:
        public: [a, b]
        # a comment
        other:
        - c
        - d
      patterns: { order: 'ord_[0-9]+' }
      rules:
        - id: refund.small
          to: stripe
          call: POST /v1/refunds
          when: [money <= 25 EUR,
                 reason in (duplicate | fraudulent)]
          then: allow
        - id: note.public
          to: crm
          call: POST /notes/**
          when: [channel in $public]
          then: deny

        - { id: note.other, to: crm, call: PUT /notes/**, when: [channel in $other],
            then: deny }
        - id: order
          to: crm
          call: PUT /orders/**
          when: [number matches order]
          then: deny
      alerts:
        - { id: burst, when: denies > 20 within 5m, to: [pagerduty] }
      """;

  @TempDir Path directory;

  /** As {@code line:column:code}. */
  private List<String> problems(String text) throws Exception {
    Path file = RuleFiles.write(directory, text);
    RuleFileException refused =
        assertThrows(RuleFileException.class, () -> RuleSet.load(file), () -> text);
    List<String> all = new ArrayList<>();
    for (Problem one : refused.problems()) {
      all.add(one.line() + ":" + one.column() + ":" + one.code());
    }
    return all;
  }

  @Test
  void theFileItselfIsRight() throws Exception {
    RuleSet.load(RuleFiles.write(directory, FILE));
  }

  @Test
  void aBrokenRuleHidesNoErrorBeforeOrAfterIt() throws Exception {
    String text =
        FILE.replace("hosts: [.crm.example.com]", "hosts: [.crm.example.com]\n    prots: [443]")
            .replace("when: [channel in $public]", "when: [channel in $public")
            .replace("- id: order", "- id: order\n    thne: deny");
    assertEquals(List.of("12:5:CRD111", "31:9:CRD101", "36:5:CRD111"), problems(text));
  }

  @Test
  void severalBrokenPartsAreToldInOneRun() throws Exception {
    String text =
        FILE.replace("stripe: { hosts: [api.stripe.com] }", "stripe: { hosts: [api.stripe.com }")
            .replace("call: POST /notes/**", "call: 'POST")
            .replace("[pagerduty]", "[pagerduty")
            .replace("then: allow", "then: alow");
    List<String> lines = new ArrayList<>();
    for (String problem : problems(text)) {
      lines.add(problem.replaceFirst(":\\d+:", " "));
    }
    // a quote that is left open ends where its rule does
    assertEquals(List.of("9 CRD101", "25 CRD114", "32 CRD101", "40 CRD101"), lines);
  }

  @Test
  void whatIsMissingBecauseOfASlipIsNotTold() throws Exception {
    // all that others build on: a destination, a list, a pattern, a pack, the version
    for (List<String> slip :
        List.of(
            List.of("crm:\n    hosts: [.crm.example.com]", "crm:\n    hosts: [.crm.example.com"),
            List.of("public: [a, b]", "public: [a, b"),
            List.of("order: 'ord_[0-9]+' }", "order: 'ord_[0-9]+'"),
            List.of("packs: [stripe/1]", "packs: [stripe/1"),
            List.of("version: 1", "version: [1"),
            List.of("- id: note.public", "- id: [note.public"),
            List.of("owner: s@example.com", "owner: @s"))) {
      List<String> told = problems(FILE.replace(slip.get(0), slip.get(1)));
      assertEquals(1, told.size(), slip + " " + told);
      assertTrue(told.get(0).endsWith("CRD101"), slip + " " + told);
    }
  }

  @Test
  void aSectionOfWhichNothingIsLeftIsNotTakenForAnEmptyOne() throws Exception {
    String text =
        """
        version: 1
        name: one
        owner: t@example.com
        rules:
          - { id: a, to: any, call: [POST /x, then: deny }
        lists: 5
        """;
    assertEquals(List.of("5:50:CRD101", "6:8:CRD113"), problems(text));
  }

  @Test
  void aSlipThatNoPartExplainsIsToldAlone() throws Exception {
    assertEquals(1, problems("]\nversion: 1\nname: a\nlists: 5\n").size());
    assertEquals(1, problems("version: 1\nname: a\n? [\n").size());
    assertEquals(1, problems("some words\nversion: 1\nname: [\n").size());
    assertEquals(1, problems("[").size());
  }

  @Test
  void whatBuildsOnABrokenLayerIsNotBlamedForIt() throws Exception {
    Path lower =
        RuleFiles.write(
            directory,
            "version: 1\nname: low\nowner: t@example.com\n"
                + "destinations:\n  crm: { hosts: [crm.example.com }\n");
    String pinned = Layer.Loader.sha256(Files.readAllBytes(lower));
    String text =
        "version: 1\nname: high\nowner: t@example.com\nextends: [{ file: "
            + lower.getFileName()
            + ", sha256: "
            + pinned
            + " }]\nrules:\n  - { id: a, to: crm, call: POST /x, then: dney }\n";
    assertEquals(
        List.of("5:34:CRD101", "6:44:CRD114"), new TreeSet<>(problems(text)).stream().toList());
  }

  @Test
  void warningsHideNoError() throws Exception {
    StringBuilder text = new StringBuilder("version: 1\nname: w\nowner: t@example.com\n");
    text.append("destinations: { crm: { hosts: [crm.example.com] } }\nrules:\n");
    for (int i = 0; i < 500; i++) {
      text.append("  - { id: r").append(i).append(", to: crm, call: POST /x").append(i);
      text.append(", when: [a = 1], on-unknown: skip, then: deny }\n");
    }
    text.append("  - { id: last, to: crmm, call: POST /last, then: deny }\n");
    assertTrue(problems(text.toString()).contains("506:21:CRD124"));
  }

  /** The oracle: one rule of many is broken, the others have slips that are known. */
  @RepeatedTest(20)
  void whateverIsBrokenAllOtherSlipsAreTold(RepetitionInfo repetition) throws Exception {
    long seed =
        Long.getLong("cordon.seed", System.nanoTime() * 31) + repetition.getCurrentRepetition() - 1;
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder("version: 1\nname: w\nowner: t@example.com\n");
    text.append("destinations:\n  crm: { hosts: [crm.example.com] }\nrules:\n");
    int line = 7;
    List<Integer> wrong = new ArrayList<>();
    List<Integer> broken = new ArrayList<>();
    String[] breaks = {"[a", "{ a: b", "'a", "\"a", "a: b", "]", "&a [", "!<x", "`a", "@a", "- ["};
    int rules = 2 + random.nextInt(12);
    for (int i = 0; i < rules; i++) {
      String then = "deny";
      String why = "all is well";
      int kind = random.nextInt(i == 1 ? 2 : 4);
      if (kind == 0) {
        then = "dney";
        wrong.add(line + 4);
      } else if (kind == 1) {
        why = breaks[random.nextInt(breaks.length)];
        broken.add(line);
      }
      text.append("  - id: r").append(i).append("\n    to: crm\n    call: POST /x\n    why: ");
      text.append(why).append("\n    then: ").append(then).append("\n");
      line += 5;
      if (random.nextInt(3) == 0) {
        text.append("\n");
        line++;
      }
    }
    if (wrong.isEmpty() && broken.isEmpty()) {
      return;
    }
    String story = "-Dcordon.seed=" + seed + "\n" + text;
    List<Integer> toldWrong = new ArrayList<>();
    List<Integer> toldBroken = new ArrayList<>();
    for (String problem : problems(text.toString())) {
      int at = Integer.parseInt(problem.substring(0, problem.indexOf(':')));
      if (problem.endsWith("CRD114")) {
        toldWrong.add(at);
      } else {
        assertTrue(problem.endsWith("CRD101"), problem + story);
        toldBroken.add(at);
      }
    }
    assertEquals(wrong, toldWrong, story);
    assertEquals(broken.size(), toldBroken.size(), toldBroken + story);
    for (int i = 0; i < broken.size(); i++) {
      int at = toldBroken.get(i);
      assertTrue(at >= broken.get(i) && at <= broken.get(i) + 8, at + story);
    }
  }
}
