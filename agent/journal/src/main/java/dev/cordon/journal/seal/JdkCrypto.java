package dev.cordon.journal.seal;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Security;
import java.security.Signature;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Cipher;
import org.jspecify.annotations.Nullable;

/**
 * Hashes and ciphers of the JDK itself. {@code getInstance} without a provider takes the first of
 * the JVM's, which the application may have put there: its code, perhaps a device on the network,
 * would run on the journal's threads and be handed a customer's values. Where the JDK has no
 * provider of its own, as in a JVM that is set up for FIPS 140, the JVM's first one is taken, and
 * {@link #foreign} tells so. What the JDK's own code asks for by name, as Ed25519 does for its
 * hash, which is fed the private key, is asked for {@linkplain ProvidersOfThread among those of the
 * JDK}.
 */
public final class JdkCrypto {

  private static final String SUN = "SUN"; // hashes, random numbers
  private static final String SUN_JCE = "SunJCE"; // ciphers
  private static final String SUN_EC = "SunEC"; // Ed25519
  private static final String ED25519 = "Ed25519";
  private static final Set<String> MODULES = Set.of("java.base", "jdk.crypto.ec");
  private static final int HMAC_BLOCK_BYTES = 64;

  private static final List<String> FOREIGN = new CopyOnWriteArrayList<>();

  // each is looked up when it is first needed: a start pays for those before it in the JVM's list

  private static final class Hashes {
    static final @Nullable Provider BY = ofJdk(SUN);
  }

  private static final class Ciphers {
    static final @Nullable Provider BY = ofJdk(SUN_JCE);
  }

  private static final class Curves {
    static final @Nullable Provider BY = ofJdk(SUN_EC);
  }

  private JdkCrypto() {}

  private static @Nullable Provider ofJdk(String name) {
    Provider found = null;
    try {
      found = Security.getProvider(name); // asks those before it for their names
    } catch (RuntimeException | Error e) {
      found = null; // not ours: another one failed
    }
    if (found == null || !isOfJdk(found)) {
      found = searched(name);
    }
    if (found == null) {
      FOREIGN.add(name);
    }
    return found;
  }

  /** Without asking any of them. */
  private static @Nullable Provider searched(String name) {
    for (Provider one : Security.getProviders()) {
      if (isOfJdk(one) && one.getName().equals(name)) {
        return one;
      }
    }
    return null;
  }

  private static boolean isOfJdk(Provider one) {
    Module module = one.getClass().getModule();
    return module.getLayer() == ModuleLayer.boot() && MODULES.contains(module.getName());
  }

  /**
   * Looks for what the threads that write will use, on one that may wait: providers before those of
   * the JDK are asked for their names.
   */
  public static void prepare() throws GeneralSecurityException {
    sha256();
    cipher("AES/GCM/NoPadding");
    random().nextLong();
  }

  /** The providers of the JDK that were looked for and are not there. */
  public static List<String> foreign() {
    return List.copyOf(FOREIGN);
  }

  public static MessageDigest sha256() {
    try {
      Provider by = Hashes.BY;
      return by == null
          ? MessageDigest.getInstance("SHA-256")
          : MessageDigest.getInstance("SHA-256", by);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * RFC 2104. The JDK's own would be of the JDK in name only: it takes its hash from the JVM's
   * first provider.
   */
  public static byte[] hmacSha256(byte[] key, byte[] text) {
    MessageDigest sha256 = sha256();
    byte[] block = new byte[HMAC_BLOCK_BYTES];
    byte[] short_ = key.length > HMAC_BLOCK_BYTES ? sha256.digest(key) : key;
    System.arraycopy(short_, 0, block, 0, short_.length);
    for (int i = 0; i < HMAC_BLOCK_BYTES; i++) {
      block[i] ^= 0x36;
    }
    sha256.update(block);
    byte[] inner = sha256.digest(text);
    for (int i = 0; i < HMAC_BLOCK_BYTES; i++) {
      block[i] ^= 0x36 ^ 0x5c;
    }
    sha256.update(block);
    return sha256.digest(inner);
  }

  /** Give {@link #random} to {@code init}, or the JVM's first provider is asked for one. */
  public static Cipher cipher(String transformation) throws GeneralSecurityException {
    Provider by = Ciphers.BY;
    return by == null ? Cipher.getInstance(transformation) : Cipher.getInstance(transformation, by);
  }

  /** Reads the device where there is one. */
  public static SecureRandom random() {
    Provider by = Hashes.BY;
    for (String algorithm : List.of("NativePRNG", "DRBG")) {
      try {
        if (by != null) {
          return SecureRandom.getInstance(algorithm, by);
        }
      } catch (NoSuchAlgorithmException e) {
        continue; // not on this system
      }
    }
    return new SecureRandom();
  }

  static byte[] signEd25519(PrivateKey key, byte[] message) throws GeneralSecurityException {
    return ProvidersOfThread.withJdks(
        Hashes.BY,
        Curves.BY,
        by -> {
          Signature signer =
              by == null ? Signature.getInstance(ED25519) : Signature.getInstance(ED25519, by);
          signer.initSign(key);
          signer.update(message);
          return signer.sign();
        });
  }

  static boolean verifyEd25519(PublicKey key, byte[] message, byte[] signature)
      throws GeneralSecurityException {
    return ProvidersOfThread.withJdks(
        Hashes.BY,
        Curves.BY,
        by -> {
          Signature verifier =
              by == null ? Signature.getInstance(ED25519) : Signature.getInstance(ED25519, by);
          verifier.initVerify(key);
          verifier.update(message);
          return verifier.verify(signature);
        });
  }

  static KeyFactory ed25519Keys() throws GeneralSecurityException {
    Provider by = Curves.BY;
    return by == null ? KeyFactory.getInstance(ED25519) : KeyFactory.getInstance(ED25519, by);
  }

  static KeyPair ed25519Pair() throws GeneralSecurityException {
    return ProvidersOfThread.withJdks(
        Hashes.BY,
        Curves.BY,
        by ->
            (by == null
                    ? KeyPairGenerator.getInstance(ED25519)
                    : KeyPairGenerator.getInstance(ED25519, by))
                .generateKeyPair());
  }
}
