package dev.cordon.redaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.EnumSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** For each kind: texts that hold one, and the nearest texts that do not. */
class DetectorVectorsTest {
  private static final Redactor REDACTOR = Redactor.forLogs(EnumSet.allOf(Kind.class));

  @ParameterizedTest
  @MethodSource({
    "emails",
    "phones",
    "cards",
    "ibans",
    "authorization",
    "keyBlocks",
    "jwts",
    "providerKeys",
    "lookAlikes",
    "behindEscapes",
    "cardsBehindNumbers"
  })
  void aValueIsReplacedAndNothingElse(String text, String expected) {
    assertEquals(expected, REDACTOR.line(text));
  }

  static Stream<Arguments> emails() {
    return Stream.of(
        same("bob@example.com", "[EMAIL]"),
        same("mail to bob.o'brien+crm@mail.example.co.uk now", "mail to [EMAIL] now"),
        same("<mailto:bob@example.com>", "<mailto:[EMAIL]>"),
        same("Bob <bob@example.com>, Eve <eve@example.com>", "Bob <[EMAIL]>, Eve <[EMAIL]>"),
        same("a@example.com b@example.com c@example.com", "[EMAIL] [EMAIL] [EMAIL]"),
        same("a@example.com,b@example.com;c@example.com", "[EMAIL],[EMAIL];[EMAIL]"),
        same("GET /users?email=bob%40example.com&x=1", "GET /users?email=[EMAIL]&x=1"),
        same("GET /users?email%3Dbob%2Bcrm%40example.com", "GET /users?email%3D[EMAIL]"),
        same("next=%2Fu%3Fe%3Dbob%2540example.com", "next=%2Fu%3Fe%3D[EMAIL]"),
        same("{\"email\":\"bob\\u0040example.com\"}", "{\"email\":\"[EMAIL]\"}"),
        same("line\\nbob@example.com\\n", "line\\n[EMAIL]\\n"),
        same("\\u003cbob@example.com\\u003e", "\\u003c[EMAIL]\\u003e"),
        same("bob&#64;example.com", "[EMAIL]"),
        same("write bob@example.com.", "write [EMAIL]."),
        same("user=bob@sub-domain.example.com!", "user=[EMAIL]!"),
        same("jos\u00e9@b\u00fccher.example", "[EMAIL]"),
        same(
            "\u8bf7\u8054\u7cfbbob@example.com\u8c22\u8c22",
            "\u8bf7\u8054\u7cfb[EMAIL]\u8c22\u8c22"),
        same("bob@xn--bcher-kva.xn--p1ai", "[EMAIL]"),
        same("15551234567@s.whatsapp.net", "[EMAIL]"),
        same("\"bob smith\"@example.com", "[EMAIL]"));
  }

  /** What makes a telephone number, or an id, valid can end in the middle of a card. */
  static Stream<Arguments> cardsBehindNumbers() {
    return Stream.of(
        same("tel: 12 4111-1111-1111-1111", "tel: [CARD]"),
        same("tel:%20 12 4111-1111-1111-1111", "tel:%20 [CARD]"),
        same("tel: 030 1234567 4111-1111-1111-1111", "tel: [PHONE] [CARD]"),
        same("phone 1234 5678 4111 1111 1111 1111", "phone [PHONE] [CARD]"),
        same("fax 1234567 3782-822463-10005, cvv 123", "fax [PHONE] [CARD], cvv 123"),
        same("+49 12 4111-1111-1111-1111", "[CARD]"),
        same("0049 30 901820 6011 0009 9013 9424.", "[PHONE] [CARD]."),
        same("ssn 1 4111-1111-1111-1111", "ssn [CARD]"),
        same("vat 12 4111.1111.1111.1111", "vat [CARD]"),
        same("nhs number 12 4111 1111 1111 1111.", "nhs number [CARD]."),
        same("tel: 030 1234567 4111", "tel: [PHONE]"),
        same("tel: 030 1234567 4111-1111-1111-1112", "tel: [PHONE]-1111-1111-1112"));
  }

