package dev.cordon.rules;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** Reads {@code waive}: rules of lower layers that only say what they would do, for a while. */
final class WaiverReader {
  private static final int MAX_DAYS = 90;

  private final Draft draft;
  private final Problems problems;

  WaiverReader(Draft draft) {
    this.draft = draft;
    problems = draft.problems;
  }

  void read(Section file) {
    YamlNode waive = file.take("waive");
    if (waive == null) {
      return;
    }
    if (waive instanceof YamlNode.Items list) {
      for (YamlNode item : list.items()) {
        readOne(Section.of("the waiver", item, problems));
      }
    } else {
      readOne(Section.of("the waiver", waive, problems));
    }
  }

  private void readOne(Section section) {
    YamlNode.Scalar id = section.required("rule", "the id of a rule of a lower layer");
    section.required("why", "who reads it later wants to know");
    YamlNode.Scalar ticket = section.required("ticket", "where it was decided");
    YamlNode.Scalar until = section.required("until", "the last day, as in: until: 2026-12-31");
    section.done();
    LocalDate day = until == null ? null : RuleReader.date(until, problems);
    if (id == null || ticket == null || until == null || day == null) {
      return;
    }
    LocalDate today = RuleReader.today(draft.surroundings);
    if (ChronoUnit.DAYS.between(today, day) > MAX_DAYS) {
      problems.error(
          until.at(),
          "CRD211",
          "a waiver lasts at most " + MAX_DAYS + " days",
          "renew it, or change the rule");
      return;
    }
    String refused = refused(id);
    if (refused != null) {
      problems.error(id.at(), "CRD211", refused, "change the rule where it stands");
      return;
    }
    if (day.isBefore(today)) {
      problems.warning(
          until.at(), "CRD213", "the waiver of '" + id.text() + "' is over", "take it out");
      return;
    }
    Draft.Entry entry = draft.rules.get(id.text());
    if (entry != null) {
      long untilMs = day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
      if (untilMs > entry.rule().waivedUntilMs()) {
        Rule waived = entry.rule().with(0, 0, untilMs);
        draft.rules.put(id.text(), new Draft.Entry(waived, entry.to(), entry.layer()));
        draft.waiverTickets.put(id.text(), ticket.text());
      }
    }
  }

  private @org.jspecify.annotations.Nullable String refused(YamlNode.Scalar id) {
    Draft.Entry entry = draft.rules.get(id.text());
    if (entry == null || entry.layer() >= draft.layer) {
      return "no lower layer has a rule '" + id.text() + "'";
    }
    if (entry.rule().effect() == Effect.FORBID) {
      return "'" + id.text() + "' forbids, and that cannot be waived";
    }
    if (entry.rule().allows()) {
      return "'" + id.text() + "' allows: there is nothing to waive";
    }
    return draft.locked.contains(entry.layer())
        ? "'" + id.text() + "' stands in " + entry.rule().file() + ", which is locked"
        : null;
  }
}
