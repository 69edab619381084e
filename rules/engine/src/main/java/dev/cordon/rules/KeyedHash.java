package dev.cordon.rules;

import java.security.SecureRandom;

/**
 * SipHash-2-4 over 64-bit words, with a key that leaves this process nowhere: what is kept of a
 * value tells nobody the value, and nobody outside can make two values meet. One hash at a time;
 * not thread-safe.
 */
final class KeyedHash {

  /** The key; drawn once for each ledger. */
  record Key(long first, long second) {
    static Key random() {
      SecureRandom random = new SecureRandom();
      return new Key(random.nextLong(), random.nextLong());
    }

    /** Never shown. */
    @Override
    public String toString() {
      return "Key";
    }
  }

  private long v0;
  private long v1;
  private long v2;
  private long v3;
  private long words;

  KeyedHash(Key key) {
    v0 = key.first ^ 0x736f6d6570736575L;
    v1 = key.second ^ 0x646f72616e646f6dL;
    v2 = key.first ^ 0x6c7967656e657261L;
    v3 = key.second ^ 0x7465646279746573L;
  }

  KeyedHash add(long word) {
    words++;
    v3 ^= word;
    round();
    round();
    v0 ^= word;
    return this;
  }

  /** The length goes first: {@code ab, c} and {@code a, bc} are different. */
  KeyedHash add(String text) {
    add(text.length());
    long word = 0;
    for (int i = 0; i < text.length(); i++) {
      word = word << 16 | text.charAt(i);
      if ((i & 3) == 3) {
        add(word);
        word = 0;
      }
    }
    return (text.length() & 3) == 0 ? this : add(word);
  }

  /** Ends the hash; never 0. */
  long end() {
    add(words);
    v2 ^= 0xff;
    for (int i = 0; i < 4; i++) {
      round();
    }
    long hash = v0 ^ v1 ^ v2 ^ v3;
    return hash == 0 ? 1 : hash;
  }

  private void round() {
    v0 += v1;
    v1 = Long.rotateLeft(v1, 13) ^ v0;
    v0 = Long.rotateLeft(v0, 32);
    v2 += v3;
    v3 = Long.rotateLeft(v3, 16) ^ v2;
    v0 += v3;
    v3 = Long.rotateLeft(v3, 21) ^ v0;
    v2 += v1;
    v1 = Long.rotateLeft(v1, 17) ^ v2;
    v2 = Long.rotateLeft(v2, 32);
  }
}
