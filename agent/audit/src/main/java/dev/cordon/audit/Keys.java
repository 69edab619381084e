package dev.cordon.audit;

import dev.cordon.journal.seal.AtomicFile;
import dev.cordon.journal.seal.MalformedException;
import dev.cordon.journal.seal.VerifierKey;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the public keys that {@code --key} names: files, or the keys themselves. */
final class Keys {

  private static final int MAX_FILE_BYTES = 64 * 1024;

  private Keys() {}

  /**
   * Of a secret key, what a killed keygen left of it beside its name. A command for keys goes on
   * where it cannot look.
   */
  static void removeSecondNames(Path key, PrintStream err) {
    try {
      AtomicFile.removeSecondNames(key);
    } catch (IOException e) {
      err.println(
          "cordon: WARNING: cannot look for second names *.unfinished of "
              + key
              + " beside it: "
              + Attempt.reason(e));
    }
  }

  static List<VerifierKey> read(List<String> given)
      throws IOException, MalformedException, UsageException {
    List<VerifierKey> keys = new ArrayList<>();
    for (String one : given) {
      Path file = Path.of(one);
      if (!Files.exists(file) && one.indexOf('+') > 0) {
        keys.add(VerifierKey.parse(one));
        continue;
      }
      if (Files.isRegularFile(file) && Files.size(file) > MAX_FILE_BYTES) {
        throw new UsageException(one + " is too long for a public key");
      }
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      if (text.startsWith("PRIVATE+KEY+")) {
        throw new UsageException(one + " is the private key; give " + one + ".pub");
      }
      for (String line : text.strip().split("\n", -1)) {
        try {
          keys.add(VerifierKey.parse(line));
        } catch (MalformedException e) {
          throw new MalformedException(one + ": " + e.getMessage());
        }
      }
    }
    return keys;
  }
}
