package dev.cordon.redaction;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Values that look real and are not. Put together here so that no scanner takes them for leaks. */
final class Samples {
  static final String EMAIL = "bob.smith+crm@mail.example.com";
  static final String PHONE = "+49 30 901820";
  static final String CARD = "4111 1111 1111 1111";
  static final String IBAN = "DE89 3704 0044 0532 0130 00";
  static final String LETTERS = "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1bC2dE3f";
  static final String JWT =
      base64Url("{\"alg\":\"HS256\",\"typ\":\"JWT\"}")
          + "."
          + base64Url("{\"sub\":\"1234567890\"}")
          + "."
          + LETTERS;
  static final String STRIPE = "sk" + "_live_" + LETTERS.substring(0, 24);
  static final String SLACK = "xoxb" + "-123456789012-123456789012-" + LETTERS.substring(0, 24);
  static final String GITHUB = "gh" + "p_" + LETTERS.substring(0, 36);
  static final String AWS = "AKI" + "AIOSFODNN7EXAMPLE";
  static final String AWS_SECRET = "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY";
  static final String GOOGLE = "AIz" + "a" + LETTERS.substring(0, 35);
  static final String KEY_BLOCK =
      "-----BEGIN RSA "
          + "PRIVATE KEY-----\n"
          + (LETTERS + LETTERS + "\n").repeat(4)
          + "-----END RSA "
          + "PRIVATE KEY-----";

  private Samples() {}

  static Map<Kind, String> byKind() {
    Map<Kind, String> samples = new LinkedHashMap<>();
    samples.put(Kind.EMAIL, EMAIL);
    samples.put(Kind.PHONE, PHONE);
    samples.put(Kind.CARD, CARD);
    samples.put(Kind.IBAN, IBAN);
    samples.put(Kind.JWT, JWT);
    samples.put(Kind.STRIPE_KEY, STRIPE);
    samples.put(Kind.SLACK_TOKEN, SLACK);
    samples.put(Kind.GITHUB_TOKEN, GITHUB);
    samples.put(Kind.AWS_KEY, AWS);
    samples.put(Kind.GOOGLE_KEY, GOOGLE);
    samples.put(Kind.PRIVATE_KEY, KEY_BLOCK);
    return samples;
  }

  static String base64Url(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  static RedactionPlan everywhere(RedactionPlan.Operator operator) {
    return everywhere(EnumSet.allOf(Kind.class), operator);
  }

  static RedactionPlan everywhere(Set<Kind> kinds, RedactionPlan.Operator operator) {
    return RedactionPlan.of(List.of(new RedactionPlan.Order(List.of(), kinds, operator)), Set.of());
  }
}
