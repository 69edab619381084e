package dev.cordon.redaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.cordon.redaction.RedactionPlan.Operator;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cookies are read value by value. */
class CookieTest {
  private static final RedactionPlan PLAN =
      Samples.everywhere(
          EnumSet.of(Kind.EMAIL, Kind.PHONE, Kind.CARD, Kind.NAME, Kind.IP_ADDRESS),
          Operator.TOKEN);

  private static String redacted(String header, String value) {
    byte[] redacted = Redactor.header(header, value, PLAN).redacted();
    return redacted == null ? value : new String(redacted, StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "a=1; mail=bob@example.com; b=2 | a=1; mail=[EMAIL]; b=2",
        "mail=bob%40example.com | mail=%5BEMAIL%5D",
        "mail=\"bob@example.com\";b=2 | mail=\"[EMAIL]\";b=2",
        "phone=+4930901820 | phone=[PHONE]",
        "phone=030901820; id=030901820 | phone=[PHONE]; id=030901820",
        "first_name=Bob; first=Bob | first_name=[NAME]; first=Bob",
        "u={\"first_name\":\"Bob\",\"n\":1} | u={\"first_name\":\"[NAME]\",\"n\":1}",
        "u=%7B%22mail%22%3A%22bob%40example.com%22%7D | u=%7B%22mail%22%3A%22%5BEMAIL%5D%22%7D",
        "bob@example.com | [EMAIL]",
        "bob@example.com=1 | [EMAIL]=1",
        "a=;b=;;=;= | a=;b=;;=;=",
        "_ga=GA1.2.1234567890.1612345678; sid=s%3Aabc.def | _ga=GA1.2.1234567890.1612345678; sid=s%3Aabc.def"
      })
  void eachCookieIsReadUnderItsName(String cookies, String expected) {
    assertEquals(expected, redacted("Cookie", cookies));
  }

  @Test
  void aCookieThatIsSetIsReadWithItsAttributes() {
    assertEquals(
        "mail=[EMAIL]; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly",
        redacted(
            "Set-Cookie",
            "mail=bob@example.com; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly"));
  }

  /** It is the state of whoever has set it, and signed more often than not. */
  @Test
  void base64InACookieStays() {
    String session = "session=" + Samples.base64Url("{\"user\":\"bob@example.com\"}") + ".Z9.c2ln";
    assertNull(Redactor.header("Cookie", session, PLAN).redacted());
  }

  @Test
  void aFindingSaysWhichCookieItIsIn() {
    Scan scan = Redactor.header("Cookie", "a=1; mail=bob@example.com", PLAN);
    assertEquals("header.cookie.mail", scan.findings().get(0).path());
    assertEquals(10, scan.findings().get(0).start());
    assertEquals(25, scan.findings().get(0).end());
  }
}
