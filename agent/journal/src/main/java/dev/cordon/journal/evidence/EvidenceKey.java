package dev.cordon.journal.evidence;

import dev.cordon.journal.seal.AtomicFile;
import dev.cordon.journal.seal.JdkCrypto;
import dev.cordon.journal.seal.MalformedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key of a deployment under which the keys of persons lie, {@code EVIDENCE+KEY+BASE64} in a
 * file that only its owner may read. From it come, one for each use: the key that wraps, the key of
 * pseudonyms, the key that tells whether {@link SubjectKeys} was changed. Never told in a message.
 * Thread-safe.
 *
 * <p>A {@link #successor} is another key in all but the pseudonyms: its file has 32 bytes more, the
 * key of those, or nobody would be found any more in what was written before.
 */
public final class EvidenceKey {

  /** Of a person in records: half an HMAC-SHA256. */
  public static final int PSEUDONYM_BYTES = 16;

  static final int KEY_BYTES = 32;
  static final int WRAPPED_BYTES = 40; // RFC 3394: eight more
  static final int MAC_BYTES = 16;
  static final int ID_BYTES = 8;

  private static final String PREFIX = "EVIDENCE+KEY+";
  private static final String KEY_WRAP = "AESWrap";
  private static final int MAX_FILE_BYTES = 4096;

  private final byte[] kept; // as in the file
  private final byte[] pseudonymKey;
  private final byte[] macKey;
  private final SecretKeySpec wrapKey;
  private final byte[] id;

  private EvidenceKey(byte[] kept) {
    this.kept = kept;
    byte[] master = Arrays.copyOf(kept, KEY_BYTES);
    pseudonymKey =
        kept.length == KEY_BYTES
            ? derived(master, "pseudonym")
            : Arrays.copyOfRange(kept, KEY_BYTES, 2 * KEY_BYTES);
    macKey = derived(master, "mac");
    wrapKey = new SecretKeySpec(derived(master, "wrap"), "AES");
    id = Arrays.copyOf(derived(master, "id"), ID_BYTES);
  }

  private static byte[] derived(byte[] master, String use) {
    return JdkCrypto.hmacSha256(
        master, ("cordon evidence " + use).getBytes(StandardCharsets.US_ASCII));
  }

  public static EvidenceKey generate() {
    return new EvidenceKey(random(KEY_BYTES));
  }

  /** A new key under which the same persons have the same pseudonyms. */
  public EvidenceKey successor() {
    byte[] next = random(2 * KEY_BYTES);
    System.arraycopy(pseudonymKey, 0, next, KEY_BYTES, KEY_BYTES);
    return new EvidenceKey(next);
  }

  /** Whether persons have the same pseudonyms under both. */
  public boolean hasPseudonymsOf(EvidenceKey other) {
    return MessageDigest.isEqual(pseudonymKey, other.pseudonymKey);
  }

  private static byte[] random(int bytes) {
    byte[] random = new byte[bytes];
    JdkCrypto.random().nextBytes(random);
    return random;
  }

  /** Writes FILE, for its owner alone; it must not be there. */
  public void write(Path file) throws IOException {
    String text = PREFIX + Base64.getEncoder().encodeToString(kept) + "\n";
    AtomicFile.writePrivate(file, text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Fails if there is no such key, or anybody but its owner may read or write it. */
  public static void check(Path file) throws IOException, MalformedException {
    Arrays.fill(read(file), (byte) 0);
  }

  private static void checkMode(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          "evidence key "
              + file
              + (Files.exists(file) ? " is not a file" : " does not exist")
              + "; make one with: cordon.jar dsr keygen -o "
              + file);
    }
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      for (PosixFilePermission permission : Files.getPosixFilePermissions(file)) {
        if (!permission.name().startsWith("OWNER_")) {
          throw new IOException(
              "evidence key " + file + " is open to others than its owner; run: chmod 600 " + file);
        }
      }
    }
    if (!Files.isReadable(file)) {
      throw new IOException("evidence key " + file + " cannot be read by this user");
    }
  }

  public static EvidenceKey load(Path file) throws IOException, MalformedException {
    return new EvidenceKey(read(file));
  }

  /** 32 bytes, of a successor 64. */
  private static byte[] read(Path file) throws IOException, MalformedException {
    checkMode(file);
    if (Files.size(file) > MAX_FILE_BYTES) {
      throw new MalformedException(file + " is not an evidence key: too long");
    }
    String text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
    byte[] master = new byte[0];
    if (text.startsWith(PREFIX)) {
      try {
        master = Base64.getDecoder().decode(text.substring(PREFIX.length()));
      } catch (IllegalArgumentException e) { // its message would tell a character of the key
        master = new byte[0];
      }
    }
    if (master.length != KEY_BYTES && master.length != 2 * KEY_BYTES) {
      throw new MalformedException(
          file + " is not an evidence key: expected " + PREFIX + " and 32 or 64 bytes as base64");
    }
    return master;
  }

  /** Tells keys apart; says nothing of the key. */
  public String id() {
    return HexFormat.of().formatHex(id);
  }

  byte[] idBytes() {
    return id.clone();
  }

  /**
   * What stands for a person in records: always the same under one key, and not to be turned back
   * without it. Blanks around do not count; an address is the same in capitals.
   */
  public byte[] pseudonym(String subject) {
    return half(
        JdkCrypto.hmacSha256(pseudonymKey, canonical(subject).getBytes(StandardCharsets.UTF_8)));
  }

  static String canonical(String subject) {
    String text = subject.strip();
    return text.indexOf('@') < 0 ? text : text.toLowerCase(Locale.ROOT);
  }

  byte[] mac(byte[] of, int bytes) {
    return half(JdkCrypto.hmacSha256(macKey, Arrays.copyOf(of, bytes)));
  }

  byte[] wrap(byte[] dataKey) throws GeneralSecurityException {
    Cipher cipher = JdkCrypto.cipher(KEY_WRAP);
    cipher.init(Cipher.WRAP_MODE, wrapKey, JdkCrypto.random());
    return cipher.wrap(new SecretKeySpec(dataKey, "AES"));
  }

  /** Fails for what this key did not wrap. */
  byte[] unwrap(byte[] wrapped) throws GeneralSecurityException {
    Cipher cipher = JdkCrypto.cipher(KEY_WRAP);
    cipher.init(Cipher.UNWRAP_MODE, wrapKey, JdkCrypto.random());
    byte[] key = cipher.unwrap(wrapped, "AES", Cipher.SECRET_KEY).getEncoded();
    if (key.length != KEY_BYTES) {
      throw new InvalidKeyException("a key of " + key.length + " bytes");
    }
    return key;
  }

  private static byte[] half(byte[] hmac) {
    return Arrays.copyOf(hmac, MAC_BYTES);
  }

  @Override
  public String toString() {
    return "EvidenceKey[" + id() + "]";
  }
}
