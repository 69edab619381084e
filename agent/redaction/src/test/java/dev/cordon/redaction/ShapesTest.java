package dev.cordon.redaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Credentials of vendors by shape, values that only their name tells, and what is neither. */
class ShapesTest {
  private static final Redactor REDACTOR = Redactor.forLogs(EnumSet.allOf(Kind.class));
  private final long seed = Long.getLong("cordon.seed", System.nanoTime());
  private static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
  private static final String DIGITS = "0123456789";

  @ParameterizedTest
  @MethodSource("shapes")
  void aRandomCredentialOfEachShapeIsFound(String line) {
    Random random = new Random(seed);
    char sign = line.charAt(1) == ' ' ? line.charAt(0) : ' ';
    boolean named = sign == '~' || sign == '!';
    String[] fields = (sign == ' ' ? line : line.substring(2)).split(" ", -1);
    for (int i = 0; i < 20; i++) {
      StringBuilder value = new StringBuilder();
      for (int part = 1; part < fields.length; part++) {
        if (!named && part == (sign == '<' ? 2 : 1)) {
          value.append(fields[0]);
        }
        append(value, fields[part], random);
        if (sign == '<' && part == 1 && Character.isDigit(fields[0].charAt(0))) {
          value.setCharAt(value.length() - 1, 'x'); // two digits in a row are one anchor
        }
      }
      if (sign == '~' && !hasLetterAndDigit(value) && fields[1].charAt(0) != 'd') {
        continue; // no one would say that this is random
      }
      String name = fields[0] + (sign == '!' ? "" : "_api_key");
      String text =
          named
              ? name + " = \"" + value + "\" end"
              : " ".repeat(i % 2) + "sent " + value + " today";
      String redacted = REDACTOR.line(text);
      assertTrue(!redacted.contains(value), "seed " + seed + ": " + text + " -> " + redacted);
      assertTrue(redacted.endsWith(named ? "\" end" : " today"), "seed " + seed + ": " + redacted);
    }
  }

  static Stream<String> shapes() {
    return ShapeTable.TEXT.lines();
  }

  @Test
  void anOpenPartStandsLast() {
    for (String line : ShapeTable.TEXT.split("\n", -1)) {
      assertTrue(line.indexOf("+ ") < 0, line);
    }
  }

  @Test
  void aLongCredentialIsFoundToItsEnd() {
    Random random = new Random(seed);
    for (int chars : new int[] {300, 4095, 4096, 5000, 100_000}) {
      StringBuilder value = new StringBuilder("glpat-");
      append(value, "w" + chars, random);
      assertEquals("sent [API_KEY] today", REDACTOR.line("sent " + value + " today"));
      append(value.replace(0, 6, ""), "w10", random);
      assertEquals(
          "salesforce_key=[SECRET] now", REDACTOR.line("salesforce_key=" + value + " now"));
      assertEquals(
          "Authorization: Bearer [BEARER]", REDACTOR.line("Authorization: Bearer a" + value));
    }
  }

  /** Behind a name that says secret, too: what is beyond the part that is judged goes with it. */
  @Test
  void aLongValueBehindItsNameIsFoundToItsEnd() {
    Random random = new Random(seed);
    for (int chars : new int[] {255, 256, 257, 300, 511, 600, 5000, 100_000}) {
      StringBuilder value = new StringBuilder("a1");
      append(value, "w" + (chars - 2), random);
      for (String text :
          new String[] {
            "token=? end",
            "password='?' end",
            "password=\"?\",",
            "pwd=?",
            "api_key: ?, then",
            "{\"client_secret\":\"?\"}",
            "Authorization: Token ?",
            "<secret>?</secret>",
            "postgres://bob:?@db.example.com/x",
          }) {
        String redacted = REDACTOR.line(text.replace("?", value));
        if (text.startsWith("postgres") && chars > 8000) {
          continue; // a limit that docs/redaction.md tells
        }
        int open = redacted.indexOf('[');
        assertTrue(open > 0 && redacted.indexOf(']') > open, text);
        String placeholder = redacted.substring(open, redacted.indexOf(']') + 1);
        String expected = text.replace(text.startsWith("postgres") ? "bob:?" : "?", placeholder);
        assertEquals(expected, redacted, () -> chars + " characters");
      }
    }
  }

