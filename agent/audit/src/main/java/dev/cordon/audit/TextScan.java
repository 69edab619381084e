package dev.cordon.audit;

import dev.cordon.audit.TextRecords.TextRecord;
import dev.cordon.redaction.DataClass;
import dev.cordon.redaction.Kind;
import dev.cordon.redaction.Redactor;
import dev.cordon.redaction.TypeSearch;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What {@code scan} and {@code redact} share: which types, and a file record by record. */
final class TextScan {

  /** Does something with a record. */
  interface Work {
    void on(TextRecord text) throws IOException;
  }

  private TextScan() {}

  static Redactor redactor(Arguments given) throws UsageException {
    if (given.values("--types").isEmpty()) {
      return Redactor.forLogs(EnumSet.allOf(Kind.class));
    }
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    for (String types : given.values("--types")) {
      for (String type : types.split(",", -1)) {
        DataClass ofClass = DataClass.of(type.strip());
        Set<Kind> ofType = ofClass == null ? Kind.ofType(type.strip()) : ofClass.kinds();
        if (ofType.isEmpty()) {
          throw new UsageException(
              "--types: unknown type '"
                  + type.strip()
                  + "'; known are "
                  + String.join(", ", new TreeSet<>(TypeSearch.types()))
                  + "; and the classes internal, confidential, restricted");
        }
        kinds.addAll(ofType);
      }
    }
    return Redactor.forLogs(kinds);
  }

  /** A file, or standard input as {@code -}. */
  static void each(String file, PrintStream err, Work work) throws IOException, UsageException {
    if (file.equals("-")) {
      each("standard input", System.in, 0, err, work);
      return;
    }
    Path path = Path.of(file);
    if (Files.isDirectory(path)) {
      throw new UsageException(file + " is a directory; name the files in it");
    }
    try (InputStream in = Files.newInputStream(path)) {
      each(file, in, Files.size(path), err, work);
    }
  }

  private static void each(String name, InputStream in, long totalBytes, PrintStream err, Work work)
      throws IOException {
    Progress progress = new Progress(err, name, totalBytes, Terminal.isTerminal(2));
    try (TextRecords records = new TextRecords(name, in)) {
      for (@Nullable TextRecord next = records.next(); next != null; next = records.next()) {
        work.on(next);
        progress.at(records.bytes());
      }
    } finally {
      progress.done();
    }
  }

  static IOException unscannable(String file, TextRecord text) {
    return new IOException(file + ":" + text.line() + ": this line could not be scanned");
  }
}
