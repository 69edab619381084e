package dev.cordon.journal;

import java.nio.file.Path;
import java.util.List;

/**
 * What {@link JournalVerifier} found.
 *
 * @param logs one for each directory, the newest first
 * @param findings in all directories and beside them
 */
public record Verification(List<Log> logs, List<Finding> findings) {

  /** How far one can rely on the records. */
  public enum Level {
    /** Not even that. */
    NONE,
    /** Well formed and gapless. */
    L1,
    /** And signed by a key that was given. */
    L2,
    /** And the continuation of what somebody else remembers. */
    L3
  }

  /** What a finding means; the order is that of the exit codes. */
  public enum Kind {
    TAMPERED,
    CANNOT_TELL,
    GAP,
    NOTE
  }

  /**
   * One thing to tell.
   *
   * @param place file and position, or the directory
   */
  public record Finding(Kind kind, String place, String text) {}

  /**
   * One directory.
   *
   * @param from the first record that was read now; those before were verified earlier
   * @param signed records under a good signature
   * @param witnessed records under a root that somebody else remembers
   * @param lateFrom the first record that was sealed late; {@code records} if none was
   */
  public record Log(
      Path directory,
      String origin,
      Level level,
      long records,
      long from,
      long signed,
      String signer,
      long witnessed,
      long lateFrom) {

    /** As it is, with something beside it that takes all of it away. */
    Log withoutLevel() {
      return new Log(
          directory, origin, Level.NONE, records, from, signed, signer, witnessed, lateFrom);
    }
  }

  public Verification {
    logs = List.copyOf(logs);
    findings = List.copyOf(findings);
  }

  /** Of the weakest directory. */
  public Level level() {
    Level least = logs.isEmpty() ? Level.NONE : Level.L3;
    for (Log log : logs) {
      least = log.level().compareTo(least) < 0 ? log.level() : least;
    }
    return least;
  }

  public long records() {
    long records = 0;
    for (Log log : logs) {
      records += log.records();
    }
    return records;
  }

  /** 0 ok, 1 tampered, 2 cannot tell, 3 ok with gaps. */
  public int exit() {
    Kind worst = Kind.NOTE;
    for (Finding finding : findings) {
      worst = finding.kind().compareTo(worst) < 0 ? finding.kind() : worst;
    }
    return switch (worst) {
      case TAMPERED -> 1;
      case CANNOT_TELL -> 2;
      case GAP -> 3;
      case NOTE -> 0;
    };
  }
}
