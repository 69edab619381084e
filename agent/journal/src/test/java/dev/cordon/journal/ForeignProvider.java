package dev.cordon.journal;

import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.Key;
import java.security.MessageDigestSpi;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.SecureRandomSpi;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.locks.LockSupport;
import javax.crypto.CipherSpi;
import javax.crypto.MacSpi;
import org.jspecify.annotations.Nullable;

/**
 * A security provider as an application may put before all others: it writes down who asks it and
 * what it is handed, and on the journal's own threads it throws, or never comes back.
 */
final class ForeignProvider extends Provider {

  private static final long serialVersionUID = 1L;

  enum Does {
    WORKS,
    THROWS,
    HANGS
  }

  static final Set<String> ASKED = new ConcurrentSkipListSet<>(); // "thread: for what"
  static final Set<String> HANDED = new ConcurrentSkipListSet<>(); // texts

  private static volatile Does does = Does.WORKS;

  ForeignProvider(Does what) {
    super("Foreign", "1", "in front of all others");
    does = what;
    for (String one :
        new String[] {
          "MessageDigest.SHA-256 " + Hash.class.getName(),
          "MessageDigest.SHA-512 " + Hash.class.getName(),
          "Mac.HmacSHA256 " + Hmac.class.getName(),
          "Cipher.AES/GCM/NoPadding " + Encryption.class.getName(),
          "Cipher.AESWrap " + Encryption.class.getName(),
          "Cipher.AES " + Encryption.class.getName(),
          "SecureRandom.DRBG " + Numbers.class.getName(),
          "SecureRandom.NativePRNG " + Numbers.class.getName(),
        }) {
      String[] words = one.split(" ");
      put(words[0], words[1]);
    }
  }

  @Override
  public String getName() {
    asked("name");
    return super.getName();
  }

  @Override
  public @Nullable Service getService(String type, String algorithm) {
    asked(type + "." + algorithm);
    return super.getService(type, algorithm);
  }

  private static void asked(String what) {
    String thread = Thread.currentThread().getName();
    ASKED.add(thread + ": " + what);
    if (thread.equals("cordon-journal-writer")
        || thread.equals("cordon-journal-second")
        || thread.equals("cordon-journal-sealer") && !what.equals("name")) {
      switch (does) {
        case WORKS -> {}
        case THROWS -> throw new IllegalStateException("a test: no device");
        case HANGS -> {
          while (true) {
            LockSupport.park();
          }
        }
      }
    }
  }

  private static void handed(byte[] bytes, int from, int length) {
    asked("bytes");
    HANDED.add(
        new String(Arrays.copyOfRange(bytes, from, from + length), StandardCharsets.ISO_8859_1));
  }

  /** No hash that anybody knows. */
  public static final class Hash extends MessageDigestSpi {
    @Override
    protected void engineUpdate(byte one) {
      asked("hash");
    }

    @Override
    protected void engineUpdate(byte[] bytes, int from, int length) {
      handed(bytes, from, length);
    }

    @Override
    protected byte[] engineDigest() {
      return new byte[64];
    }

    @Override
    protected void engineReset() {}

    @Override
    protected int engineGetDigestLength() {
      return 64;
    }
  }

  public static final class Hmac extends MacSpi {
    @Override
    protected int engineGetMacLength() {
      return 32;
    }

    @Override
    protected void engineInit(Key key, @Nullable AlgorithmParameterSpec how) {
      asked("mac key");
    }

    @Override
    protected void engineUpdate(byte one) {}

    @Override
    protected void engineUpdate(byte[] bytes, int from, int length) {
      handed(bytes, from, length);
    }

    @Override
    protected byte[] engineDoFinal() {
      return new byte[32];
    }

    @Override
    protected void engineReset() {}
  }

  /** Gives back what it gets. */
  public static final class Encryption extends CipherSpi {
    @Override
    protected void engineSetMode(String mode) {}

    @Override
    protected void engineSetPadding(String padding) {}

    @Override
    protected int engineGetBlockSize() {
      return 16;
    }

    @Override
    protected int engineGetOutputSize(int input) {
      return input;
    }

    @Override
    protected byte[] engineGetIV() {
      return new byte[12];
    }

    @Override
    protected @Nullable AlgorithmParameters engineGetParameters() {
      return null;
    }

    @Override
    protected void engineInit(int mode, Key key, SecureRandom random) {
      asked("cipher key");
    }

    @Override
    protected void engineInit(int mode, Key key, AlgorithmParameterSpec how, SecureRandom random) {
      asked("cipher key");
    }

    @Override
    protected void engineInit(int mode, Key key, AlgorithmParameters how, SecureRandom random) {
      asked("cipher key");
    }

    @Override
    protected byte[] engineWrap(Key key) {
      return Arrays.copyOf(key.getEncoded(), 40);
    }

    @Override
    protected Key engineUnwrap(byte[] wrapped, String algorithm, int type) {
      return new javax.crypto.spec.SecretKeySpec(wrapped, 0, 32, algorithm);
    }

    @Override
    protected void engineUpdateAAD(byte[] bytes, int from, int length) {}

    @Override
    protected byte[] engineUpdate(byte[] bytes, int from, int length) {
      handed(bytes, from, length);
      return Arrays.copyOfRange(bytes, from, from + length);
    }

    @Override
    protected int engineUpdate(byte[] bytes, int from, int length, byte[] to, int at) {
      handed(bytes, from, length);
      System.arraycopy(bytes, from, to, at, length);
      return length;
    }

    @Override
    protected byte[] engineDoFinal(byte[] bytes, int from, int length) {
      handed(bytes, from, length);
      return Arrays.copyOfRange(bytes, from, from + length);
    }

    @Override
    protected int engineDoFinal(byte[] bytes, int from, int length, byte[] to, int at) {
      handed(bytes, from, length);
      System.arraycopy(bytes, from, to, at, length);
      return length;
    }
  }

  public static final class Numbers extends SecureRandomSpi {
    private static final long serialVersionUID = 1L;

    @Override
    protected void engineSetSeed(byte[] seed) {
      asked("seed");
    }

    @Override
    protected void engineNextBytes(byte[] bytes) {
      asked("random");
    }

    @Override
    protected byte[] engineGenerateSeed(int bytes) {
      return new byte[bytes];
    }
  }
}
