package dev.cordon.audit;

/** Text of a journal for a terminal: no escape sequence of a stranger reaches one. */
final class Plain {

  private Plain() {}

  static String text(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isPlain(text.charAt(i))) {
        StringBuilder plain = new StringBuilder(text);
        for (; i < plain.length(); i++) {
          if (!isPlain(plain.charAt(i))) {
            plain.setCharAt(i, '?');
          }
        }
        return plain.toString();
      }
    }
    return text;
  }

  private static boolean isPlain(char c) {
    return c >= 0x20 && c < 0x7f;
  }
}
