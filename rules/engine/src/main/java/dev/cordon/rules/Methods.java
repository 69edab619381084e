package dev.cordon.rules;

/** HTTP methods as bits of a mask. */
final class Methods {
  static final int GET = 1;
  static final int HEAD = 1 << 1;
  static final int OPTIONS = 1 << 2;
  static final int POST = 1 << 3;
  static final int PUT = 1 << 4;
  static final int PATCH = 1 << 5;
  static final int DELETE = 1 << 6;

  /** Every method that is none of the others; rules cannot name it, {@code *} covers it. */
  static final int OTHER = 1 << 7;

  static final int ALL = (1 << 8) - 1;
  static final int READS = GET | HEAD | OPTIONS;
  static final int WRITES = POST | PUT | PATCH | DELETE;

  private static final String[] NAMES = {
    "GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"
  };

  private Methods() {}

  /** The bit of a method in any case: servers differ in whether {@code post} is POST. */
  static int bit(String text, int start, int end) {
    for (int i = 0; i < NAMES.length; i++) {
      if (NAMES[i].length() == end - start && Fold.same(NAMES[i], text, start, end)) {
        return 1 << i;
      }
    }
    return OTHER;
  }

  static int bit(String text) {
    return bit(text, 0, text.length());
  }

  /** How a mask is written in a rule file. */
  static String toText(int mask) {
    if (mask == ALL) {
      return "*";
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < NAMES.length; i++) {
      if ((mask & 1 << i) != 0) {
        out.append(out.length() == 0 ? "" : " | ").append(NAMES[i]);
      }
    }
    return Integer.bitCount(mask) > 1 ? "(" + out + ")" : out.toString();
  }
}
