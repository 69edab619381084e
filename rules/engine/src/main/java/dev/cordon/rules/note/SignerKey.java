package dev.cordon.rules.note;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A private key, {@code PRIVATE+KEY+release@example.com+0f3a12bc+AW...}. It is text in the one file
 * that holds it, and nowhere else: {@link #toString} does not tell it.
 */
public final class SignerKey {
  private static final String PREFIX = "PRIVATE+KEY+";

  // what stands before the 32 bytes of every Ed25519 key in PKCS #8's form (RFC 8410)
  private static final byte[] PKCS8_HEAD =
      HexFormat.of().parseHex("302e020100300506032b657004220420");

  private final VerifierKey verifier;
  private final byte[] seed;

  private SignerKey(VerifierKey verifier, byte[] seed) {
    this.verifier = verifier;
    this.seed = seed;
  }

  public static SignerKey generate(String name) {
    VerifierKey.checkName(name);
    byte[] seed = new byte[VerifierKey.KEY_BYTES];
    new SecureRandom().nextBytes(seed);
    return new SignerKey(new VerifierKey(name, publicKey(seed)), seed);
  }

  /**
   * @throws IllegalArgumentException when the text is no key; the message says why and nothing of
   *     the text
   */
  public static SignerKey parse(String text) {
    String stripped = text.strip();
    if (!stripped.startsWith(PREFIX)) {
      throw new IllegalArgumentException("a private key begins with " + PREFIX);
    }
    String[] parts = VerifierKey.parts(stripped, PREFIX.length());
    byte[] seed = VerifierKey.key(parts[2]);
    VerifierKey verifier = new VerifierKey(parts[0], publicKey(seed));
    if (!verifier.id().equals(parts[1])) {
      throw new IllegalArgumentException("its id does not belong to its name and key");
    }
    return new SignerKey(verifier, seed);
  }

  /** The generator makes the pair of the seed that its randomness yields; there is no other way. */
  private static byte[] publicKey(byte[] seed) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
      generator.initialize(255, new Fixed(seed));
      var pair = generator.generateKeyPair();
      byte[] used = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
      PublicKey publicKey = pair.getPublic();
      if (!Arrays.equals(used, seed)) {
        throw new IllegalStateException("this JVM's Ed25519 does not take a seed");
      }
      byte[] encoded = publicKey.getEncoded();
      return Arrays.copyOfRange(encoded, encoded.length - VerifierKey.KEY_BYTES, encoded.length);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no Ed25519", e);
    }
  }

  public VerifierKey verifier() {
    return verifier;
  }

  byte[] sign(byte[] text) {
    try {
      byte[] encoded = Arrays.copyOf(PKCS8_HEAD, PKCS8_HEAD.length + seed.length);
      System.arraycopy(seed, 0, encoded, PKCS8_HEAD.length, seed.length);
      PrivateKey key =
          KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
      Signature signer = Signature.getInstance("Ed25519");
      signer.initSign(key);
      signer.update(text);
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no Ed25519", e);
    }
  }

  /** The text to be kept in a file that nobody else may read. */
  public String secret() {
    byte[] bytes = new byte[1 + seed.length];
    bytes[0] = VerifierKey.ED25519;
    System.arraycopy(seed, 0, bytes, 1, seed.length);
    return PREFIX
        + verifier.name()
        + "+"
        + verifier.id()
        + "+"
        + Base64.getEncoder().encodeToString(bytes);
  }

  @Override
  public String toString() {
    return "SignerKey[" + verifier.name() + "+" + verifier.id() + "]";
  }

  /** Yields the seed, once. */
  private static final class Fixed extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final byte[] seed;

    Fixed(byte[] seed) {
      this.seed = seed;
    }

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(seed, 0, bytes, 0, bytes.length);
    }
  }
}
