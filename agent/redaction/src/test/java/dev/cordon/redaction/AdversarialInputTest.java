package dev.cordon.redaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.cordon.redaction.RedactionPlan.Operator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A megabyte of the same few characters, chosen to make a verifier look around at every position.
 * Quadratic work on it takes hours, linear work less than a tenth of a second; the limit is only
 * there to end the former and says nothing about the speed of the latter.
 */
class AdversarialInputTest {
  private static final int BYTES = 1 << 20;
  private static final Duration LONG_ENOUGH = Duration.ofMinutes(2);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "1",
        "1 ",
        "123 ",
        "1234 ",
        "4111 ",
        "12-",
        "1.",
        "(",
        "(1",
        "+",
        "+1",
        "+49-",
        "@",
        "a@",
        "a@b.",
        "a@b.cc",
        "a.",
        "%40",
        "%",
        "%25",
        "\\u0040",
        "\\",
        "eyJ",
        "eyJ.",
        "eyJa.eyJa.",
        "ewo",
        "-----BEGIN ",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN CERTIFICATE-----",
        "-----END ",
        "-----BEGIN PRIVATE KEY-----\nAAAAAAAAAAAAAAAAAAAAAAAA\n",
        "Bearer ",
        "Bearer a1",
        "Basic ",
        "authorization: ",
        "xoxb-",
        "xoxb-a-",
        "sk_live_",
        "ghp_",
        "github_pat_",
        "AKIA",
        "AIza",
        "ya29.",
        "ya29",
        "/services/",
        "hooks.slack.com/services/",
        "key",
        "secret_access_key=",
        "session_token=A",
        "tel:",
        "phone 1",
        "phone: 123456 ",
        "number is at on 1",
        "DE89",
        "DE89 ",
        "GB82WEST",
        "\u00a0",
        "\uff11",
        "\u200b",
        "a\"@",
        "\"",
        "&#64;",
        "&",
        "1//0",
        "00 49 ",
        "{\"a\":",
        "[",
        "\"\\u0040",
        "aya29.",
        "aghp_",
        "xoxb-1-",
        "Bearer+1-",
        "Bearer+a-",
        "Basic+dTpw+",
        "Basic+dGhlIHRoZSB0aGUgdGhl+",
        "dp.st.",
        "dp.st.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "glc_abcdefgh12345678901234567890abcd/",
        "eyJhbGciOiJub25lIn0.",
        "whsec_abcdefghijklmnopqrstuvwxyz/",
        "datadog_key=a1",
        "sessiontoken=A/",
        "password=a1b2c3d4 ",
        "accountkey=", // each announces all that follows
        "sharedaccesskey=",
        "storagekey=accountkey=",
        "pwd=",
        "token=1"
      })
  void aMegabyteOfAnythingIsReadInLinearTime(String piece) {
    String text = piece.repeat(BYTES / piece.length());
    Redactor redactor = Redactor.forLogs(EnumSet.allOf(Kind.class));
    RedactionPlan plan = Samples.everywhere(Operator.TOKEN);
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    assertTimeoutPreemptively(
        LONG_ENOUGH,
        () -> {
          String once = redactor.line(text);
          if (!once.equals(text)) {
            assertEquals(once, redactor.line(once));
          }
          assertEquals(Reach.WHOLE, Redactor.body(body, "application/json", plan).reach());
          assertEquals(
              Reach.WHOLE, Redactor.body(body, "application/x-www-form-urlencoded", plan).reach());
        });
  }

  /** What stands far above or is long is read once, not for each value. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"<a_>\":{<\"name\":1,>\"b\":1}}",
        "{\"<a_>\":[<[\"a@example.com\"],>1]}",
        "{\"<a_>\":[<\"ZGVhciBjdXN0b21lciBvZiBvdXJz\",>1]}",
        "{\"a\":<[>{<\"name\":1,>\"b\":1}"
      })
  void aLongKeyAndDeepArraysAreReadInLinearTime(String shape) {
    String text = shape;
    for (int i = 0; i < 2; i++) {
      int from = text.indexOf('<');
      int to = text.indexOf('>');
      String piece = text.substring(from + 1, to);
      text =
          text.substring(0, from)
              + piece.repeat(BYTES / 2 / piece.length())
              + text.substring(to + 1);
    }
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    assertTimeoutPreemptively(
        LONG_ENOUGH,
        () ->
            assertEquals(
                Reach.WHOLE,
                Redactor.body(body, "application/json", Samples.everywhere(Operator.TOKEN))
                    .reach()));
  }
}
