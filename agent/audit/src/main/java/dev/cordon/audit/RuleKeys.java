package dev.cordon.audit;

import dev.cordon.rules.note.SignerKey;
import dev.cordon.rules.note.VerifierKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
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
    try {
      for (PosixFilePermission permission : Files.getPosixFilePermissions(file)) {
        if (OTHERS.contains(permission)) {
          throw new UsageException(
              "others may read or write the private key "
                  + file
                  + "; chmod 600 it, and if it lay"
                  + " so for long, make another");
        }
      }
    } catch (UnsupportedOperationException otherSystem) {
      // no such permissions here
    }
    try {
      return SignerKey.parse(text(file));
    } catch (IllegalArgumentException wrong) {
      throw new UsageException(file + " is no private key: " + wrong.getMessage());
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
}
