package dev.cordon.launcher;

import dev.cordon.enforcement.CallGuard;
import dev.cordon.enforcement.Recorder;
import dev.cordon.journal.Appended;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.Level;
import dev.cordon.journal.RecordKind;
import dev.cordon.rules.RuleSet;
import dev.cordon.rules.Waiver;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Journals which rules are waived: when rules come into force, and again each day (UTC), so that
 * nobody has to go back for months to learn of one. For one thread at a time.
 */
final class WaiverRecords {
  private final CallGuard guard;
  private final Recorder recorder;
  private final InstantSource clock;
  private @Nullable LocalDate told; // the last day of which all is told

  WaiverRecords(CallGuard guard, Recorder recorder, InstantSource clock) {
    this.guard = guard;
    this.recorder = recorder;
    this.clock = clock;
  }

  /** Tells the waivers of the rules that are in force now. */
  void tell() {
    Instant now = clock.instant();
    RuleSet rules = guard.rules();
    boolean all = true;
    for (Waiver waiver : rules.waivers()) {
      if (!waiver.isOver(now)) {
        all &= recorder.append(record(rules, waiver), Level.ACCEPTED, 0) != Appended.FAILED;
      }
    }
    told = all ? day(now) : null;
  }

  /** Tells them once more when another day has begun, or when no journal took them before. */
  void tellDaily() {
    if (!day(clock.instant()).equals(told)) {
      tell();
    }
  }

  private static LocalDate day(Instant now) {
    return now.atOffset(ZoneOffset.UTC).toLocalDate();
  }

  private static JournalRecord record(RuleSet rules, Waiver waiver) {
    return new JournalRecord(RecordKind.POLICY_WAIVE)
        .policy(Long.parseUnsignedLong(rules.digest().substring(0, 16), 16))
        .rules(List.of(waiver.rule()))
        .attribute("ticket", waiver.ticket())
        .attribute("until", waiver.until().toString());
  }
}