  /** Characters that are 64 apart are two, though their last six bits are the same. */
  @Test
  void keysOfSixDifferentCharactersAreNoPlaceholders() {
    String six = "p0q1r2".repeat(6).substring(0, 35);
    assertEquals("key [GOOGLE_KEY] today", REDACTOR.line("key AIza" + six + " today"));
    assertEquals("token=[SECRET]", REDACTOR.line("token=p0q1r2p0q1r2p0q1r2"));
    String five = "key AIza" + "p0q1r".repeat(7);
    assertSame(five, REDACTOR.line(five));
    String placeholder = "key AIza" + "X".repeat(35) + " and AKIA" + "X".repeat(16);
    assertSame(placeholder, REDACTOR.line(placeholder));
  }

  /** Its middle reads as 00, the code of the Netherlands and nine digits. */
  @Test
  void groupsOfAUuidAreNoNumbersOfPeople() {
    String uuid = "request 9129ac4c-0031-9335-6735-858a03e350ea took 6229 ms";
    assertSame(uuid, REDACTOR.line(uuid));
    String belgian = "request 7211d29d-57a7-9a1a-be79-700012673147 took 5855 ms";
    assertSame(belgian, REDACTOR.line(belgian));
    assertEquals("to [IBAN] now", REDACTOR.line("to be79-700012673147 now"));
    String last = "id 9129ac4c-aa31-4d02-0031-933567351234 done";
    assertSame(last, REDACTOR.line(last));
    assertEquals("a-[PHONE]", REDACTOR.line("a-0031-9335-6735"));
    assertEquals("9129acc-[PHONE]-858a03", REDACTOR.line("9129acc-0031-9335-6735-858a03"));
  }

  @Test
  void aRowOfOneCharacterBehindACredentialDoesNotHideIt() {
    for (String token :
        new String[] {
          "glpat-" + "x4Tz8Lm2Qw9Rb5Yn7Kc1",
          "SG." + "x4Tz8Lm2Qw9Rb5Yn7Kc1ab" + "." + "x4Tz8Lm2Qw9Rb5Yn7Kc1",
          "figd_" + Samples.LETTERS
        }) {
      for (int row : new int[] {1, 40, 200, 256, 5000}) {
        String redacted = REDACTOR.line("sent " + token + "X".repeat(row) + " today");
        assertTrue(!redacted.contains(token), row + ": " + redacted);
      }
    }
    String placeholder = "sent glpat-" + "X".repeat(300) + " today";
    assertSame(placeholder, REDACTOR.line(placeholder));
  }

  @Test
  void aBotTokenIsFoundWithAndWithoutItsUrl() {
    String token = "110201543" + ":AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0";
    assertEquals("token [API_KEY] set", REDACTOR.line("token " + token + " set"));
    assertEquals(
        "GET https://api.example.com/bot[API_KEY]/getMe",
        REDACTOR.line("GET https://api.example.com/bot" + token + "/getMe"));
  }

  @Test
  void aNamedValueIsFoundBehindAnyUsualSign() {
    String value = "x4tz8lm2qw9rb5yn7kc1ax4tz8lm2qw9";
    for (String text :
        new String[] {
          "var algoliaToken string = \"#\"",
          "algoliaToken := `#`",
          "$algoliaToken .= \"#\"",
          "ALGOLIA_TOKEN :::= \"#\"",
          "ALGOLIA_TOKEN ?= \"#\"",
          "System.setProperty(\"ALGOLIA_TOKEN\", \"#\")",
          "<algoliaToken>\n    #\n</algoliaToken>",
          "\"algoliaToken\" => \"#\"",
          "algolia_token: '#'"
        }) {
      String redacted = REDACTOR.line(text.replace("#", value));
      assertEquals(text.replace("#", "[SECRET]"), redacted);
    }
  }

  @Test
  void moreThanTwoHundredAndTwentyPrefixesAndNamesAreKnown() {
    Set<String> words = new HashSet<>();
    for (int shape = 0; shape < Tables.SHAPE_COUNT; shape++) {
      words.add(Tables.word(Tables.FIRST_SHAPE + shape));
    }
    assertTrue(words.size() >= 220, "only " + words.size());
  }

  @ParameterizedTest
  @MethodSource("named")
  void aValueIsReplacedAndItsNameStays(String text, String expected) {
    assertEquals(expected, REDACTOR.line(text));
    assertSame(expected, REDACTOR.line(expected), "read again");
  }

