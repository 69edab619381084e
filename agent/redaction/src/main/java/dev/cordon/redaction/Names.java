package dev.cordon.redaction;

/** What the name in front of a value says about the value. */
final class Names {
  private Names() {}

  static boolean isNumber(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /** A field name as it may be printed: short, and without a value that stands in it. */
  static String shown(String name, int maxChars) {
    String shown = Redactor.ALL_KINDS.line(name);
    return shown.length() <= maxChars ? shown : shown.substring(0, maxChars) + "...";
  }
}
