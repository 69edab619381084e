package dev.cordon.redaction;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * AES-SIV (RFC 5297) from the AES of the JDK: the same text gives the same bytes, and bytes that
 * somebody made up are not opened. Immutable and thread-safe.
 *
 * <pre>
 *  0        16
 *  | SIV    | AES-CTR of the text, as long as the text |
 * </pre>
 */
final class AesSiv {
  static final int SIV_BYTES = 16;
  private static final int BLOCK_BYTES = 16;
  private static final byte[] ZERO = new byte[BLOCK_BYTES];

  private final SecretKeySpec macKey;
  private final SecretKeySpec textKey;

  AesSiv(byte[] macKey, byte[] textKey) {
    this.macKey = new SecretKeySpec(macKey, "AES");
    this.textKey = new SecretKeySpec(textKey, "AES");
  }

  byte[] seal(byte[] text, byte[]... associated) {
    try {
      byte[] siv = s2v(text, associated);
      byte[] sealed = Arrays.copyOf(siv, SIV_BYTES + text.length);
      byte[] hidden = ctr(siv, text, 0, text.length);
      System.arraycopy(hidden, 0, sealed, SIV_BYTES, hidden.length);
      return sealed;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES is in every JDK", e);
    }
  }

  /** Null when the bytes were not sealed with this key and the same associated data. */
  byte @Nullable [] open(byte[] sealed, byte[]... associated) {
    if (sealed.length < SIV_BYTES) {
      return null;
    }
    try {
      byte[] siv = Arrays.copyOf(sealed, SIV_BYTES);
      byte[] text = ctr(siv, sealed, SIV_BYTES, sealed.length - SIV_BYTES);
      return MessageDigest.isEqual(siv, s2v(text, associated)) ? text : null;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES is in every JDK", e);
    }
  }

  private byte[] ctr(byte[] siv, byte[] bytes, int from, int length)
      throws GeneralSecurityException {
    byte[] counter = siv.clone();
    counter[8] &= 0x7f; // so that adding to 32 or 64 bits of it never carries
    counter[12] &= 0x7f;
    Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
    cipher.init(Cipher.ENCRYPT_MODE, textKey, new IvParameterSpec(counter));
    return cipher.doFinal(bytes, from, length);
  }

  private byte[] s2v(byte[] text, byte[]... associated) throws GeneralSecurityException {
    Cmac cmac = new Cmac(macKey);
    byte[] sum = cmac.of(ZERO);
    for (byte[] one : associated) {
      sum = xor(doubled(sum), cmac.of(one));
    }
    byte[] last;
    if (text.length >= BLOCK_BYTES) {
      last = text.clone();
      int end = text.length - BLOCK_BYTES;
      for (int i = 0; i < BLOCK_BYTES; i++) {
        last[end + i] ^= sum[i];
      }
    } else {
      last = xor(doubled(sum), padded(text, 0, text.length));
    }
    return cmac.of(last);
  }

  /** AES-CMAC (RFC 4493). One text at a time. */
  private static final class Cmac {
    private final Cipher aes;
    private final byte[] wholeKey;
    private final byte[] paddedKey;

    Cmac(SecretKeySpec key) throws GeneralSecurityException {
      aes = Cipher.getInstance("AES/ECB/NoPadding"); // one block at a time, as CMAC wants it
      aes.init(Cipher.ENCRYPT_MODE, key);
      wholeKey = doubled(aes.doFinal(ZERO));
      paddedKey = doubled(wholeKey);
    }

    byte[] of(byte[] text) throws GeneralSecurityException {
      int lastAt = text.length == 0 ? 0 : (text.length - 1) / BLOCK_BYTES * BLOCK_BYTES;
      byte[] sum = new byte[BLOCK_BYTES];
      for (int at = 0; at < lastAt; at += BLOCK_BYTES) {
        sum = aes.doFinal(xor(sum, Arrays.copyOfRange(text, at, at + BLOCK_BYTES)));
      }
      byte[] last =
          text.length - lastAt == BLOCK_BYTES
              ? xor(wholeKey, Arrays.copyOfRange(text, lastAt, text.length))
              : xor(paddedKey, padded(text, lastAt, text.length));
      return aes.doFinal(xor(sum, last));
    }
  }

  private static byte[] padded(byte[] bytes, int from, int to) {
    byte[] block = new byte[BLOCK_BYTES];
    System.arraycopy(bytes, from, block, 0, to - from);
    block[to - from] = (byte) 0x80;
    return block;
  }

  private static byte[] xor(byte[] one, byte[] other) {
    byte[] sum = new byte[BLOCK_BYTES];
    for (int i = 0; i < BLOCK_BYTES; i++) {
      sum[i] = (byte) (one[i] ^ other[i]);
    }
    return sum;
  }

  /** Times x in GF(2^128). */
  private static byte[] doubled(byte[] block) {
    byte[] twice = new byte[BLOCK_BYTES];
    int carry = 0;
    for (int i = BLOCK_BYTES - 1; i >= 0; i--) {
      int shifted = (block[i] & 0xff) << 1 | carry;
      twice[i] = (byte) shifted;
      carry = shifted >> 8;
    }
    twice[BLOCK_BYTES - 1] ^= (byte) (carry * 0x87);
    return twice;
  }
}
