package dev.cordon.audit;

import dev.cordon.journal.JournalEntry;
import dev.cordon.journal.JournalTailer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One journal directory on its way to a receiver. */
final class Shipment implements Closeable {
  private static final int PLACES_A_STATE = 10_000; // of records that nobody wants
  private static final long SETTLE_NS = 300_000_000L; // what was written last shows by then
  private static final long PATIENCE_NS = 15_000_000_000L; // a reader opens again within 5 s

  private final Path log;
  private final String origin;
  private final Places places;
  private final Selection selection;
  private long next; // first place that the receiver does not have
  private long saved;
  private long seen; // first place that was not read
  private boolean ended; // and nobody writes there any more
  private boolean live;
  private long diedNs; // when it was no longer live; 0 if it never was
  private long unreadNs; // since when it cannot be read; 0 while it can
  private @Nullable JournalTailer tailer;
  private String problem = "";
  private String pruned = "";
  private long missed;

  Shipment(Path log, Places places, Selection selection) throws IOException, UsageException {
    this.log = log;
    this.origin = Exported.origin(log);
    this.places = places;
    this.selection = selection;
    this.next = places.next(log);
    this.saved = next;
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

  /** Places whose records were pruned before they were sent, as far as this run knows. */
  long missed() {
    return missed;
  }

  /** Whether it is too early to say that there is no more of it: it is to be asked again. */
  boolean isUnsure() {
    return problem.isEmpty() && !ended && !live;
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
    }
    boolean wasLive = live;
    live = JournalTailer.isLive(log); // asked before it is read to its end
    diedNs = live ? 0 : wasLive ? System.nanoTime() : diedNs;
    while (batch.size() < most) {
      JournalEntry entry = from.poll();
      if (from.damaged() > 0) {
        problem = Journals.problem(from);
        break;
      }
      if (entry == null) {
        atTheEnd(from, batch.isEmpty());
        break;
      }
      if (entry.index() != seen) { // a name was taught there, or files went
        tellPruned(entry.index());
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

  /** What went before it was sent, of the places before this one. */
  private void tellPruned(long before) throws IOException {
    long from = Math.max(seen, next);
    long gone = Math.min(JournalTailer.firstIndex(log), before);
    seen = Math.max(seen, gone);
    if (gone > from) {
      missed += gone - from;
      pruned +=
          (pruned.isEmpty() ? "" : "; ")
              + "those from "
              + from
              + " to "
              + (gone - 1)
              + " were pruned before they were sent";
    }
  }

  private void atTheEnd(JournalTailer from, boolean nothing) throws IOException {
    long nowNs = System.nanoTime();
    if (!from.isAtEnd()) {
      unreadNs = unreadNs == 0 ? nowNs : unreadNs;
      if (nowNs - unreadNs >= PATIENCE_NS) {
        problem = Journals.problem(from);
      }
      return;
    }
    unreadNs = 0;
    if (live || diedNs != 0 && nowNs - diedNs < SETTLE_NS) {
      return;
    }
    tellPruned(Long.MAX_VALUE);
    if (seen < next) {
      problem = log + " ends at " + seen + ", and " + next + " records of it were shipped";
    } else if (nothing) {
      next = seen; // nothing behind what was sent is wanted
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
      places.save(log, next);
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
