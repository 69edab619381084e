package dev.cordon.journal;

import dev.cordon.journal.evidence.EvidenceSealer;
import java.time.LocalDate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the journal tells of the keys for evidence. */
final class EvidenceNews implements EvidenceSealer.Listener {

  private final Predicate<JournalRecord> background;

  EvidenceNews(Predicate<JournalRecord> background) {
    this.background = background;
  }

  @Override
  public void made(byte[] pseudonym, long keyId, long day) {
    boolean unused =
        background.test(
            new JournalRecord(RecordKind.KEY_CREATE)
                .pseudonym(pseudonym)
                .own("key", Long.toHexString(keyId))
                .own("day", LocalDate.ofEpochDay(day).toString()));
  }

  @Override
  public boolean down(Throwable why) {
    return background.test(fault().error(why.getClass().getName()));
  }

  @Override
  public boolean leftOut(long records, @Nullable String why) {
    JournalRecord fault = fault().attribute("left-out", records);
    return background.test(why == null ? fault : fault.error(why));
  }

  @Override
  public boolean foreign(String provider) {
    return background.test(fault().own("no-provider", provider));
  }

  private static JournalRecord fault() {
    return new JournalRecord(RecordKind.AGENT_FAULT).attribute("part", "evidence");
  }
}
