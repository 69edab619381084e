package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of which some servers read another amount than the one that stands there plainly. */
class OddBodiesTest {
  private static final String RULES =
      """
      version: 1
      name: odd
      owner: t@example.com
      destinations: { pay: { hosts: [pay.example.com] } }
      rules:
        - { id: small, to: pay, call: POST /pay, when: [amount <= 25], then: allow }
        - { id: xml, to: pay, call: POST /xml, when: [pay.amount <= 25], then: allow }
      """;

  @TempDir Path directory;

  private void assertDecided(Effect effect, String target, String type, String body)
      throws Exception {
    RuleSet rules = RuleSet.load(RuleFiles.write(directory, RULES));
    CallFacts call =
        new CallFacts(
            "POST",
            "https://pay.example.com" + target,
            List.of("Content-Type", type),
            BodyState.READ,
            body.getBytes(StandardCharsets.UTF_8));
    assertEquals(effect, rules.decide(call).effect(), target + " " + body);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u034f",
        "\u3164",
        "\ufe0f",
        "\u180b",
        "\u115f",
        "\udb40\udc41",
        "\udb40\uddef",
        "\u0085",
        "\u009f",
        "\ud834\udd73",
        "\ud82f\udca0",
        "\u2065",
        "\ufff0",
        "\ud804\udcbd"
      })
  void aKeyWithALetterThatNobodySeesMayBeTheField(String unseen) throws Exception {
    String body = "{\"amount\":5,\"amo" + unseen + "unt\":99999}";
    assertDecided(Effect.DENY, "/pay", "application/json", body);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/pay?a=1;amount=99999 | amount=5",
        "/pay?a;amount=99999 | amount=5",
        "/pay?amount=99999;a | amount=5",
        "/pay | amount=5&_charset_=utf-7",
        "/pay | amount=5&_CHARSET_=utf-7"
      })
  void aFormMayBeCutOrDecodedInAnotherWay(String target, String form) throws Exception {
    assertDecided(Effect.DENY, target, "application/x-www-form-urlencoded", form);
  }

  @ParameterizedTest
  @ValueSource(strings = {"?ids=[1;2;3]", "?text=hello%20%5Bx;%20y%5D", "?x=a;b]", "?a=1;%"})
  void aSemicolonInAQueryAloneIsNoReasonToRefuse(String query) throws Exception {
    assertDecided(Effect.ALLOW, "/pay" + query, "application/json", "{\"amount\":5}");
  }

  @Test
  void aPartMayHaveItsNameInOtherQuotes() throws Exception {
    String part = "--b\r\nContent-Disposition: form-data; name=%s\r\n\r\n%s\r\n";
    String one = part.formatted("\"amount\"", "5");
    for (String name :
        List.of(
            "'amount'", "\" 'amount'\"", "\"`amount`\"", "amount'", "x; name*0=amo; name*1=unt")) {
      String other = part.formatted(name, "99999");
      assertDecided(
          Effect.DENY, "/pay", "multipart/form-data; boundary=b", one + other + "--b--\r\n");
    }
    assertDecided(
        Effect.ALLOW,
        "/pay",
        "multipart/form-data; boundary=b",
        one + part.formatted("\"it's\"", "x") + "--b--\r\n");
    assertDecided(Effect.ALLOW, "/pay", "multipart/form-data; boundary=b", one + "--b--\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<pay xmlns:x='http://www.w3.org/2001/XMLSchema-instance'><amount x:nil='true'>5</amount></pay>",
        "<pay xmlns:x='http://www.w3.org/2001/XMLSchema-instance'><amount x:nil=' 1 '>5</amount></pay>",
        "<pay xmlns:x='http://www.w3.org/2001/XMLSchema-instance' x:nil='true'><amount>5</amount></pay>",
        "<pay><amount href='#1'>5</amount><more id='1'>99999</more></pay>",
        "<pay href='#1'><amount>5</amount></pay>",
        "<pay><amount href='cid:x'>5</amount></pay>",
        "<pay><amount href='x.xml#x'>5</amount></pay>",
        "<pay xmlns:e='http://www.w3.org/2003/05/soap-encoding'><amount e:ref='x'>5</amount></pay>",
        "<pay><amount>5</amount><i:include xmlns:i='http://www.w3.org/2001/XInclude' href='u'/></pay>"
      })
  void anElementMayBeNullOrStandElsewhere(String xml) throws Exception {
    assertDecided(Effect.DENY, "/xml", "application/xml", xml);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<pay><amount>5</amount></pay>",
        "<pay xmlns:x='u'><amount x:nil='false'>5</amount></pay>",
        "<pay xmlns:x='u'><amount>5</amount><note x:nil='true'/></pay>",
        "<pay><amount>5</amount><a href='https://example.com/#1'>there</a></pay>",
        "<pay><amount>5</amount><a href='#1'>there</a></pay>",
        "<pay><a><b href='#1'><c/></b></a><amount>5</amount></pay>"
      })
  void whatIsNullOrElsewhereBesideTheFieldChangesNothing(String xml) throws Exception {
    assertDecided(Effect.ALLOW, "/xml", "application/xml", xml);
  }
}