  static Stream<org.junit.jupiter.params.provider.Arguments> named() {
    return Stream.of(
        same("password=hunter22", "password=[SECRET]"),
        same("db.password = hunter22, user=bob", "db.password = [SECRET], user=bob"),
        same("{\"password\":\"correct horse\"}", "{\"password\":\"[SECRET]\"}"),
        same("PGPASSWORD='s3cr3t!' psql", "PGPASSWORD='[SECRET]' psql"),
        same("client_secret=a8F3kq92LmZx71&x=1", "client_secret=[SECRET]&x=1"),
        same("refresh_token: \"9fK2mQx81LzPw\"", "refresh_token: \"[SECRET]\""),
        same("x-api-key: 9fK2mQx81LzPw0aa", "x-api-key: [SECRET]"),
        same("<apiKey>9fK2mQx81LzPw0aa</apiKey>", "<apiKey>[SECRET]</apiKey>"),
        same(
            "jdbc url postgres://app:s3cr3t@db.example.com/x",
            "jdbc url postgres://[URL_CREDENTIALS]@db.example.com/x"),
        same("ssn 536-22-8145 on file", "ssn [SSN] on file"),
        same("client 203.0.113.77 refused", "client [IP_ADDRESS] refused"));
  }

  @ParameterizedTest
  @MethodSource("clean")
  void aNameWithoutAValueIsTheSameInstance(String text) {
    assertSame(text, REDACTOR.line(text));
  }

  static Stream<String> clean() {
    return Stream.of(
        "password changed for user 12",
        "password: incorrect",
        "Password=required",
        "password=********",
        "password=[SECRET]",
        "password=${DB_PASSWORD}",
        "password=<your password>",
        "token expired after 3600 s",
        "token_type=bearer max_tokens=4096 token_count: 12",
        "next_page_token=9fK2mQx81LzPw0aa",
        "public_key=9fK2mQx81LzPw0aa",
        "secret rotation finished, secret_name=db-main",
        "api_key: missing",
        "api_key=YOUR_API_KEY_1234",
        "keyword: monkey business 123456",
        "tokens=1234567890",
        "datadog trace 4bf92f3577b34da6a3ce929d0e0e4736",
        "version 203.0.113.77 released",
        "000-12-3456 666-12-3456 912-12-3456 123-00-4567 123-45-0000",
        "10.0.0.1 172.16.3.4 192.168.1.1 127.0.0.1 0.0.0.0 255.255.255.0",
        "http://example.com:8080/path@version",
        "EAAshortword glpat-short npm_install sk-learn hf_model key-value SG.Foo.Bar");
  }

  @Test
  void twoMegabytesOfCleanTextHaveNoHit() {
    Random random = new Random(seed);
    Object[] near = clean().toArray();
    long bytes = 0;
    while (bytes < 2_200_000) {
      String line =
          random.nextInt(10) == 0
              ? CleanText.line(random) + " | " + near[random.nextInt(near.length)]
              : CleanText.line(random);
      assertSame(line, REDACTOR.line(line), "seed " + seed);
      bytes += line.length();
    }
  }

  private static org.junit.jupiter.params.provider.Arguments same(String text, String expected) {
    return org.junit.jupiter.params.provider.Arguments.of(text, expected);
  }

  private static boolean hasLetterAndDigit(CharSequence value) {
    return value.chars().anyMatch(Character::isDigit)
        && value.chars().anyMatch(Character::isLetter);
  }

  private static void append(StringBuilder value, String part, Random random) {
    if (part.charAt(0) == '\'') {
      value.append(part, 1, part.length());
      return;
    }
    String count = part.substring(1).replace("+", "");
    int dash = count.indexOf('-');
    int min = Integer.parseInt(dash > 0 ? count.substring(0, dash) : count);
    int max = dash > 0 ? Integer.parseInt(count.substring(dash + 1)) : min;
    String alphabet =
        switch (part.charAt(0)) {
          case 'd' -> DIGITS;
          case 'h' -> DIGITS + "abcdef";
          case 'H' -> DIGITS + "abcdefABCDEF";
          case 'l' -> LOWER;
          case 'u' -> LOWER.toUpperCase(java.util.Locale.ROOT);
          case 'a' -> DIGITS + LOWER;
          case 'A' -> DIGITS + LOWER.toUpperCase(java.util.Locale.ROOT);
          default -> DIGITS + LOWER + LOWER.toUpperCase(java.util.Locale.ROOT);
        };
    int length = min + random.nextInt(max - min + 1);
    for (int i = 0; i < length; i++) {
      value.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
  }
}
