package dev.cordon.journal.seal;

import java.util.Base64;

/** Standard base64 with padding, one spelling for each value. */
final class Base64Text {

  private Base64Text() {}

  static String of(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  static byte[] parse(String text, String what) throws MalformedException {
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      if (of(bytes).equals(text)) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw new MalformedException(what + " is not base64");
  }
}
