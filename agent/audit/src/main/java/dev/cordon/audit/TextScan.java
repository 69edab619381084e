package dev.cordon.audit;

import dev.cordon.audit.TextRecords.TextRecord;
import dev.cordon.redaction.DataClass;
import dev.cordon.redaction.Kind;
import dev.cordon.redaction.OwnTypes;
import dev.cordon.redaction.RedactionPlan;
import dev.cordon.redaction.Redactor;
import dev.cordon.redaction.TypeSearch;
import dev.cordon.rules.RedactionPattern;
import dev.cordon.rules.RuleFileException;
import dev.cordon.rules.RuleSet;
import dev.cordon.rules.Surroundings;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
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

  /** For the types of {@code --types}, and for those of the file of {@code --rules}. */
  static Redactor redactor(Arguments given) throws UsageException, IOException {
    String rules = given.value("--rules");
    OwnTypes own = rules == null ? OwnTypes.NONE : ownTypes(Path.of(rules));
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    Set<String> names = new HashSet<>();
    for (String types : given.values("--types")) {
      for (String type : types.split(",", -1)) {
        if (own.indexOf(type.strip()) >= 0) {
          names.add(type.strip());
        } else {
          kinds.addAll(kinds(type.strip(), own));
        }
      }
    }
    if (given.values("--types").isEmpty()) {
      kinds = EnumSet.allOf(Kind.class);
      names.addAll(own.names());
    }
    return Redactor.forLogs(
        List.of(new RedactionPlan.Order(List.of(), kinds, names, RedactionPlan.Operator.TOKEN)),
        null,
        own);
  }

  private static Set<Kind> kinds(String type, OwnTypes own) throws UsageException {
    DataClass ofClass = DataClass.of(type);
    Set<Kind> ofType = ofClass == null ? Kind.ofType(type) : ofClass.kinds();
    if (ofType.isEmpty()) {
      Set<String> known = new TreeSet<>(TypeSearch.types());
      known.addAll(own.names());
      throw new UsageException(
          "--types: unknown type '"
              + type
              + "'; known are "
              + String.join(", ", known)
              + "; and the classes internal, confidential, restricted");
    }
    return ofType;
  }

  private static OwnTypes ownTypes(Path file) throws UsageException, IOException {
    RuleSet rules;
    try {
      rules = RuleSet.load(file, Surroundings.of(new RedactionDetector()));
    } catch (RuleFileException e) { // nothing was found: nothing was looked for
      throw new UsageException("--rules: this file has errors\n" + e);
    }
    List<OwnTypes.OwnType> own = new ArrayList<>();
    for (RedactionPattern pattern : rules.patterns()) {
      own.add(
          new OwnTypes.OwnType(
              pattern.name(),
              pattern.literals(),
              pattern.foldsCase(),
              pattern.maxChars(),
              pattern::find));
    }
    return OwnTypes.of(own);
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
