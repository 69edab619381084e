package dev.cordon.audit;

import dev.cordon.journal.seal.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Places in files beside each other, one for each journal, replaced as a whole after the receiver
 * has what is before it:
 *
 * <pre>
 *  cordon ship 1
 *  to https://logs.example.com/v1/logs
 *  log cordon/crm/20261122T081500.123Z-p4711-000
 *  selection all records
 *  next 1024
 * </pre>
 */
final class PlaceFiles implements Places {
  private static final int MAX_STATE_BYTES = 4_096;

  private final Path states;
  private final String to;
  private final Selection selection;

  /**
   * @param to the receiver
   */
  PlaceFiles(Path states, String to, Selection selection) {
    this.states = states;
    this.to = to;
    this.selection = selection;
  }

  @Override
  public long next(Path log) throws IOException, UsageException {
    Path state = file(log);
    if (!Files.exists(state)) {
      return 0;
    }
    String text =
        Files.size(state) > MAX_STATE_BYTES
            ? ""
            : new String(Files.readAllBytes(state), StandardCharsets.UTF_8);
    String head = head(log);
    String digits = text.startsWith(head) ? text.substring(head.length()).stripTrailing() : "";
    if (!digits.matches("[0-9]{1,18}")) {
      throw new UsageException(
          state
              + " is not of "
              + Exported.origin(log)
              + " on its way to "
              + to
              + " with this selection; name another --state");
    }
    return Long.parseLong(digits);
  }

  @Override
  public void save(Path log, long next) throws IOException {
    AtomicFile.write(file(log), (head(log) + next + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private Path file(Path log) {
    return states.resolve(Exported.prefix(log) + ".next");
  }

  private String head(Path log) {
    return "cordon ship 1\nto "
        + Plain.text(to)
        + "\nlog "
        + Plain.text(Exported.origin(log))
        + "\nselection "
        + Plain.text(Journals.told(selection))
        + "\nnext ";
  }
}
