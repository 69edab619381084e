package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RuleFileProblemsTest {
  private static final String HEAD = "version: 1\nname: p\nowner: t@example.com\n";
  private static final String BASE =
      HEAD + "packs: [stripe/1]\ndestinations:\n  stripe: { hosts: [api.stripe.com] }\n";

  /** A rule file and the problems that it has, as line:column:code. */
  static Stream<Arguments> files() {
    return Stream.of(
        // the text
        of("CRD101", "a: [1\n", "2:1"),
        of("CRD101", HEAD + "x: *.example.com\n", "4:5"),
        of("CRD101", "a: 'x\n", "2:1"),
        of("CRD104", "", "1:1"),
        of("CRD104", "# nothing\n\n", "1:1"),
        of("CRD106", HEAD + "lists: { a: &x [b], c: *x }\n", "4:13 4:24"),
        of("CRD107", HEAD + "lists: !!map { }\n", "4:8"),
        of("CRD107", HEAD + "serial: !!int 4\n", "4:9"),
        of("CRD108", HEAD + "---\nversion: 1\n", "4:1"),
        of("CRD109", "version: 1\n\tname: x\n", "2:1"),
        of("CRD110", HEAD + "name: q\n", "4:1"),
        of("CRD110", BASE + "  stripe: { hosts: [x.example.com] }\n", "7:3"),
        of("CRD111", HEAD + "ruels: []\n", "4:1"),
        of("CRD111", HEAD + "defaults: { hots: deny }\n", "4:13"),
        of("CRD112", "version: 1\n", "1:1"),
        of("CRD112", BASE + "rules:\n  - { id: a }\n", "8:5 8:5 8:5"),
        of("CRD112", HEAD + "destinations: { a: { tls: required } }\n", "4:20"),
        of("CRD112", HEAD + "redaction: { logs: { with: token } }\n", "4:20"),
        of("CRD112", rule("then: redact"), "11:5"),
        of("CRD113", "- version\n", "1:1"),
        of("CRD113", HEAD + "defaults: [x]\n", "4:11"),
        of("CRD113", HEAD + "rules: { a: b }\n", "4:8"),
        of("CRD113", HEAD + "serial: [1]\n", "4:9"),
        of("CRD113", HEAD + "lists: { a: [[b]] }\n", "4:14"),
        of("CRD113", HEAD + "? [a]\n: b\n", "4:3"),
        of("CRD114", HEAD + "defaults: { mode: enfroce }\n", "4:19"),
        of("CRD114", rule("then: dney"), "11:11"),
        of("CRD114", rule("then: deny", "mode: on"), "12:11"),
        of("CRD115", HEAD + "serial: many\n", "4:9"),
        of("CRD115", HEAD + "serial: -1\n", "4:9"),
        of("CRD115", HEAD + "serial: 99999999999999999999\n", "4:9"),
        of("CRD115", HEAD + "defaults: { body: { inspect-up-to: 5 GiB } }\n", "4:36"),
        of(
            "CRD115",
            HEAD + "destinations: { a: { hosts: [x.example.com], ports: [0] } }\n",
            "4:54"),
        of("CRD116", "version: 2\nname: p\n", "1:10"),
        of("CRD116", "version: '1'\nname: p\n", "1:10"),
        of("CRD117", HEAD + "x: " + "[".repeat(40) + "]".repeat(40) + "\n", "4:35"),
        // what a later version does
        of("CRD112", HEAD + "extends: [{ file: a.yaml }]\n", "4:11"),
        of("CRD146", HEAD + "extends: [{ file: a.yaml, sha256: 00 }]\n", "4:19"),
        of("CRD147", HEAD + "role: emergency\n", "4:1"),
        of("CRD119", HEAD + "categories: { legal-hr: { then: escalate } }\n", "4:15"),
        of("CRD131", HEAD + "categories: { legal-hr: { then: deny } }\n", "4:15"),
        of("CRD131", HEAD + "categories: { gossip: { then: escalate } }\n", "4:15"),
        of("CRD131", HEAD + "categories: { a: { types: [name], then: deny } }\n", "4:28"),
        of("CRD114", HEAD + "categories: { a: { types: [], then: allow } }\n", "4:37"),
        of("CRD112", HEAD + "waive: { rule: a, why: b, ticket: c }\n", "4:8"),
        of("CRD144", HEAD + "waive: { rule: a, why: b, ticket: c, until: soon }\n", "4:45"),
        of("CRD211", HEAD + "waive: { rule: a, why: b, ticket: c, until: 2020-01-01 }\n", "4:16"),
        of("CRD211", HEAD + "waive: { rule: a, why: b, ticket: c, until: 2999-01-01 }\n", "4:45"),
        of(
            "CRD119",
            HEAD + "redaction: { responses: { types: [pan] }, write-back: deny }\n",
            "4:43"),
        of("CRD114", HEAD + "redaction: { responses: { types: [pan], with: block } }\n", "4:47"),
        of("CRD138", rule("then: redact", "redact: { types: [email], with: vault }"), "12:31"),
        of("CRD139", HEAD + "redaction: { patterns: { a: '[0-9]{8}' } }\n", "4:29"),
        of("CRD201", rule("then: allow", "replaces: r"), "8:9"),
        of(
            "CRD210",
            HEAD + "destinations: { a: { hosts: [x.example.com], widen: true } }\n",
            "4:46"),
        of(
            "CRD145",
            HEAD + "destinations: { a: { hosts: [10.1.0.0/16], private: false } }\n",
            "4:44"),
        of("CRD112", rule("then: allow", "limits: [{ per: rule }]"), "12:14 12:14"),
        of("CRD112", rule("then: allow", "idempotency: { within: 1h }"), "12:18"),
        of("CRD112", rule("then: allow", "size: {}"), "12:11"),
        of("CRD114", limit("per: person, max: 1, within: 1h"), "12:21"),
        of("CRD114", limit("per: rule, max: 1, within: 1h, over: forbid"), "12:53"),
        of("CRD115", limit("per: rule, max: 0, within: 1h"), "12:32"),
        of("CRD115", limit("per: rule, max: 1, within: 1 hour"), "12:43"),
        of("CRD115", limit("per: rule, max: 1, within: 401d"), "12:43"),
        of("CRD115", limit("per: rule, sum: bytes, max: 8, within: 1h"), "12:44"),
        of("CRD115", rule("then: allow", "size: { body: 8 }"), "12:19"),
        of(
            "CRD127",
            HEAD
                + "destinations: { a: { hosts: [x.example.com] } }\n"
                + "rules: [{ id: a, to: a, call: GET /x, then: allow, limits: [{ per: subject, max:"
                + " 1, within: 1h }] }]\n",
            "5:63"),
        of("CRD130", limit("per: rule, sum: money, max: 8, within: 1h"), "12:44"),
        of(
            "CRD130",
            limit("per: rule, sum: money, max: 99999999999999999 EUR, within: 1h"),
            "12:44"),
        of("CRD132", limit("per: rule, subject: charge, max: 1, within: 1h"), "12:27"),
        of(
            "CRD132",
            rule(
                "then: deny",
                "limits: [{ per: rule, max: 1, within: 1h }]",
                "idempotency: { key: charge, within: 1h }",
                "size: { body: 8 B }"),
            "12:5 13:5 14:5"),
        of("CRD119", HEAD + "approvals: {}\nalerts: []\nretention: {}\n", "4:1 5:1 6:1"),
        of("CRD112", rule("then: approve", "approval: {}"), "12:15"),
        of("CRD132", rule("then: deny", "to-queue: x", "reply: y"), "12:5"),
        of("CRD133", rule("then: escalate", "to-queue: a b"), "12:15"),
        of("CRD142", rule("then: approve", "approval: { policy: monye }"), "12:25"),
        of("CRD403", rule("then: deny", "review-by: 2020-01-01"), "12:16"),
        of("CRD144", rule("then: deny", "review-by: soon"), "12:16"),
        // conditions
        of("CRD120", when("amount"), "11:12"),
        of("CRD120", when("= 5"), "11:12"),
        of("CRD120", when("amount is 5"), "11:19"),
        of("CRD120", when("amount ="), "11:12"),
        of("CRD120", when("amount = a b"), "11:21"),
        of("CRD120", when("amount in 5"), "11:22"),
        of("CRD120", when("amount in (a b)"), "11:23"),
        of("CRD120", when("amount.length in (1 | 2)"), "11:12"),
        of("CRD120", when("amount exists 5"), "11:12"),
        of("CRD120", when("a..b exists"), "11:12"),
        of("CRD120", when("a.** exists"), "11:12"),
        of("CRD120", when("query.a.b*c exists"), "11:12"),
        of("CRD120", when("query.** exists"), "11:12"),
        of("CRD120", when("{ some: [amount exists] }"), "11:14"),
        of("CRD120", when("{ any: [] }"), "11:19"),
        of("CRD120", when("{ not: [] }"), "11:19"),
        of("CRD120", when("{ not: amount exists, any: [amount exists] }"), "11:12"),
        of("CRD121", when("amuont > 5"), "11:12"),
        of("CRD121", when("{ any: [reasn exists, chrge exists] }"), "11:20 11:34"),
        of("CRD121", when("something_else > 5"), "11:12"), // a warning: not like any
        of("CRD122", when("charge in $nolist"), "11:22"),
        of("CRD122", rule("then: allow", "fields: { allow: $nolist }"), "12:22"),
        of("CRD123", BASE + "rules: [{ id: a, to: stripe, call: refunds, then: deny }]\n", "7:36"),
        of("CRD123", BASE + "rules: [{ id: a, to: stripe, call: post /v1, then: deny }]\n", "7:36"),
        of(
            "CRD123",
            BASE + "rules: [{ id: a, to: stripe, call: (GET | SET) /v1, then: deny }]\n",
            "7:36"),
        of("CRD123", BASE + "rules: [{ id: a, to: stripe, call: /v1, then: deny }]\n", "7:36"),
        of("CRD123", BASE + "classify: { read: [stripe] }\n", "7:20"),
        of("CRD124", BASE + "classify: { read: [strpe GET /x] }\n", "7:20"),
        of("CRD124", BASE + "rules: [{ id: a, to: strpe, call: GET /x, then: deny }]\n", "7:22"),
        of("CRD125", hosts("https://api.example.com"), "4:30"),
        of("CRD125", hosts("'*.example.com'"), "4:30"),
        of("CRD125", hosts("api.example.com:443"), "4:30"),
        of("CRD125", hosts("10.0.0.0/33"), "4:30"),
        of("CRD125", hosts("127.1"), "4:30"),
        of("CRD125", hosts("a..b"), "4:30"),
        of("CRD126", HEAD + "packs: [strpe/1]\n", "4:9"),
        of("CRD126", HEAD + "packs: [stripe]\n", "4:9"),
        of("CRD126", HEAD + "packs: [stripe/9]\n", "4:9"),
        of(
            "CRD126",
            HEAD
                + "destinations: { stripe: { hosts: [a.example.com] } }\n"
                + "packs: [stripe/1, stripe/1]\n",
            "5:19"),
        of(
            "CRD127",
            BASE
                + "rules: [{ id: a, to: stripe, call: GET /v1/balance, when: [money > 1 EUR], then:"
                + " deny }]\n",
            "7:60"),
        of("CRD128", when("{ not: taint(charge) = crm }"), "11:35"),
        of("CRD214", when("taint(charge) = secret"), "11:12"),
        of("CRD114", when("taint(charge) = crn"), "11:28"),
        of("CRD120", when("taint(charge)"), "11:12"),
        of("CRD120", when("taint charge = crm"), "11:12"),
        of("CRD120", when("taint() = crm"), "11:12"),
        of("CRD120", when("taint(charge) != crm"), "11:12"),
        of("CRD120", when("taint(charge.length) = secret"), "11:12"),
        of(
            "CRD123",
            BASE + "rules: [{ id: a, to: stripe, call: graphql queries x, then: deny }]\n",
            "7:36"),
        of(
            "CRD123",
            BASE + "rules: [{ id: a, to: stripe, call: 'graphql query a-b', then: deny }]\n",
            "7:36"),
        of(
            "CRD136",
            BASE + "rules: [{ id: a, to: stripe, call: soap create, then: deny }]\n",
            "7:36"),
        of("CRD136", BASE + "classify: { read: [stripe rpc tools/call x] }\n", "7:20"),
        of("CRD130", when("money > 25"), "11:20"),
        of("CRD130", when("money > 25 eur"), "11:20"),
        of("CRD130", when("money > 25 XYZ"), "11:20"),
        of("CRD130", when("money > -5 EUR"), "11:20"),
        of("CRD130", when("money in (5 EUR)"), "11:18"),
        of("CRD131", HEAD + "redaction: { logs: { types: [emial] } }\n", "4:30"),
        of("CRD131", HEAD + "redaction: { logs: { types: [name] } }\n", "4:30"),
        of("CRD131", HEAD + "redaction: { outgoing: { types: [public] } }\n", "4:34"),
        of("CRD132", rule("then: deny", "redact: { types: [pan] }"), "12:5"),
        of("CRD132", rule("then: allow", "on-unknown: matches"), "12:5"),
        of(
            "CRD132",
            HEAD + "redaction: { outgoing: { types: [pan], with: block, signed: pass } }\n",
            "4:53"),
        of("CRD114", HEAD + "redaction: { outgoing: { types: [pan], signed: allow } }\n", "4:48"),
        of("CRD111", HEAD + "redaction: { logs: { types: [pan], signed: pass } }\n", "4:36"),
        of("CRD137", HEAD + "redaction: { logs: { types: [email], with: keep-last-4 } }\n", "4:44"),
        of("CRD137", HEAD + "redaction: { logs: { types: [token], with: siv } }\n", "4:44"),
        of("CRD137", HEAD + "redaction: { logs: { types: [pan], with: keep-domain } }\n", "4:42"),
        of(
            "CRD137",
            HEAD + "redaction: { outgoing: { types: [pan, token], with: { others: siv } } }\n",
            "4:63"),
        of(
            "CRD111",
            HEAD + "redaction: { logs: { types: [pan], with: { email: drop } } }\n",
            "4:44"),
        of(
            "CRD114",
            HEAD + "redaction: { logs: { types: [pan], with: { pan: block } } }\n",
            "4:49"),
        of("CRD114", HEAD + "redaction: { logs: { types: [pan], with: sieve } }\n", "4:42"),
        of(
            "CRD132",
            HEAD
                + "redaction: { outgoing: { types: [pan], with: { pan: block }, signed: pass } }\n",
            "4:62"),
        of("CRD133", "version: 1\nname: 'a;b'\n", "2:7"),
        of("CRD133", BASE + "rules: [{ id: a b, to: stripe, call: GET /x, then: deny }]\n", "7:15"),
        of(
            "CRD133",
            BASE + "rules: [{ id: default.write, to: stripe, call: GET /x, then: deny }]\n",
            "7:15"),
        of("CRD133", HEAD + "destinations: { any: { hosts: [a.example.com] } }\n", "4:17"),
        of("CRD134", BASE + "classify:\n  read:\n    - stripe GET /v1/{id}\n", "9:22"),
        of("CRD101", call("GET /v1/{id}"), "7:44"),
        of("CRD134", call("GET /**/x"), "7:41"),
        of("CRD134", call("GET /v1//x"), "7:44"),
        of("CRD134", call("GET /v1/../x"), "7:44"),
        of("CRD134", call("GET /v1?x"), "7:41"),
        of("CRD134", call("GET /a%20b"), "7:41"),
        of("CRD134", call("GET /a**"), "7:41"),
        of("CRD134", call("GET /a;b"), "7:41"),
        of("CRD135", when("amount > many"), "11:21"),
        of("CRD135", when("reason.length = x"), "11:28"),
        of("CRD131", when("charge has pan"), "11:23"),
        of("CRD140", when("charge matches id"), "11:27"),
        of("CRD140", HEAD + "patterns: { x: '(' }\n", "4:16"),
        of("CRD141", when("time in (mon)"), "11:20"),
        noted("CRD142", "approvals: { m: { approvers: [bob] } }\n", "4:31"),
        noted("CRD115", "approvals: { m: { approvers: [user:b], ttl: 25h } }\n", "4:40"),
        noted("CRD112", "approvals: { m: { approvers: [user:b], max: 3 } }\n", "4:17"),
        noted("CRD143", "alerts: [{ id: a, when: denies > 20, to: x }]\n", "4:25"),
        noted("CRD143", "alerts: [{ id: a, when: moods > 20 within 5m, to: x }]\n", "4:25"),
        noted("CRD112", "alerts: [{ id: a, when: host first-seen }]\n", "4:10"),
        noted("CRD115", "retention: { events: 400 }\n", "4:22"),
        noted("CRD310", "retention: { raw-evidence: forever }\n", "4:14"),
        // what fits together
        of(
            "CRD201",
            rule("then: deny") + "  - { id: r, to: stripe, call: GET /x, then: deny }\n",
            "12:11"),
        of("CRD202", HEAD + "lists: { a: [b] }\n", "4:10"),
        of("CRD307", HEAD + "redaction: { patterns: { a: 'ORD-[0-9]{8}' } }\n", "4:26"),
        of("CRD203", HEAD + "packs: [slack/1]\n", "4:1"),
        of("CRD206", when("bot = x"), "11:12"),
        of("CRD208", limit("per: fleet, max: 1, within: 1h"), "12:16"),
        of("CRD303", BASE + "rules: [{ id: a, to: any, call: GET /x, then: allow }]\n", "7:18"),
        of("CRD305", rule("then: deny", "on-unknown: skip"), "12:5"),
        of("CRD305", HEAD + "defaults: { missing-field: skip }\n", "4:13"),
        of(
            "CRD401",
            "version: 1\nname: p\ndestinations: { a: { hosts: [x.example.com] } }\n"
                + "rules: [{ id: a, to: a, call: GET /x, then: deny }]\n",
            "4:9"));
  }

  /** Of a section that is also noted as having no effect yet. */
  private static Arguments noted(String code, String section, String place) {
    return Arguments.of(code + " CRD119", HEAD + section, place + " 4:1");
  }

  private static Arguments of(String code, String file, String places) {
    return Arguments.of(code, file, places);
  }

  private static String rule(String... lines) {
    return BASE
        + "rules:\n  - id: r\n    to: stripe\n    call: POST /v1/refunds\n    "
        + String.join("\n    ", lines)
        + "\n";
  }

  private static String when(String condition) {
    return rule("when: [" + condition + "]", "then: deny");
  }

  private static String limit(String limit) {
    return rule("then: allow", "limits: [{ " + limit + " }]");
  }

  private static String hosts(String host) {
    return HEAD + "destinations: { a: { hosts: [" + host + "] } }\n";
  }

  private static String call(String call) {
    return BASE + "rules: [{ id: a, to: stripe, call: " + call + ", then: deny }]\n";
  }

  @TempDir Path directory;

  @ParameterizedTest(name = "{0} at {2}")
  @MethodSource("files")
  void eachProblemIsToldAtItsPlaceAndAlone(String code, String file, String places)
      throws IOException {
    List<Problem> problems = RuleSet.check(write(file));
    List<String> found = new ArrayList<>();
    for (Problem problem : problems) {
      found.add(problem.line() + ":" + problem.column() + ":" + problem.code());
    }
    List<String> wanted = new ArrayList<>();
    String[] codes = code.split(" ", -1);
    String[] all = places.split(" ", -1);
    for (int i = 0; i < all.length; i++) {
      wanted.add(all[i] + ":" + codes[Math.min(i, codes.length - 1)]);
    }
    wanted.sort(null);
    found.sort(null);
    assertEquals(wanted, found, () -> problems.toString());
  }

  @Test
  void everyCodeOfTheReaderHasAFileThatTriggersItAndALineInTheManual() throws IOException {
    Set<String> tested = new TreeSet<>(Set.of("CRD102", "CRD103", "CRD105")); // below
    tested.addAll(Set.of("CRD213", "CRD209")); // in LayersTest
    tested.addAll(
        Set.of("CRD151", "CRD160", "CRD161", "CRD162", "CRD163")); // RuleSourceTest, BundleTest
    tested.addAll(Set.of("CRD501", "CRD502", "CRD503")); // these want a journal: ReplayTest
    tested.addAll(RuleLintTest.CODES);
    files().forEach(file -> tested.addAll(List.of(((String) file.get()[0]).split(" ", -1))));
    Set<String> written = new TreeSet<>();
    Matcher code = Pattern.compile("CRD[0-9]{3}").matcher("");
    try (Stream<Path> sources = Files.list(Path.of("src/main/java/dev/cordon/rules"))) {
      for (Path source : sources.filter(Files::isRegularFile).toList()) {
        code.reset(Files.readString(source).replaceAll("/\\*\\*(?s:.*?)\\*/", ""));
        while (code.find()) {
          written.add(code.group());
        }
      }
    }
    assertEquals(written, tested);
    Set<String> told = new TreeSet<>();
    code.reset(Files.readString(Path.of("../../docs/rule-language.md")));
    while (code.find()) {
      told.add(code.group());
    }
    assertEquals(written, told, "codes in docs/rule-language.md");
  }

  @Test
  void aDirectoryIsNoRuleFile() {
    assertTrue(problemsOf(directory).contains("error[CRD105] this is a directory"));
  }

  @Test
  void aFileOfTenMegabytesIsRefusedUnread() throws IOException {
    Path file = Files.write(directory.resolve("big.yaml"), new byte[10 * 1024 * 1024]);
    assertTrue(problemsOf(file).contains("error[CRD102] longer than 4 MiB"));
  }

  @Test
  void aBinaryFileIsNoRuleFile() throws IOException {
    Path zeros = Files.write(directory.resolve("a.yaml"), new byte[] {'a', 0, 'b'});
    Path latin1 = Files.write(directory.resolve("b.yaml"), new byte[] {'a', ':', (byte) 0xe9});
    assertTrue(problemsOf(zeros).contains("error[CRD103]"));
    assertTrue(problemsOf(latin1).contains("error[CRD103]"));
  }

  @Test
  void aMissingFileIsAnIoError() {
    assertThrows(NoSuchFileException.class, () -> RuleSet.load(directory.resolve("missing.yaml")));
  }

  @Test
  void aProblemShowsTheLineTheCaretAndTheHint() throws IOException {
    String shown = problemsOf(write(when("money <= 25 EUR, reasn in (a | b)")));
    String[] lines = shown.split("\n", -1);
    assertTrue(
        lines[0].endsWith(
            ":11:29: error[CRD121] unknown field 'reasn' for stripe POST /v1/refunds"),
        shown);
    assertEquals("   11 |     when: [money <= 25 EUR, reasn in (a | b)]", lines[1]);
    assertTrue(
        lines[2].startsWith(
            "      |                             ^^^^^ did you mean 'reason'?  (pack"),
        shown);
    assertEquals(3, lines.length, shown);
  }

  @Test
  void duplicateKeysNameBothPlaces() throws IOException {
    assertTrue(problemsOf(write(HEAD + "name: q\n")).contains("first at 2:1"));
  }

  @Test
  void allErrorsOfAFileAreToldAtOnce() throws IOException {
    RuleFileException e =
        assertThrows(
            RuleFileException.class,
            () ->
                RuleSet.load(
                    write(
                        "version: 3\nname: p\nowner: x\nmode: observe\nrules:\n"
                            + "  - { id: a, to: nowhere, call: GOT /x, then: alow }\n")));
    assertEquals(
        List.of("CRD116", "CRD111", "CRD124", "CRD123", "CRD114"),
        e.problems().stream().map(Problem::code).toList());
  }

  @Test
  void aByteOrderMarkIsNoProblem() throws IOException {
    assertEquals(List.of(), RuleSet.check(write("\ufeff" + HEAD)));
  }

  @Test
  void theDigestCoversTheFileAndItsPacks() throws Exception {
    RuleSet plain = RuleFiles.load(directory, HEAD);
    RuleSet same = RuleFiles.load(directory, HEAD);
    RuleSet comment = RuleFiles.load(directory, HEAD, "# x");
    RuleSet packed = RuleFiles.load(directory, HEAD, "packs: [stripe/1]");
    assertEquals(plain.digest(), same.digest());
    assertTrue(plain.digest().matches("[0-9a-f]{64}"));
    assertEquals(3, Set.of(plain.digest(), comment.digest(), packed.digest()).size());
  }

  private String problemsOf(Path file) {
    return assertThrows(RuleFileException.class, () -> RuleSet.load(file)).toString();
  }

  private Path write(String text) throws IOException {
    return Files.write(
        Files.createTempFile(directory, "p", ".yaml"), text.getBytes(StandardCharsets.UTF_8));
  }
}
