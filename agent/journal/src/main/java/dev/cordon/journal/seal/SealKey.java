package dev.cordon.journal.seal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Set;

/**
 * A private Ed25519 key with its name. Its file holds one line, {@code PRIVATE+KEY+NAME+ID+BASE64},
 * as C2SP tools write it, and is readable by its owner alone. Never told in a message.
 */
public final class SealKey {

  private static final String PREFIX = "PRIVATE+KEY+";
  private static final int MAX_FILE_BYTES = 4096;
  private static final int MAX_NAMES = 5;

  private final String name;
  private final int id;
  private final byte[] seed;
  private final PrivateKey key;

  private SealKey(String name, int id, byte[] seed) throws GeneralSecurityException {
    this.name = name;
    this.id = id;
    this.seed = seed;
    this.key =
        JdkCrypto.ed25519Keys()
            .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
  }

  /** A new pair. */
  public record Pair(SealKey key, VerifierKey verifier) {
    /** Writes FILE, for its owner alone, and FILE.pub; neither may be there. */
    public void write(Path file) throws IOException {
      AtomicFile.writePrivate(file, (key.text() + "\n").getBytes(StandardCharsets.US_ASCII));
      Files.writeString(publicFile(file), verifier.text() + "\n");
    }
  }

  public static Path publicFile(Path file) {
    return file.resolveSibling(file.getFileName() + ".pub");
  }

  public static Path rotationFile(Path file) {
    return file.resolveSibling(file.getFileName() + ".rotate");
  }

  public static Pair generate(String name) throws MalformedException, GeneralSecurityException {
    VerifierKey.checkName(name);
    KeyPair pair = JdkCrypto.ed25519Pair();
    byte[] seed =
        ((EdECPrivateKey) pair.getPrivate())
            .getBytes()
            .orElseThrow(() -> new GeneralSecurityException("the provider hides the key"));
    VerifierKey verifier = VerifierKey.of(name, encoded((EdECPublicKey) pair.getPublic()));
    return new Pair(new SealKey(name, verifier.id(), seed), verifier);
  }

  /** RFC 8032: y little endian, the lowest bit of x as the highest bit. */
  private static byte[] encoded(EdECPublicKey key) {
    byte[] y = key.getPoint().getY().toByteArray(); // big endian, perhaps with a zero in front
    byte[] encoded = new byte[VerifierKey.KEY_BYTES];
    for (int i = 0; i < encoded.length && i < y.length; i++) {
      encoded[i] = y[y.length - 1 - i];
    }
    if (key.getPoint().isXOdd()) {
      encoded[encoded.length - 1] |= (byte) 0x80;
    }
    return encoded;
  }

  /** Fails if anybody but the owner may read or write the file. */
  public static void checkFile(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          "seal key "
              + file
              + (Files.exists(file) ? " is not a file" : " does not exist")
              + "; make one with: cordon.jar journal keygen -o "
              + file);
    }
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      for (PosixFilePermission permission : permissions) {
        if (!permission.name().startsWith("OWNER_")) {
          throw new IOException(
              "seal key " + file + " is open to others than its owner; run: chmod 600 " + file);
        }
      }
    }
    if (!Files.isReadable(file)) {
      throw new IOException(
          "seal key " + file + " cannot be read by this user; its owner must be the one who seals");
    }
  }

  public static SealKey load(Path file) throws IOException, MalformedException {
    checkFile(file);
    if (Files.size(file) > MAX_FILE_BYTES) {
      throw new MalformedException(file + " is not a seal key: too long");
    }
    try {
      return parse(Files.readString(file, StandardCharsets.ISO_8859_1).strip());
    } catch (MalformedException e) {
      throw new MalformedException(file + ": " + e.getMessage());
    }
  }

  static SealKey parse(String text) throws MalformedException {
    String[] parts = text.split("\\+", MAX_NAMES);
    if (!text.startsWith(PREFIX) || parts.length != MAX_NAMES) {
      throw new MalformedException("not a seal key: expected PRIVATE+KEY+NAME+ID+BASE64");
    }
    VerifierKey.checkName(parts[2]);
    byte[] typed = Base64Text.parse(parts[4], "the seal key");
    if (typed.length != 1 + VerifierKey.KEY_BYTES || typed[0] != VerifierKey.ED25519) {
      throw new MalformedException("the seal key is not an Ed25519 key");
    }
    try {
      int id = Integer.parseUnsignedInt(parts[3], 16);
      return new SealKey(parts[2], id, Arrays.copyOfRange(typed, 1, typed.length));
    } catch (NumberFormatException e) {
      throw new MalformedException("the seal key has no id of eight hex digits");
    } catch (GeneralSecurityException e) {
      throw new MalformedException("this JVM has no Ed25519 (module jdk.crypto.ec): " + e);
    }
  }

  String text() {
    return PREFIX + name + "+" + VerifierKey.hex(id) + "+" + VerifierKey.encoded(seed);
  }

  public String name() {
    return name;
  }

  public int id() {
    return id;
  }

  public String label() {
    return name + "+" + VerifierKey.hex(id);
  }

  public byte[] sign(byte[] message) throws GeneralSecurityException {
    return JdkCrypto.signEd25519(key, message);
  }

  @Override
  public String toString() {
    return label();
  }
}
