package dev.cordon.audit;

import dev.cordon.journal.JournalEntry;
import dev.cordon.journal.evidence.EvidenceReader;
import dev.cordon.journal.evidence.SealedEvidence;
import dev.cordon.journal.evidence.SubjectKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What a reader without a key says of evidence: that it is encrypted, or that its key was
 * destroyed, when and why. For one thread.
 */
final class EvidenceTold implements JsonPrinter.EvidenceText {

  private static final long FRESH_NS = 1_000_000_000L; // somebody may be erased meanwhile

  private record Known(EvidenceReader reader, long sinceNs) {}

  private final Map<Path, Known> byParent = new HashMap<>();

  /** What stands where there is none, though there could have been. */
  static String none(JournalEntry entry) {
    String why = entry.noEvidence();
    return why.isEmpty() ? "" : "[no evidence: " + why + "]";
  }

  @Override
  public String of(JournalEntry entry) {
    SealedEvidence sealed = entry.evidence();
    if (sealed == null) {
      return none(entry);
    }
    Path directory = entry.directory().toAbsolutePath();
    Path parent = directory.getParent() == null ? directory : directory.getParent();
    Known known = byParent.get(parent);
    if (known == null || System.nanoTime() - known.sinceNs() > FRESH_NS) {
      try {
        known = new Known(EvidenceReader.withoutKey(SubjectKeys.above(parent)), System.nanoTime());
      } catch (IOException e) {
        return "[encrypted; " + Plain.text(String.valueOf(e.getMessage())) + "]";
      }
      byParent.put(parent, known);
    }
    return known.reader().open(sealed).told();
  }
}
