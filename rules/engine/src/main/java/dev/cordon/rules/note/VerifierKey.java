package dev.cordon.rules.note;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A public key with the name of its owner, {@code release@example.com+0f3a12bc+AX3g...}: name, id,
 * and the base64 of the algorithm's number (1 is Ed25519) and the key.
 */
public final class VerifierKey {
  static final byte ED25519 = 1;
  static final int KEY_BYTES = 32;
  static final int ID_BYTES = 4;
  private static final int MAX_CHARS = 512;

  // what stands before the 32 bytes of every Ed25519 key in X.509's form (RFC 8410)
  private static final byte[] X509_HEAD = HexFormat.of().parseHex("302a300506032b6570032100");

  private final String name;
  private final byte[] key;
  private final byte[] id;

  VerifierKey(String name, byte[] key) {
    this.name = name;
    this.key = key;
    this.id = id(name, key);
  }

  /**
   * @throws IllegalArgumentException when the text is no key; the message says why, in a few words
   */
  public static VerifierKey parse(String text) {
    String[] parts = parts(text.strip(), 0);
    VerifierKey parsed = new VerifierKey(parts[0], key(parts[2]));
    if (!HexFormat.of().formatHex(parsed.id).equals(parts[1])) {
      throw new IllegalArgumentException("its id does not belong to its name and key");
    }
    return parsed;
  }

  /** Name, id and key, which is {@code NAME+ID+BASE64}; only the last part may hold a plus. */
  static String[] parts(String text, int from) {
    int first = text.indexOf('+', from);
    int second = first < 0 ? -1 : text.indexOf('+', first + 1);
    if (text.length() > MAX_CHARS || second < 0) {
      throw new IllegalArgumentException("not of the form NAME+ID+KEY");
    }
    String name = text.substring(from, first);
    checkName(name);
    return new String[] {name, text.substring(first + 1, second), text.substring(second + 1)};
  }

  static void checkName(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) <= ' ' || name.charAt(i) == '+' || name.charAt(i) > '~') {
        throw new IllegalArgumentException(
            "the name of a key has printable ASCII characters, no blank and no plus");
      }
    }
    if (name.isEmpty() || name.length() > 100) {
      throw new IllegalArgumentException("the name of a key has 1 to 100 characters");
    }
  }

  static byte[] key(String base64) {
    byte[] bytes = decoded(base64);
    if (bytes.length != 1 + KEY_BYTES || bytes[0] != ED25519) {
      throw new IllegalArgumentException("not an Ed25519 key");
    }
    return Arrays.copyOfRange(bytes, 1, bytes.length);
  }

  /** Refuses what stands for bytes that have another, usual form: each has one. */
  static byte[] decoded(String base64) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException notBase64) {
      throw new IllegalArgumentException("not base64", notBase64);
    }
    if (!Base64.getEncoder().encodeToString(bytes).equals(base64)) {
      throw new IllegalArgumentException("not base64");
    }
    return bytes;
  }

  private static byte[] id(String name, byte[] key) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update((name + "\n").getBytes(StandardCharsets.UTF_8));
      sha256.update(ED25519);
      return Arrays.copyOf(sha256.digest(key), ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no SHA-256", e);
    }
  }

  public String name() {
    return name;
  }

  /** Eight hex digits, which tell the key apart from others of the same name. */
  public String id() {
    return HexFormat.of().formatHex(id);
  }

  byte[] idBytes() {
    return id;
  }

  /** Whether the owner of the key signed the text. */
  boolean verifies(byte[] text, byte[] signature) {
    try {
      byte[] encoded = Arrays.copyOf(X509_HEAD, X509_HEAD.length + KEY_BYTES);
      System.arraycopy(key, 0, encoded, X509_HEAD.length, KEY_BYTES);
      PublicKey publicKey =
          KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
      Signature verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(publicKey);
      verifier.update(text);
      return verifier.verify(signature);
    } catch (GeneralSecurityException notAKey) {
      return false;
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof VerifierKey that
        && name.equals(that.name)
        && Arrays.equals(key, that.key);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(key);
  }

  @Override
  public String toString() {
    byte[] bytes = new byte[1 + KEY_BYTES];
    bytes[0] = ED25519;
    System.arraycopy(key, 0, bytes, 1, KEY_BYTES);
    return name + "+" + id() + "+" + Base64.getEncoder().encodeToString(bytes);
  }
}
