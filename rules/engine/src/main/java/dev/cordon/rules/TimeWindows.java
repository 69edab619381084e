package dev.cordon.rules;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code time in (mon-fri 08:00-18:00 Europe/Berlin | sat 10:00-14:00 Europe/Berlin)}. A window
 * that ends before it begins goes on past midnight and belongs to the day on which it began.
 */
final class TimeWindows {
  private static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");
  private static final int MINUTES_PER_DAY = 24 * 60;
  private static final long MS_PER_MINUTE = 60_000;

  /**
   * One window.
   *
   * @param days bit 0 is Monday
   * @param to exclusive; at most {@code from} when it goes past midnight
   */
  private record Window(int days, int from, int to, ZoneId zone) {
    boolean contains(Instant now) {
      ZonedDateTime there = now.atZone(zone);
      int minute = there.getHour() * 60 + there.getMinute();
      DayOfWeek day = there.getDayOfWeek();
      if (from < to) {
        return has(day) && minute >= from && minute < to;
      }
      return (has(day) && minute >= from) || (has(day.minus(1)) && minute < to);
    }

    private boolean has(DayOfWeek day) {
      return (days & 1 << (day.getValue() - 1)) != 0;
    }
  }

  /** The answer for one minute: windows begin and end with minutes. */
  private record Known(long minute, Truth truth) {}

  private final List<String> texts;
  private final List<Window> windows;
  private volatile Known known = new Known(Long.MIN_VALUE, Truth.UNKNOWN);

  private TimeWindows(List<String> texts, List<Window> windows) {
    this.texts = List.copyOf(texts);
    this.windows = windows;
  }

  /** What is wrong with a window, or null. */
  static @Nullable String wrong(String text) {
    return read(text) instanceof String wrong ? wrong : null;
  }

  static TimeWindows of(List<String> texts) {
    return new TimeWindows(texts, texts.stream().map(text -> (Window) read(text)).toList());
  }

  /** A Window, or what is wrong with the text. */
  private static Object read(String text) {
    String[] words = text.strip().split(" +", -1);
    if (words.length < 2 || words.length > 3) {
      return "write days, hours and a time zone";
    }
    int days = words.length == 3 ? days(words[0]) : (1 << DAYS.size()) - 1;
    if (days == 0) {
      return "'" + words[0] + "' are no days; write mon-fri, or sat,sun";
    }
    String hours = words[words.length - 2];
    int dash = hours.indexOf('-');
    int from = dash < 0 ? -1 : minute(hours.substring(0, dash));
    int to = dash < 0 ? -1 : minute(hours.substring(dash + 1));
    if (from < 0 || to < 0 || from == MINUTES_PER_DAY || from == to) {
      return "'" + hours + "' are no hours; write 08:00-18:00";
    }
    String zone = words[words.length - 1];
    // the short names (EST) and offsets know no summer time
    if (!zone.equals("UTC") && !(zone.contains("/") && known(zone))) {
      return "'" + zone + "' is no time zone; write Europe/Berlin or UTC";
    }
    return new Window(days, from, to, ZoneId.of(zone));
  }

  private static boolean known(String zone) {
    Set<String> zones = ZoneId.getAvailableZoneIds();
    return zones.contains(zone) && !zone.startsWith("Etc/") && !zone.startsWith("SystemV/");
  }

  private static int days(String text) {
    int days = 0;
    for (String part : text.toLowerCase(Locale.ROOT).split(",", -1)) {
      int dash = part.indexOf('-');
      int first = DAYS.indexOf(dash < 0 ? part : part.substring(0, dash));
      int last = dash < 0 ? first : DAYS.indexOf(part.substring(dash + 1));
      if (first < 0 || last < 0) {
        return 0;
      }
      for (int day = first; ; day = (day + 1) % DAYS.size()) { // sat-mon goes round the week
        days |= 1 << day;
        if (day == last) {
          break;
        }
      }
    }
    return days;
  }

  private static int minute(String text) {
    if (!text.matches("[0-2][0-9]:[0-5][0-9]")) {
      return -1;
    }
    int minute = Integer.parseInt(text.substring(0, 2)) * 60 + Integer.parseInt(text.substring(3));
    return minute <= MINUTES_PER_DAY ? minute : -1;
  }

  /** The windows as the rule has them. */
  List<String> texts() {
    return texts;
  }

  @Override
  public String toString() {
    return windows.toString();
  }

  /** Whether a time is within the windows. */
  Truth at(long epochMs) {
    long minute = Math.floorDiv(epochMs, MS_PER_MINUTE);
    Known last = known;
    if (last.minute == minute) {
      return last.truth;
    }
    Instant instant = Instant.ofEpochMilli(epochMs);
    Truth truth = Truth.FALSE;
    for (int i = 0; i < windows.size() && truth == Truth.FALSE; i++) {
      truth = Truth.of(windows.get(i).contains(instant));
    }
    known = new Known(minute, truth);
    return truth;
  }

  /** True for every moment of a window. */
  boolean contains(Instant instant) {
    for (Window window : windows) {
      if (window.contains(instant)) {
        return true;
      }
    }
    return false;
  }

  /** The moments from one day on at which windows may begin or end. */
  void addChanges(Instant from, int days, Set<Instant> changes) {
    for (Window window : windows) {
      ZonedDateTime day = from.atZone(window.zone).truncatedTo(ChronoUnit.DAYS);
      for (int i = -1; i <= days; i++) {
        changes.add(day.plusDays(i).plusMinutes(window.from).toInstant());
        changes.add(day.plusDays(i).plusMinutes(window.to).toInstant());
        changes.add(
            day.plusDays(i).withHour(window.from / 60).withMinute(window.from % 60).toInstant());
        changes.add(
            day.plusDays(i).withHour(window.to / 60 % 24).withMinute(window.to % 60).toInstant());
      }
      ZoneOffsetTransition next = window.zone.getRules().nextTransition(from);
      for (int i = 0; i < days / 100 && next != null; i++) {
        changes.add(next.getInstant());
        next = window.zone.getRules().nextTransition(next.getInstant());
      }
    }
  }
}
