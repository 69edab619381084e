package dev.cordon.rules;

/** Checks bytes without making a text of them. */
final class Utf8 {
  private Utf8() {}

  /** True for well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF. */
  static boolean isValid(byte[] bytes, int start, int end) {
    int at = start;
    while (at < end) {
      int b = bytes[at++];
      if (b >= 0) {
        continue;
      }
      int more;
      int min;
      int value;
      if ((b & 0xe0) == 0xc0) {
        more = 1;
        min = 0x80;
        value = b & 0x1f;
      } else if ((b & 0xf0) == 0xe0) {
        more = 2;
        min = 0x800;
        value = b & 0xf;
      } else if ((b & 0xf8) == 0xf0) {
        more = 3;
        min = 0x10000;
        value = b & 7;
      } else {
        return false;
      }
      if (end - at < more) {
        return false;
      }
      for (int i = 0; i < more; i++) {
        int next = bytes[at++];
        if ((next & 0xc0) != 0x80) {
          return false;
        }
        value = (value << 6) | (next & 0x3f);
      }
      if (value < min || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) {
        return false;
      }
    }
    return true;
  }
}
