package dev.cordon.audit;

import dev.cordon.rules.RuleFileException;
import dev.cordon.rules.RuleFormat;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** {@code rules fmt FILE}: rule files in their one layout. */
final class RulesFmtCommand {

  private static final String HELP =
      """
      usage: java -jar cordon.jar rules fmt [--check] FILE...

      Brings rule files, packs and cases into their one layout; comments stay. A file is
      replaced as a whole, and only when its layout is another one.

            --check      changes nothing, tells which files would change
        -h, --help       this text

      exit codes: 0 done, 1 --check: a file would change, or a file is not YAML, 2 not done
      """;

  private RulesFmtCommand() {}

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(HELP);
      return Exit.OK;
    }
    return Attempt.run("rules fmt", err, () -> format(arguments, out, err));
  }

  private static int format(List<String> arguments, PrintStream out, PrintStream err)
      throws UsageException {
    Arguments given = Arguments.parse(arguments, Set.of("--check"), Set.of());
    int exit = Exit.OK;
    for (String file : given.files()) {
      int one = Attempt.run("rules fmt", err, () -> format(file, given.has("--check"), out));
      exit = Math.max(exit, one);
    }
    return exit;
  }

  private static int format(String file, boolean check, PrintStream out)
      throws IOException, RuleFileException {
    Path path = Path.of(file);
    byte[] formatted = RuleFormat.format(path).getBytes(StandardCharsets.UTF_8);
    if (Arrays.equals(formatted, Files.readAllBytes(path))) {
      return Exit.OK;
    }
    if (check) {
      out.println(file + ": would change");
      return Exit.FOUND_PROBLEMS;
    }
    replace(path.toRealPath(), formatted);
    out.println(file + ": formatted");
    return Exit.OK;
  }

  /** Who is interrupted, or reads meanwhile, has the old file or the new one. */
  private static void replace(Path file, byte[] bytes) throws IOException {
    Path beside = Files.createTempFile(file.toAbsolutePath().getParent(), ".cordon-fmt", ".tmp");
    try {
      Files.write(beside, bytes);
      PosixFileAttributeView view =
          Files.getFileAttributeView(beside, PosixFileAttributeView.class);
      if (view != null) {
        view.setPermissions(Files.getPosixFilePermissions(file));
      }
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(beside);
    }
  }
}
