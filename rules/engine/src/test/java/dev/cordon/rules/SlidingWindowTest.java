package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class SlidingWindowTest {
  private static final long WITHIN = 64_000;

  record Event(long at, long amount) {}

  /** Against a list of all events: never less than what is in the window, little more. */
  @RepeatedTest(20)
  void nothingIsForgottenEarlyAndLittleLate() {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    Random random = new Random(seed);
    SlidingWindow window = new SlidingWindow();
    List<Event> events = new ArrayList<>();
    long now = random.nextBoolean() ? Long.MAX_VALUE - WITHIN : random.nextInt();
    for (int i = 0; i < 2_000; i++) {
      now += random.nextInt(4) == 0 ? random.nextInt(9_000) : random.nextInt(200);
      if (random.nextInt(5) == 0 && !events.isEmpty()) {
        Event gone = events.remove(random.nextInt(events.size()));
        window.take(gone.at, gone.amount);
      } else {
        Event event = new Event(now, 1 + random.nextInt(100));
        window.used(now, WITHIN);
        window.add(now, WITHIN, event.amount);
        events.add(event);
      }
      long used = window.used(now, WITHIN);
      long at = now;
      long least = sum(events, at, WITHIN);
      long most = sum(events, at, WITHIN + WITHIN / 64 + 1);
      assertTrue(
          used >= least && used <= most,
          () -> "-Dcordon.seed=" + seed + ": " + used + " not in " + least + ".." + most);
      events.removeIf(event -> at - event.at > 3 * WITHIN);
    }
  }

  private static long sum(List<Event> events, long now, long within) {
    return events.stream().filter(event -> now - event.at < within).mapToLong(Event::amount).sum();
  }

  @Test
  void aSumThatOverflowsStaysAtTheGreatest() {
    SlidingWindow window = new SlidingWindow();
    window.add(1, WITHIN, Long.MAX_VALUE - 1);
    window.add(2, WITHIN, Long.MAX_VALUE - 1);
    assertEquals(Long.MAX_VALUE, window.used(2, WITHIN));
  }
}