  static Stream<Arguments> phones() {
    return Stream.of(
        same("call +4930901820", "call [PHONE]"),
        same("call +49 (0)30 901820-12!", "call [PHONE]!"),
        same("+1 415 555 0132 2026-11-21", "[PHONE] 2026-11-21"),
        same("+1 (415) 555-0132 x55", "[PHONE]"),
        same("to=%2B4915112345678&x", "to=[PHONE]&x"),
        same("\"to\":\"\\u002B4915112345678\"", "\"to\":\"[PHONE]\""),
        same("(415) 555-0132", "[PHONE]"),
        same("ring 415-555-0132 or 415.555.0133", "ring [PHONE] or [PHONE]"),
        same("my number is 415 555 0132", "my number is [PHONE]"),
        same("1-415-555-0132", "[PHONE]"),
        same("tel:030901820", "tel:[PHONE]"),
        same("phone=030 90 18 20, 7 tickets", "phone=[PHONE], 7 tickets"),
        same("{\"mobile_number\":\"0151 12345678\"}", "{\"mobile_number\":\"[PHONE]\"}"),
        same("<phone>030901820</phone>", "<phone>[PHONE]</phone>"),
        same("homeTel: 030/901820", "homeTel: [PHONE]"),
        same("phones 052 5552606 074-7111234", "phones [PHONE] [PHONE]"),
        same("0049 30 901820", "[PHONE]"),
        same("https://wa.me/4915112345678", "https://wa.me/[PHONE]"));
  }

  static Stream<Arguments> cards() {
    return Stream.of(
        same("4111111111111111", "[CARD]"),
        same("card 4111 1111 1111 1111 exp 12/29", "card [CARD] exp 12/29"),
        same("4111-1111-1111-1111", "[CARD]"),
        same("4111.1111.1111.1111", "[CARD]"),
        same("4111%201111%201111%201111", "[CARD]"),
        same("card=4111+1111+1111+1111&x", "card=[CARD]&x"),
        same("3782 822463 10005", "[CARD]"),
        same("378282246310005", "[CARD]"),
        same("5555555555554444", "[CARD]"),
        same("2223003122003222", "[CARD]"),
        same("6011111111111117", "[CARD]"),
        same("3530111333300000", "[CARD]"),
        same("30569309025904", "[CARD]"),
        same("4111111111111111 5555555555554444", "[CARD] [CARD]"),
        same("4111 1111 1111 1111 5555 5555 5555 4444", "[CARD] [CARD]"),
        same("order 12 4111 1111 1111 1111", "order 12 [CARD]"),
        same("card%204111111111111111", "card%20[CARD]"),
        same("pan\\n4111111111111111\\n", "pan\\n[CARD]\\n"),
        same("card number: 4222222222222", "card number: [CARD]"),
        same("{\"card_id\":4111111111111111}", "{\"card_id\":\"[CARD]\"}"),
        clean("4111111111111112"), // Luhn
        clean("1111 1111 1111 1117"), // no issuer
        clean("411111111111111"), // Visa has no 15
        clean("41111111111111111"),
        clean("trace_id=4111111111111111"),
        clean("dd.span_id=\"4111111111111111\""),
        clean("{\"requestId\":\"4111111111111111\"}"),
        clean("4222222222222"), // 13 digits are an article number more often
        clean("0.4111111111111111"),
        clean("4111111111111111.25"),
        clean("a4111111111111111"),
        clean("4111111111111111b"),
        clean("file_4111111111111111"),
        clean("1700000000-4111111111111111"),
        clean("4111 1111 1111 1112"),
        clean("41 11 11 11 11 11 11 11"));
  }

