package dev.cordon.audit;

import dev.cordon.rules.note.SignerKey;
import dev.cordon.rules.note.VerifierKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files that hold one key each. */
final class RuleKeys {
  private static final int MAX_BYTES = 4096;

  private static final Set<PosixFilePermission> OTHERS =
      Set.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private RuleKeys() {}

  /** A private key; refused when others than its owner may read or write the file. */
  static SignerKey signer(Path file) throws UsageException, IOException {
    checkPrivate("the private key", file);
    try {
      return SignerKey.parse(text(file));
    } catch (IllegalArgumentException wrong) {
      throw new UsageException(file + " is no private key: " + wrong.getMessage());
    }
  }

  /** Refuses a file that others than its owner may read or write. */
  static void checkPrivate(String what, Path file) throws UsageException, IOException {
    try {
      for (PosixFilePermission permission : Files.getPosixFilePermissions(file)) {
        if (OTHERS.contains(permission)) {
          throw new UsageException(
              "others may read or write "
                  + what
                  + " "
                  + file
                  + "; chmod 600 it, and if it lay so for long, make another");
        }
      }
    } catch (UnsupportedOperationException otherSystem) {
      // no such permissions here
    }
  }

  /** A public key: itself, or a file that holds it. */
  static VerifierKey verifier(String given) throws UsageException, IOException {
    boolean isKey = given.indexOf('+') > 0 && !Files.exists(Path.of(given));
    try {
      return VerifierKey.parse(isKey ? given : text(Path.of(given)));
    } catch (IllegalArgumentException wrong) {
      throw new UsageException(given + " is no public key: " + wrong.getMessage());
    }
  }

  private static String text(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
    }
  }

  /** Writes a key into a file that is not there yet. */
  static void write(Path file, String key, String permissions) throws UsageException, IOException {
    boolean posix =
        Files.getFileStore(file.toAbsolutePath().getParent()).supportsFileAttributeView("posix");
    FileAttribute<?>[] attributes =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
            }
            : new FileAttribute<?>[0];
    // made with its permissions, not given them afterwards
    try (SeekableByteChannel channel =
        Files.newByteChannel(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
      channel.write(ByteBuffer.wrap((key + "\n").getBytes(StandardCharsets.UTF_8)));
    } catch (FileAlreadyExistsException there) {
      throw new UsageException(file + " is there already; a key is never written over");
    }
  }
}
