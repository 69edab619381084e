package dev.cordon.journal.seal;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;

/**
 * A public Ed25519 key with its name, written {@code NAME+ID+BASE64} as C2SP tools write it.
 *
 * @param id first four bytes of SHA-256(name, newline, 0x01, public key), as c2sp.org/signed-note
 *     says
 */
public record VerifierKey(String name, int id, byte[] publicKey) {

  static final byte ED25519 = 1;
  static final int KEY_BYTES = 32;
  static final int SIGNATURE_BYTES = 64;

  public VerifierKey {
    if (publicKey.length != KEY_BYTES) {
      throw new IllegalArgumentException("a public key has 32 bytes, not " + publicKey.length);
    }
  }

  static VerifierKey of(String name, byte[] publicKey) {
    return new VerifierKey(name, idOf(name, publicKey), publicKey);
  }

  public static VerifierKey parse(String text) throws MalformedException {
    String[] parts = text.strip().split("\\+", 3);
    if (parts.length != 3) {
      throw new MalformedException("not a public key: expected NAME+ID+BASE64");
    }
    checkName(parts[0]);
    byte[] key = Base64Text.parse(parts[2], "the public key " + parts[0]);
    if (key.length != 1 + KEY_BYTES || key[0] != ED25519) {
      throw new MalformedException("the public key " + parts[0] + " is not an Ed25519 key");
    }
    VerifierKey parsed = of(parts[0], Arrays.copyOfRange(key, 1, key.length));
    if (!hex(parsed.id).equals(parts[1])) {
      throw new MalformedException(
          "the id " + parts[1] + " of the public key " + parts[0] + " should be " + hex(parsed.id));
    }
    return parsed;
  }

  public String text() {
    return name + "+" + hex(id) + "+" + encoded(publicKey);
  }

  /** Name and id, as people compare them. */
  public String label() {
    return name + "+" + hex(id);
  }

  boolean verify(byte[] message, byte[] signature) {
    if (signature.length != SIGNATURE_BYTES) {
      return false;
    }
    try {
      return JdkCrypto.verifyEd25519(key(), message, signature);
    } catch (GeneralSecurityException e) {
      return false; // a signature that cannot be one
    }
  }

  private PublicKey key() throws GeneralSecurityException {
    byte[] y = new byte[KEY_BYTES];
    for (int i = 0; i < KEY_BYTES; i++) {
      y[i] = publicKey[KEY_BYTES - 1 - i]; // RFC 8032 is little endian
    }
    boolean xOdd = (y[0] & 0x80) != 0;
    y[0] &= 0x7f;
    return JdkCrypto.ed25519Keys()
        .generatePublic(
            new EdECPublicKeySpec(
                NamedParameterSpec.ED25519, new EdECPoint(xOdd, new BigInteger(1, y))));
  }

  static void checkName(String name) throws MalformedException {
    boolean fine = !name.isEmpty() && name.length() <= 128;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      fine &= c > ' ' && c < 0x7f && c != '+';
    }
    if (!fine) {
      throw new MalformedException(
          "a key's name has 1 to 128 visible ASCII characters, no blank and no '+'");
    }
  }

  static String encoded(byte[] key) {
    byte[] typed = new byte[1 + key.length];
    typed[0] = ED25519;
    System.arraycopy(key, 0, typed, 1, key.length);
    return Base64Text.of(typed);
  }

  private static int idOf(String name, byte[] publicKey) {
    MessageDigest sha256 = JdkCrypto.sha256();
    sha256.update(name.getBytes(StandardCharsets.UTF_8));
    sha256.update((byte) '\n');
    sha256.update(ED25519);
    sha256.update(publicKey);
    return ByteBuffer.wrap(sha256.digest()).getInt();
  }

  static String hex(int id) {
    String digits = Integer.toHexString(id);
    return "0".repeat(8 - digits.length()) + digits;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VerifierKey key
        && key.name.equals(name)
        && Arrays.equals(key.publicKey, publicKey);
  }

  @Override
  public int hashCode() {
    return id;
  }

  @Override
  public String toString() {
    return label();
  }
}