  static Stream<Arguments> ibans() {
    return Stream.of(
        same("DE89370400440532013000", "[IBAN]"),
        same("IBAN: GB82 WEST 1234 5698 7654 32.", "IBAN: [IBAN]."),
        same("de89 3704 0044 0532 0130 00", "[IBAN]"),
        same("DE89-3704-0044-0532-0130-00", "[IBAN]"),
        same("iban=DE89%203704%200044%200532%200130%2000&x", "iban=[IBAN]&x"),
        same("FR1420041010050500013M02606,NL91ABNA0417164300", "[IBAN],[IBAN]"),
        clean("DE88370400440532013000"), // 97
        clean("DE8937040044053201300"), // length
        clean("ZZ89370400440532013000"), // country
        clean("XDE89370400440532013000"),
        clean("DE89370400440532013000X"),
        clean("GB82123412345698765432")); // letters belong there
  }

  static Stream<Arguments> authorization() {
    return Stream.of(
        same("Authorization: Bearer " + Samples.LETTERS, "Authorization: Bearer [BEARER]"),
        same("authorization: bearer abcd", "authorization: bearer [BEARER]"),
        same("sent 'Bearer " + Samples.LETTERS + "' to", "sent 'Bearer [BEARER]' to"),
        same("Authorization: Bearer " + Samples.JWT, "Authorization: Bearer [JWT]"),
        same("Basic " + Samples.base64("bob:secret"), "Basic [BASIC]"),
        same(
            "Authorization=Basic%20" + Samples.base64("bob:secret"),
            "Authorization=Basic%20[BASIC]"),
        clean("Bearer token missing"),
        clean("bearer authentication is required"),
        clean("Basic authentication failed"),
        clean("basic information about things"),
        clean("WWW-Authenticate: Bearer realm=\"example\""),
        clean("forbearer " + Samples.LETTERS));
  }

  static Stream<Arguments> keyBlocks() {
    String begin = "-----BEGIN " + "PRIVATE KEY-----";
    return Stream.of(
        same("key:\n" + Samples.KEY_BLOCK + "\nend", "key:\n[PRIVATE_KEY]\nend"),
        same("\"" + Samples.KEY_BLOCK.replace("\n", "\\n") + "\"", "\"[PRIVATE_KEY]\""),
        same(Samples.KEY_BLOCK.replace("RSA", "OPENSSH"), "[PRIVATE_KEY]"),
        same(Samples.KEY_BLOCK.replace("RSA ", ""), "[PRIVATE_KEY]"),
        same(
            Samples.KEY_BLOCK.replace("RSA", "PGP").replace("KEY-", "KEY BLOCK-"), "[PRIVATE_KEY]"),
        same("cut " + begin + "\n" + Samples.LETTERS + "\n" + Samples.LETTERS, "cut [PRIVATE_KEY]"),
        clean(Samples.KEY_BLOCK.replace("PRIVATE", "PUBLIC")),
        clean("a file that starts with " + begin + " is a key"));
  }

  static Stream<Arguments> jwts() {
    String header = Samples.base64Url("{\"alg\":\"none\"}");
    return Stream.of(
        same("token=" + Samples.JWT + "&x", "token=[JWT]&x"),
        same("got " + Samples.JWT + ".", "got [JWT]."),
        same(header + "." + Samples.base64Url("{\"sub\":\"1\"}") + ".", "[JWT]."),
        same(Samples.base64Url("{ \"typ\": \"JWT\", \"alg\": \"RS256\" }") + ".e30.c2ln", "[JWT]"),
        clean(Samples.base64Url("{\"typ\":\"JWT\"}") + ".e30.c2ln"), // no alg
        clean(header), // a header alone
        clean("x" + header + ".e30.c2ln"),
        clean("eyJust.a.sentence"));
  }

