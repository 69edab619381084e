package dev.cordon.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.journal.JournalStatus;
import dev.cordon.journal.JournalStatus.State;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class JournalWatchTest {
  private static final long SECOND_NS = 1_000_000_000L;

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private JournalStatus status = status(State.OPENING, 0, "");
  private long nowNs = 5;
  private final JournalWatch watch =
      new JournalWatch(() -> status, () -> nowNs, new Console(new PrintStream(err, true, UTF_8)));

  private static JournalStatus status(State state, long lost, String problem) {
    return new JournalStatus(state, 0, lost, 0, 1, 0, problem);
  }

  private List<String> look(State state, long lost, String problem) {
    status = status(state, lost, problem);
    err.reset();
    nowNs += SECOND_NS;
    assertEquals(state != State.CLOSED, watch.look());
    return err.toString(UTF_8).lines().toList();
  }

  @Test
  void aJournalThatWorksIsNotTalkedAbout() {
    assertEquals(List.of(), look(State.OPENING, 0, ""));
    assertEquals(List.of(), look(State.RUNNING, 0, ""));
    assertEquals(List.of(), look(State.RUNNING, 3, "once"));
    assertEquals(List.of(), look(State.CLOSED, 3, ""));
  }

  @Test
  void aJournalThatFailsIsToldOnceAndThenWhatItLost() {
    look(State.RUNNING, 2, "");
    List<String> told = look(State.FULL, 2, "No space left on device");
    assertEquals(1, told.size(), told::toString);
    assertTrue(told.get(0).contains("TAKES NO RECORDS: No space left on device"), told::toString);
    assertEquals(List.of(), look(State.FULL, 5, "No space left on device"));
    assertEquals(List.of(), look(State.BROKEN, 9, "No space left on device"));
    assertEquals(
        List.of("cordon: the journal takes records again; 7 were lost"),
        look(State.RUNNING, 9, ""));
    assertFalse(look(State.BROKEN, 9, "gone").isEmpty(), "the next time is told again");
  }

  @Test
  void aJournalThatDoesNotOpenIsTold() {
    for (int i = 0; i < 9; i++) {
      assertEquals(List.of(), look(State.OPENING, 0, ""));
    }
    assertFalse(look(State.OPENING, 0, "").isEmpty());
    assertEquals(List.of(), look(State.OPENING, 0, ""));
  }

  @Test
  void whatStaysBrokenIsToldAgainLater() {
    assertFalse(look(State.BROKEN, 0, "gone").isEmpty());
    assertEquals(List.of(), look(State.BROKEN, 0, "gone"));
    nowNs += JournalWatch.REMIND_NS;
    assertFalse(look(State.BROKEN, 0, "gone").isEmpty());
  }

  @Test
  void recordsThatAreUnderWayAreNotTakenForUnwritten() {
    AtomicInteger left = new AtomicInteger(4);
    JournalStatus settled =
        JournalWatch.settled(() -> waiting(State.RUNNING, left.decrementAndGet()), 60 * SECOND_NS);
    assertEquals(0, settled.waiting());
    left.set(3);
    settled =
        JournalWatch.settled(() -> waiting(State.OPENING, left.decrementAndGet()), 60 * SECOND_NS);
    assertEquals(0, settled.waiting());
    assertEquals(7, JournalWatch.settled(() -> waiting(State.RUNNING, 7), 1).waiting());
    assertEquals(7, JournalWatch.settled(() -> waiting(State.FULL, 7), Long.MAX_VALUE).waiting());
  }

  private static JournalStatus waiting(State state, int records) {
    return new JournalStatus(state, 0, 0, records, 1, 0, "");
  }
}
