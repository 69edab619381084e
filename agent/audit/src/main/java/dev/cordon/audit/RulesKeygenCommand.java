package dev.cordon.audit;

import dev.cordon.rules.note.SignerKey;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/** {@code rules keygen NAME -o FILE}: a pair of keys to sign bundles with. */
final class RulesKeygenCommand {

  private static final String HELP =
      """
      usage: java -jar cordon.jar rules keygen NAME -o FILE

      Makes an Ed25519 key: the private one in FILE, which only its owner may read, the public one
      in FILE.pub and on standard output. NAME says who signs, as release@example.com.

        -o FILE          must not be there yet
        -h, --help       this text

      exit codes: 0 made, 2 not made
      """;

  private RulesKeygenCommand() {}

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(HELP);
      return Exit.OK;
    }
    return Attempt.run("rules keygen", err, () -> make(arguments, out));
  }

  private static int make(List<String> arguments, PrintStream out)
      throws UsageException, IOException {
    Arguments given = Arguments.parse(arguments, Set.of(), Set.of("-o"));
    String file = given.value("-o");
    if (given.words().size() != 1 || file == null) {
      throw new UsageException("a name and -o FILE are needed; see --help");
    }
    SignerKey key;
    try {
      key = SignerKey.generate(given.words().get(0));
    } catch (IllegalArgumentException wrong) {
      throw new UsageException(String.valueOf(wrong.getMessage()));
    }
    String publicKey = key.verifier().toString();
    write(Path.of(file), key.secret(), "rw-------");
    write(Path.of(file + ".pub"), publicKey, "rw-r--r--");
    out.println(publicKey);
    return Exit.OK;
  }

  private static void write(Path file, String key, String permissions)
      throws UsageException, IOException {
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