  static Stream<Arguments> providerKeys() {
    String letters = Samples.LETTERS;
    return Stream.of(
        same("key=" + Samples.STRIPE, "key=[STRIPE_KEY]"),
        same("rk" + "_test_" + letters + ";", "[STRIPE_KEY];"),
        same("whsec" + "_" + letters, "[STRIPE_KEY]"),
        same(Samples.SLACK, "[SLACK_TOKEN]"),
        same("xapp" + "-1-A0123456789-1234567890123-" + letters, "[SLACK_TOKEN]"),
        same("xoxe" + ".xoxp-1-" + letters, "[SLACK_TOKEN]"),
        same(
            "https://hooks.slack.com/services/" + "T00000000/B00000000/" + letters.substring(0, 24),
            "https://hooks.slack.com/[SLACK_TOKEN]"),
        same(Samples.GITHUB, "[GITHUB_TOKEN]"),
        same("github" + "_pat_" + letters + "_" + letters, "[GITHUB_TOKEN]"),
        same("id " + Samples.AWS + ",", "id [AWS_KEY],"),
        same("aws_secret_access_key = " + Samples.AWS_SECRET, "aws_secret_access_key = [AWS_KEY]"),
        same(
            "\"SecretAccessKey\":\"" + Samples.AWS_SECRET + "\"",
            "\"SecretAccessKey\":\"[AWS_KEY]\""),
        same(Samples.GOOGLE, "[GOOGLE_KEY]"),
        same("ya" + "29.a0Af_" + letters, "[GOOGLE_KEY]"),
        same("GOCSPX" + "-" + letters.substring(0, 28), "[GOOGLE_KEY]"),
        clean("pk" + "_live_" + letters), // meant to be public
        clean("task_test_" + letters),
        clean("sk" + "_live_short"),
        clean("xoxb-your-bot-token"),
        clean("gh" + "p_short"),
        clean("AKI" + "AIOSFODNN7EXAMPL"),
        clean("sha " + Samples.AWS_SECRET), // nothing says what it is
        clean("secret key not found in the configuration of the service"),
        clean("AIz" + "a" + letters.substring(0, 34)),
        clean("https://example.com/services/T00000000/B00000000/" + letters));
  }

  /** An escape ends a word, and its own digits are none of the number behind it. */
  static Stream<Arguments> behindEscapes() {
    return Stream.of(
        same("{\"t\":\"\\uD83D\\uDCB34111111111111111\"}", "{\"t\":\"\\uD83D\\uDCB3[CARD]\"}"),
        same("\\uDCB34111-1111-1111-1111", "\\uDCB3[CARD]"),
        same("{\"t\":\"\\u0007 4111 1111 1111 1111\"}", "{\"t\":\"\\u0007 [CARD]\"}"),
        same("\\u0007-4111-1111-1111-1111", "\\u0007-[CARD]"),
        same("\\u00a04111 1111 1111 1111", "\\u00a0[CARD]"),
        same("\\u2028 3782 822463 10005", "\\u2028 [CARD]"),
        same("\\u00404111111111111111", "\\u0040[CARD]"),
        same("\\\\u00404111111111111111", "\\\\u0040[CARD]"),
        same("\\u002b 4111111111111111", "\\u002b [CARD]"),
        same("%F0%9F%92%B3-4111-1111-1111-1111", "%F0%9F%92%B3-[CARD]"),
        same("\\uDCB3415-555-0132", "\\uDCB3[PHONE]"),
        same("\\u0007-415-555-0132", "\\u0007-[PHONE]"),
        same("tel%20(030)901820", "tel%20[PHONE]"),
        same("\\u0007 0049 30 901820", "\\u0007 [PHONE]"),
        same("\\uDCB3123-45-6789", "\\uDCB3[SSN]"),
        same("\\u0007 123 45 6789", "\\u0007 [SSN]"),
        same("\\u0007123 45 6789", "\\u0007[SSN]"),
        same("PESEL \\uDCB344051401359", "PESEL \\uDCB3[NATIONAL_ID]"),
        same("passport \\u2028C01X00T47", "passport \\u2028[NATIONAL_ID]"),
        same("\\uDCB3203.0.113.9", "\\uDCB3[IP_ADDRESS]"),
        same("\\u00072001:db8:85a3::8a2e:370:7334", "\\u0007[IP_ADDRESS]"),
        same("%202001:db8:85a3::8a2e:370:7334", "%20[IP_ADDRESS]"),
        same("\\u0007ac:de:48:12:34:56", "\\u0007[MAC_ADDRESS]"),
        same("\\nac-de-48-12-34-56", "\\n[MAC_ADDRESS]"),
        same("\\u0007-ac-de-48-12-34-56", "\\u0007-[MAC_ADDRESS]"),
        clean("\\uDCB34111111111111112"), // Luhn
        clean("\\uDCB4111111111111111"), // too few for a card: the first four are the escape's
        clean("uDCB34111111111111111"),
        clean("\\uDCG34111111111111111"),
        clean("\\uDCB30.4111111111111111"),
        clean("\\u0007 1234 4111 1111 1111 1111"),
        clean("\\uDCB31700000000-4111111111111111"));
  }

