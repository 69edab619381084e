package dev.cordon.redaction;

import java.util.Random;
import java.util.UUID;

/** Text as services write it, full of numbers that are nobody's, and noise made of anchors. */
final class CleanText {
  private static final String[] LEVELS = {"INFO", "WARN", "DEBUG", "ERROR"};
  private static final String[] NOISE = {
    "@",
    "%40",
    "\\u0040",
    "%",
    "\\",
    "+",
    "(",
    ")",
    "-",
    ".",
    " ",
    "_",
    "/",
    "\"",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "=",
    "&",
    "&#64;",
    "eyJ",
    "ey",
    "J",
    "-----BEGIN ",
    "PRIVATE KEY-----",
    "-----END ",
    "-----",
    "Bearer ",
    "Basic ",
    "authorization",
    "phone",
    "tel:",
    "card",
    "secret",
    "key",
    "sk_live_",
    "xoxb-",
    "ghp_",
    "AKIA",
    "AIza",
    "ya29.",
    "whsec_",
    "hooks.slack.com",
    "/services/",
    "4111",
    "4111111111111111",
    "49",
    "030",
    "0",
    "1",
    "DE89",
    "37040044053201300",
    "0",
    "example.com",
    "bob",
    "x",
    "ext",
    "\u00a0",
    "\uff11",
    "\u200b",
    "\ud83d",
    "\ude00",
    "\u4f60",
    "\u00e9",
    "\n",
    "\u0000",
    "%20",
    "%2B",
    "\\u002b",
    "\\n",
    "a",
    "B",
    "K",
    "w",
    "X",
    "'",
    "<",
    ">"
  };

  private CleanText() {}

  static String noise(Random random, int pieces) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pieces; i++) {
      text.append(NOISE[random.nextInt(NOISE.length)]);
    }
    return text.toString();
  }

  static String line(Random random) {
    String time =
        "2026-"
            + two(1 + random.nextInt(12))
            + "-"
            + two(1 + random.nextInt(28))
            + (random.nextBoolean() ? "T" : " ")
            + two(random.nextInt(24))
            + ":"
            + two(random.nextInt(60))
            + ":"
            + two(random.nextInt(60))
            + "."
            + (100 + random.nextInt(900));
    return time
        + " "
        + LEVELS[random.nextInt(LEVELS.length)]
        + " [exec-"
        + random.nextInt(200)
        + "] c.e.crm.TicketService - "
        + message(random);
  }

  private static String message(Random random) {
    UUID uuid = new UUID(random.nextLong(), random.nextLong());
    return switch (random.nextInt(14)) {
      case 0 -> "request " + uuid + " took " + random.nextInt(10_000) + " ms";
      case 1 ->
          "trace_id=" + Long.toUnsignedString(random.nextLong()) + " span_id=" + positive(random);
      case 2 ->
          "commit " + Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
      case 3 ->
          "10."
              + random.nextInt(256)
              + "."
              + random.nextInt(256)
              + "."
              + random.nextInt(256)
              + ":"
              + (1024 + random.nextInt(60_000))
              + " connected";
      case 4 ->
          "version "
              + random.nextInt(20)
              + "."
              + random.nextInt(40)
              + "."
              + random.nextInt(400)
              + "-build."
              + positive(random);
      case 5 ->
          "\"GET /api/v2/tickets/"
              + random.nextInt(9_999_999)
              + ".json?page="
              + random.nextInt(99)
              + " HTTP/1.1\" 200 "
              + random.nextInt(1_000_000);
      case 6 ->
          "timestamp="
              + (1_700_000_000_000L + random.nextInt())
              + " nanos="
              + (1_700_000_000_000_000_000L + random.nextInt());
      case 7 ->
          "heap "
              + random.nextInt(1 << 30)
              + "K -> "
              + random.nextInt(1 << 30)
              + "K ("
              + random.nextDouble()
              + ")";
      case 8 -> "user " + random.nextInt(100_000) + " opened ticket #" + random.nextInt(10_000_000);
      case 9 ->
          "{\"id\":"
              + random.nextInt(1 << 30)
              + ",\"amount\":"
              + random.nextInt(100_000)
              + ",\"created\":"
              + (1_700_000_000 + random.nextInt(1 << 20))
              + ",\"object\":\"refund\"}";
      case 10 ->
          "cus_"
              + base62(random, 14)
              + " ch_"
              + base62(random, 24)
              + " order "
              + random.nextInt(1 << 30);
      case 11 ->
          "at com.example.crm.Service$1.run(Service.java:"
              + random.nextInt(2000)
              + ") ~[app.jar!/:1."
              + random.nextInt(30)
              + "]";
      case 12 ->
          "offset="
              + positive(random)
              + " partition="
              + random.nextInt(64)
              + " lag="
              + random.nextInt(1 << 30);
      default ->
          "ratio "
              + random.nextGaussian()
              + " of "
              + -random.nextInt(1 << 30)
              + ", "
              + random.nextInt(300)
              + "/"
              + random.nextInt(300)
              + " done";
    };
  }

  private static long positive(Random random) {
    return random.nextLong() & Long.MAX_VALUE;
  }

  private static String base62(Random random, int length) {
    String alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  private static String two(int value) {
    return value < 10 ? "0" + value : "" + value;
  }
}
