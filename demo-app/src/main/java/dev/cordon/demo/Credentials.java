package dev.cordon.demo;

import java.security.SecureRandom;

/**
 * Keys in the vendors' formats, made up anew for each run, so that none stands in the repository.
 */
record Credentials(
    String stripeKey, String slackToken, String zendeskUser, String zendeskToken, String modelKey) {

  private static final String DIGITS = "0123456789";
  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" + DIGITS;

  static Credentials random() {
    SecureRandom random = new SecureRandom();
    return new Credentials(
        "sk_test_" + pick(random, 24, LETTERS),
        "xoxb-"
            + pick(random, 12, DIGITS)
            + "-"
            + pick(random, 12, DIGITS)
            + "-"
            + pick(random, 24, LETTERS),
        "bot@example.com",
        pick(random, 40, LETTERS),
        "sk-" + pick(random, 48, LETTERS));
  }

  private static String pick(SecureRandom random, int length, String from) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(from.charAt(random.nextInt(from.length())));
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return "Credentials[not shown]";
  }
}