  static Stream<Arguments> lookAlikes() {
    return Stream.of(
        same("4111\u00a01111\u00a01111\u00a01111", "[CARD]"),
        same("\uff14\uff11\uff11\uff111111 11111111", "[CARD]"),
        same("bob\uff20example.com", "[EMAIL]"),
        same("41\u200b11 1111 1111 1111", "[CARD]"),
        same("4111\u20111111\u20111111\u20111111", "[CARD]"),
        same("phone \u0660\u0663\u0660 \u0669\u0660\u0661\u0668\u0662\u0660", "phone [PHONE]"),
        same("\ud83d\ude00 bob@example.com \ud83d\ude00", "\ud83d\ude00 [EMAIL] \ud83d\ude00"),
        same("\ud83d bob@example.com \udc00", "\ud83d [EMAIL] \udc00"));
  }

  @ParameterizedTest
  @MethodSource("cleanLines")
  void aCleanLineIsTheSameInstance(String text) {
    assertSame(text, REDACTOR.line(text));
  }

  static Stream<String> cleanLines() {
    return Stream.of(
        "",
        " ",
        "@",
        "%",
        "\\",
        "+",
        "a@",
        "@a",
        "%4",
        "%40",
        "\\u004",
        "-----BEGIN ",
        "Bearer ",
        "Basic ",
        "user@localhost",
        "icon@2x.png",
        "lodash@4.17.21",
        "com.example.Foo@1a2b3c4d",
        "git@example.com:team/repo.git",
        "550e8400-e29b-41d4-a716-446655440000",
        "12345678-1234-1234-1234-123456789012",
        "4111-1111-1111-1111-111111111111",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "dd.trace_id=4929722653797141098 dd.span_id=4716221051885662123",
        "trace 4929722653797141098",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "2026-11-21 23:14:47.123 INFO [http-nio-8080-exec-12] c.e.Service - took 1234567 us",
        "[21/Nov/2026:23:14:19 +0000] \"GET /v1/items/12345678 HTTP/1.1\" 200 5123",
        "Sat Nov 21 23:14:19 +1100 2026",
        "1700000000123 1700000000123456 1700000000123456789",
        "20261121231447 20261121-231447",
        "10.0.0.1:8080 -> 192.168.100.200:443",
        "version 1.2.3.20261121 build 4155550132",
        "delta +12345678 bytes, +2500000 ms",
        "offset=41555501329 size=2147483648 blk_-1608999687919862906",
        "reads 512 256 1024 writes 300 400 5000",
        "phone_id=123456789 sms_count: 12345678",
        "hotel 12345678, intel 123456789, telemetry 1234567",
        "sms sent in 1234567 ns",
        "phone updated 2026-11-21 23:14:47",
        "ObjectId(\"ad1234567890abcdef123456\")",
        "ISBN 978-3-16-148410-0, EAN 4006381333931",
        "DE123456789 RO12345678 FR12 345 678 901",
        "cus_4242424242424242 pi_3MtwBwLkdIwHu7ix28a3tqPa",
        "x86_64-linux-gnu 5.15.0-1053-aws",
        "[EMAIL] [PHONE] [CARD] [IBAN] Bearer [BEARER] [PHONE:kdmbfpacnjoe] ****1111 ***@example.com");
  }

  private static Arguments same(String text, String expected) {
    return Arguments.of(text, expected);
  }

  private static Arguments clean(String text) {
    return Arguments.of(text, text);
  }
}
