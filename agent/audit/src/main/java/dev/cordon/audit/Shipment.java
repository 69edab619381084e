package dev.cordon.audit;

import dev.cordon.journal.JournalEntry;
import dev.cordon.journal.JournalTailer;
import dev.cordon.journal.seal.AtomicFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far one journal directory has come on its way to a receiver. The place is kept in a file of
 * its own, replaced as a whole after the receiver has what is before it:
 *
 * <pre>
 *  cordon ship 1
 *  to https://logs.example.com/v1/logs
 *  log cordon/crm/20261122T081500.123Z-p4711-000
 *  next 1024
 * </pre>
 */
final class Shipment implements Closeable {
  private static final int MAX_STATE_BYTES = 4_096;
  private static final int PLACES_A_STATE = 10_000; // of records that nobody wants

  private final Path log;
  private final String origin;
  private final Path state;
  private final String to;
  private final Selection selection;
  private long next; // first place that the receiver does not have
  private long saved;
  private long seen; // first place that was not read
  private boolean ended; // and nobody writes there any more
  private boolean live;
  private @Nullable JournalTailer tailer;
  private String problem = "";
  private String pruned = "";

  /**
   * @param to the receiver
   */
  Shipment(Path log, Path states, String to, Selection selection)
      throws IOException, UsageException {
    this.log = log;
    this.origin = Exported.origin(log);
    this.state = states.resolve(Exported.prefix(log) + ".next");
    this.to = to;
    this.selection = selection;
    this.next = read();
    this.saved = next;
  }

  private long read() throws IOException, UsageException {
    if (!Files.exists(state)) {
      return 0;
    }
    String text =
        Files.size(state) > MAX_STATE_BYTES
            ? ""
            : new String(Files.readAllBytes(state), StandardCharsets.UTF_8);
    String head = head();
    String digits = text.startsWith(head) ? text.substring(head.length()).stripTrailing() : "";
    if (!digits.matches("[0-9]{1,18}")) {
      throw new UsageException(
          state
              + " is not of "
              + origin
              + " on its way to "
              + to
              + " with this selection; name another --state");
    }
    return Long.parseLong(digits);
  }

  private String head() {
    return "cordon ship 1\nto "
        + Plain.text(to)
        + "\nlog "
        + Plain.text(origin)
        + "\nselection "
        + Plain.text(Journals.told(selection))
        + "\nnext ";
  }

  String origin() {
    return origin;
  }

  /** Why no more of it is shipped; empty while it is in order. */
  String problem() {
    return problem;
  }

  /** What is gone and was perhaps not sent; empty if nothing is, or when it was told. */
  String takePruned() {
    String told = pruned;
    pruned = "";
    return told;
  }

  /** Whether somebody wrote there when it was last looked at. */
  boolean isLive() {
    return live;
  }

  /**
   * The next records that the receiver does not have, at most so many; none when there are none at
   * the moment.
   */
  List<JournalEntry> next(int most) throws IOException {
    List<JournalEntry> batch = new ArrayList<>();
    if (ended || !problem.isEmpty()) {
      return batch;
    }
    JournalTailer from = tailer;
    if (from == null) {
      from = JournalTailer.open(log);
      tailer = from;
      seen = JournalTailer.firstIndex(log);
      if (seen > next) {
        pruned = "those before " + seen + " were pruned, those before " + next + " were sent";
        next = seen;
      }
    }
    live = JournalTailer.isLive(log); // asked before it is read to its end
    while (batch.size() < most) {
      JournalEntry entry = from.poll();
      if (from.damaged() > 0) {
        problem = Journals.problem(from);
        break;
      }
      if (entry == null) {
        atTheEnd(batch.isEmpty());
        break;
      }
      seen = entry.index() + 1;
      if (entry.index() >= next && selection.wants(entry)) {
        batch.add(entry);
      }
      if (batch.isEmpty() && seen - next >= PLACES_A_STATE) {
        next = seen; // nothing in between is wanted
      }
    }
    return batch;
  }

  private void atTheEnd(boolean nothing) throws IOException {
    if (live) {
      return;
    }
    if (seen < next) {
      problem = log + " ends at " + seen + ", and " + next + " records of it were shipped";
    } else if (nothing) {
      ended = true;
      close();
    }
  }

  /** The receiver has everything before the one after this. */
  void has(JournalEntry entry) throws IOException {
    next = entry.index() + 1;
    save();
  }

  private void save() throws IOException {
    if (saved != next) {
      AtomicFile.write(state, (head() + next + "\n").getBytes(StandardCharsets.UTF_8));
      saved = next;
    }
  }

  @Override
  public void close() throws IOException {
    save();
    JournalTailer open = tailer;
    tailer = null;
    if (open != null) {
      open.close();
    }
  }
}
