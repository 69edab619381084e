package dev.cordon.instrumentation;

import dev.cordon.bootstrap.Admission;
import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Header;
import dev.cordon.bootstrap.OutgoingCall;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A guard for logger tests: finds what is easy to tell apart, e-mail addresses at example.com (with
 * one letter outside of ASCII), sixteen digits and Bearer values; fails on demand.
 */
final class PatternGuard implements Gate.Guard {

  static final String WITHHELD = "[line withheld]";

  private static final Pattern SENSITIVE =
      Pattern.compile(
          "(?<mail>[A-Za-z0-9.\u00fc]+@example\\.com)|(?<card>\\b\\d{16}\\b)|(?<=Bearer )(?<token>[A-Za-z0-9]{12,})");

  final AtomicLong lines = new AtomicLong();
  final List<String> faults = new CopyOnWriteArrayList<>();
  volatile boolean isBroken;

  @Override
  public Admission admit(OutgoingCall call) {
    return Admission.unguarded();
  }

  @Override
  public Admission undecided(
      String library,
      @Nullable String method,
      @Nullable String url,
      List<Header> headers,
      Throwable fault) {
    faults.add(library + ": " + fault);
    return Admission.unguarded();
  }

  @Override
  public String line(String text) {
    lines.incrementAndGet();
    if (isBroken) {
      throw new IllegalStateException("broken on demand");
    }
    return redact(text);
  }

  static String redact(String text) {
    Matcher matcher = SENSITIVE.matcher(text);
    if (!matcher.find()) {
      return text;
    }
    return matcher.replaceAll(
        found ->
            matcher.group("mail") != null
                ? "[EMAIL]"
                : matcher.group("card") != null ? "[CARD]" : "[TOKEN]");
  }

  @Override
  public String unscannable(Throwable fault) {
    faults.add(fault.toString());
    return WITHHELD;
  }

  @Override
  public void fault(String where, Throwable fault) {
    faults.add(where + ": " + fault);
  }
}
