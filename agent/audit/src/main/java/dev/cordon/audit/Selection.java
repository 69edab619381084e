package dev.cordon.audit;

import dev.cordon.journal.JournalEntry;
import dev.cordon.journal.RecordKind;
import dev.cordon.journal.Vocabulary;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which records of a journal somebody wants. Of one option one word must fit, of all options given
 * each must; a {@code *} in a word stands for any characters.
 */
final class Selection {

  static final Set<String> OPTIONS =
      Set.of(
          "--kind",
          "--decision",
          "--rule",
          "--destination",
          "--actor",
          "--service",
          "--run",
          "--since",
          "--until");

  static final String HELP =
      """
            --kind K     only these kinds, for example call.request or call (all of that family)
            --decision D, --rule R, --destination HOST[:PORT], --actor A, --service S, --run RUN
                         only records that have it; * stands for any characters. Each of these,
                         and --kind, takes several with commas or by repeating the option
            --since T    from T on: 10m, 2h, 3d (ago), 2026-11-21, 2026-11-21T10:15 (local time),
                         2026-11-21T10:15:00Z
            --until T    before T
      """;

  private final List<String> kinds;
  private final List<String> decisions;
  private final List<String> rules;
  private final List<String> destinations;
  private final List<String> actors;
  private final List<String> services;
  private final List<String> runs;
  private final Instant since;
  private final Instant until;

  private Selection(Arguments given, Instant now) throws UsageException {
    kinds = kinds(given);
    decisions = words(given, "--decision");
    for (String decision : decisions) {
      if (decision.indexOf('*') < 0 && !Vocabulary.DECISION.knows(decision)) {
        throw new UsageException(
            "--decision " + decision + ": unknown; see the table of decisions in docs/cli.md");
      }
    }
    rules = words(given, "--rule");
    destinations = words(given, "--destination");
    actors = words(given, "--actor");
    services = words(given, "--service");
    runs = words(given, "--run");
    since = moment(given, "--since", now, Instant.MIN);
    until = moment(given, "--until", now, Instant.MAX);
    if (!since.isBefore(until)) {
      throw new UsageException("--until " + until + " is not after --since " + since);
    }
  }

  static Selection of(Arguments given) throws UsageException {
    return new Selection(given, Instant.now());
  }

  Instant since() {
    return since;
  }

  boolean hasEnd() {
    return !until.equals(Instant.MAX);
  }

  boolean wants(JournalEntry entry) {
    return !entry.time().isBefore(since)
        && entry.time().isBefore(until)
        && wantsKind(entry.kind())
        && any(decisions, entry.decision())
        && anyOf(rules, entry.rules())
        && anyHost(entry.destination())
        && any(actors, entry.actor().isEmpty() ? entry.instance().service() : entry.actor())
        && any(services, entry.instance().service())
        && any(runs, entry.instance().run());
  }

  /**
   * What was asked for, as options; told in reports, in exports and in the record of the access.
   */
  List<String> told() {
    List<String> told = new ArrayList<>();
    tell(told, "kind", kinds);
    tell(told, "decision", decisions);
    tell(told, "rule", rules);
    tell(told, "destination", destinations);
    tell(told, "actor", actors);
    tell(told, "service", services);
    tell(told, "run", runs);
    if (!since.equals(Instant.MIN)) {
      told.add("since=" + since);
    }
    if (hasEnd()) {
      told.add("until=" + until);
    }
    return told;
  }

  private static void tell(List<String> told, String name, List<String> words) {
    if (!words.isEmpty()) {
      told.add(name + "=" + String.join(",", words));
    }
  }

  private boolean wantsKind(RecordKind kind) {
    if (kinds.isEmpty()) {
      return kind != RecordKind.SEAL && kind != RecordKind.FORCE; // for programs
    }
    for (String wanted : kinds) {
      if (kind.label().equals(wanted) || kind.label().startsWith(wanted + ".")) {
        return true;
      }
    }
    return false;
  }

  private boolean anyHost(String destination) {
    if (destinations.isEmpty()) {
      return true;
    }
    int colon = destination.lastIndexOf(':');
    String host = colon < 0 ? destination : destination.substring(0, colon);
    return any(destinations, destination) || any(destinations, host);
  }

  private static boolean anyOf(List<String> wanted, List<String> texts) {
    if (wanted.isEmpty()) {
      return true;
    }
    for (String text : texts) {
      if (any(wanted, text)) {
        return true;
      }
    }
    return false;
  }

  private static boolean any(List<String> wanted, String text) {
    for (String one : wanted) {
      if (fits(one, text)) {
        return true;
      }
    }
    return wanted.isEmpty();
  }

  /** In time linear in both for one star, and never worse than their product. */
  static boolean fits(String pattern, String text) {
    int p = 0;
    int t = 0;
    int star = -1;
    int resume = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        resume = t;
      } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  private static Instant moment(Arguments given, String option, Instant now, Instant ifNone)
      throws UsageException {
    String text = given.value(option);
    return text == null ? ifNone : Since.parse(option, text, now, ZoneId.systemDefault());
  }

  private static List<String> words(Arguments given, String option) throws UsageException {
    List<String> words = new ArrayList<>();
    for (String list : given.values(option)) {
      for (String word : list.split(",", -1)) {
        if (word.isEmpty()) {
          throw new UsageException(option + " '" + list + "': a word is missing");
        }
        words.add(word);
      }
    }
    return words;
  }

  private static List<String> kinds(Arguments given) throws UsageException {
    List<String> kinds = words(given, "--kind");
    for (String kind : kinds) {
      boolean known = false;
      for (RecordKind one : RecordKind.values()) {
        known |= one.label().equals(kind) || one.label().startsWith(kind + ".");
      }
      if (!known) {
        throw new UsageException("--kind " + kind + ": unknown; known are " + labels());
      }
    }
    return kinds;
  }

  private static String labels() {
    List<String> labels = new ArrayList<>();
    for (RecordKind kind : RecordKind.values()) {
      if (kind != RecordKind.DICT_ADD) {
        labels.add(kind.label());
      }
    }
    return String.join(" ", labels);
  }
}
