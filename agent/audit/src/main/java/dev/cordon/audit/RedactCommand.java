package dev.cordon.audit;

import dev.cordon.audit.TextRecords.TextRecord;
import dev.cordon.redaction.Reach;
import dev.cordon.redaction.Redactor;
import dev.cordon.redaction.Scan;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;

/** {@code redact FILE}: a copy without personal data and secrets. */
final class RedactCommand {

  private static final String HELP =
      """
      usage: java -jar cordon.jar redact [OPTIONS] FILE|-

      Writes a copy of a text with placeholders, as [EMAIL], in place of personal data and
      secrets: one line out for each line in, all else byte for byte as it was.

        -o, --output OUT the file to write, put in place when it is complete; standard
                         output when not given
            --types T    only these, with commas: email,phone,pan,...; all when not given
            --rules FILE also what the patterns of a rule file match (redaction.patterns)
        -h, --help       this text

      exit codes: 0 done, 2 not done
      """;

  private static final int BUFFER_BYTES = 1 << 16;

  private RedactCommand() {}

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(HELP);
      return Exit.OK;
    }
    return Attempt.run("redact", err, () -> redact(arguments, out, err));
  }

  private static int redact(List<String> arguments, PrintStream out, PrintStream err)
      throws UsageException, IOException {
    Arguments given =
        Arguments.parse(arguments, Set.of(), Set.of("-o", "--output", "--types", "--rules"));
    Redactor redactor = TextScan.redactor(given);
    List<String> files = given.files();
    if (files.size() > 1) {
      throw new UsageException("one file at a time, not " + files.size());
    }
    String output = given.value("-o") != null ? given.value("-o") : given.value("--output");
    if (output == null) {
      TextScan.each(files.get(0), err, text -> write(redactor, files.get(0), text, out));
      if (out.checkError()) {
        throw new IOException("the output was closed before all was written");
      }
      return Exit.OK;
    }
    write(redactor, files.get(0), Path.of(output), err);
    return Exit.OK;
  }

  /** Who is interrupted leaves the file that was there before, or none. */
  private static void write(Redactor redactor, String file, Path output, PrintStream err)
      throws IOException, UsageException {
    if (Files.isDirectory(output)) {
      throw new UsageException("-o: " + output + " is a directory; name a file in it");
    }
    Path beside =
        output.resolveSibling(output.getFileName() + ".cordon-" + ProcessHandle.current().pid());
    try {
      try (OutputStream to =
          new BufferedOutputStream(
              Files.newOutputStream(
                  beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              BUFFER_BYTES)) {
        TextScan.each(file, err, text -> write(redactor, file, text, to));
      }
      Files.move(beside, output, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  private static void write(Redactor redactor, String file, TextRecord text, OutputStream to)
      throws IOException {
    Scan scan = redactor.find(text.text());
    if (scan.reach() == Reach.FAILED) {
      throw TextScan.unscannable(file, text);
    }
    String redacted = scan.findings().isEmpty() ? text.text() : redactor.line(text.text());
    to.write(redacted.getBytes(text.charset()));
    // a private key takes its line ends with it
    for (long missing = lineEnds(text.text()) - lineEnds(redacted); missing > 0; missing--) {
      to.write("\n".getBytes(text.charset()));
    }
  }

  private static long lineEnds(String text) {
    return text.chars().filter(c -> c == '\n').count();
  }
}
