package dev.cordon.redaction;

/**
 * Keccak-256 with the padding of before FIPS 202, which Ethereum and Monero kept: the permutation
 * Keccak-f[1600] of the Keccak reference, 136 bytes in, 32 bytes out.
 */
final class Keccak {
  private static final int RATE_BYTES = 136;
  private static final int HASH_BYTES = 32;
  private static final int ROUNDS = 24;

  private Keccak() {}

  static byte[] hash(byte[] message, int length) {
    long[] state = new long[25];
    int at = 0;
    for (int i = 0; i < length; i++) {
      absorb(state, at++, message[i]);
      if (at == RATE_BYTES) {
        permute(state);
        at = 0;
      }
    }
    absorb(state, at, (byte) 1);
    absorb(state, RATE_BYTES - 1, (byte) 0x80);
    permute(state);
    byte[] hash = new byte[HASH_BYTES];
    for (int i = 0; i < HASH_BYTES; i++) {
      hash[i] = (byte) (state[i >> 3] >>> 8 * (i & 7));
    }
    return hash;
  }

  private static void absorb(long[] state, int at, byte b) {
    state[at >> 3] ^= (b & 0xFFL) << 8 * (at & 7);
  }

  private static void permute(long[] a) {
    long[] columns = new long[5];
    int lfsr = 1; // its bits are those of the round constants
    for (int round = 0; round < ROUNDS; round++) {
      for (int x = 0; x < 5; x++) {
        columns[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
      }
      for (int x = 0; x < 5; x++) {
        long mix = columns[(x + 4) % 5] ^ Long.rotateLeft(columns[(x + 1) % 5], 1);
        for (int y = 0; y < 25; y += 5) {
          a[x + y] ^= mix;
        }
      }
      long moving = a[1];
      int x = 1;
      int y = 0;
      for (int t = 0; t < 24; t++) {
        int next = (2 * x + 3 * y) % 5;
        x = y;
        y = next;
        long kept = a[x + 5 * y];
        a[x + 5 * y] = Long.rotateLeft(moving, (t + 1) * (t + 2) / 2 % 64);
        moving = kept;
      }
      for (int row = 0; row < 25; row += 5) {
        long first = a[row];
        long second = a[row + 1];
        for (int i = 0; i < 5; i++) {
          long one = i == 4 ? first : a[row + i + 1];
          long two = i == 4 ? second : i == 3 ? first : a[row + i + 2];
          a[row + i] ^= ~one & two;
        }
      }
      for (int bit = 0; bit < 7; bit++) {
        if ((lfsr & 1) != 0) {
          a[0] ^= 1L << (1 << bit) - 1;
        }
        lfsr = lfsr << 1 ^ ((lfsr & 0x80) != 0 ? 0x171 : 0);
      }
    }
  }
}
