package dev.cordon.journal.isolated;

import java.text.ParseException;
import java.text.SimpleDateFormat;
import java.util.Date;
import java.util.Locale;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/**
 * Stands where Chronicle would make a {@code SimpleDateFormat} in a static initializer. Cordon
 * writes no dates through Chronicle; making one loads the calendars of the locale and fixes the
 * JVM's default time zone before the application's main can choose it.
 */
public final class LazyDateFormat {

  private final String pattern;
  private final @Nullable Locale locale;
  private @Nullable TimeZone zone;
  private @Nullable SimpleDateFormat format;

  public LazyDateFormat(String pattern) {
    this.pattern = pattern;
    this.locale = null;
  }

  public LazyDateFormat(String pattern, Locale locale) {
    this.pattern = pattern;
    this.locale = locale;
  }

  public synchronized void setTimeZone(TimeZone zone) {
    this.zone = zone;
  }

  public synchronized String format(Date date) {
    return made().format(date);
  }

  public synchronized Date parse(String text) throws ParseException {
    return made().parse(text);
  }

  private SimpleDateFormat made() {
    SimpleDateFormat made = format;
    if (made == null) {
      made = locale == null ? new SimpleDateFormat(pattern) : new SimpleDateFormat(pattern, locale);
      if (zone != null) {
        made.setTimeZone(zone);
      }
      format = made;
    }
    return made;
  }
}
