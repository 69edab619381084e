package dev.cordon.journal;

import dev.cordon.journal.evidence.SealedEvidence;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One record as it was read. A text is empty, a number -1 and a list empty where the record has
 * nothing.
 *
 * @param kindCode the byte in the record; tells kinds of later releases apart, which are {@link
 *     RecordKind#UNKNOWN}
 * @param n gapless in one instance; a record that was written again into a new directory keeps its
 *     number
 * @param upMs milliseconds since the agent's start, which no clock change moves
 * @param policy first 8 bytes of the rule file's digest, 0 if none
 * @param trace the W3C trace that the call is a part of, 32 hex digits
 * @param span the caller's span in it, 16 hex digits
 * @param status HTTP status, 0 if none
 * @param truncated something did not fit into the record
 * @param route the path with {@code *} for what is no word of an API
 * @param operations what a body of GraphQL, JSON-RPC or SOAP asked for
 * @param decidedFor the host and port that a Host header named, where the decision is the one for
 *     them
 * @param money null: none, or not known
 * @param basis null: not in the record, which is of an earlier release or of no call
 * @param subject the pseudonym of whom the call is about, in hex
 * @param evidence null: none
 * @param evidenceLeftOut it was to have evidence, or a pseudonym, and there was no key in time, or
 *     nobody waited for the record
 * @param index the record's place in the log of its directory, from 0; -1: not known
 */
public record JournalEntry(
    RecordKind kind,
    int kindCode,
    long n,
    Instant time,
    long upMs,
    Instance instance,
    @Nullable UUID requestId,
    String trace,
    String span,
    String library,
    String destination,
    String method,
    String operation,
    String callClass,
    String decision,
    List<String> rules,
    String reason,
    long policy,
    List<String> fields,
    Map<String, Integer> findings,
    long requestBytes,
    long responseBytes,
    int status,
    String error,
    long latencyNs,
    long costNs,
    boolean observe,
    boolean truncated,
    Map<String, String> attributes,
    String actor,
    String route,
    List<String> operations,
    String decidedFor,
    @Nullable Amount money,
    @Nullable Basis basis,
    String subject,
    @Nullable SealedEvidence evidence,
    boolean evidenceLeftOut,
    Path directory,
    long index) {

  /**
   * What the log calls itself that the record is in; with the index, the record's name for good.
   */
  public String origin() {
    return Seal.origin(directory);
  }

  /** Why it has no evidence although it was to have; empty: it has, or there was nothing. */
  public String noEvidence() {
    return evidence != null
        ? ""
        : evidenceLeftOut
            ? "no key in time"
            : attributes.getOrDefault(JournalRecord.NO_EVIDENCE, "");
  }

  /** By how many bytes its evidence is shorter than what it is of. */
  public long evidenceCutBytes() {
    String cut = attributes.getOrDefault(JournalRecord.EVIDENCE_CUT, "");
    return cut.matches("[0-9]{1,18}") ? Long.parseLong(cut) : 0;
  }

  /** Who wrote it: one start of one JVM. */
  public record Instance(
      String service, String environment, String host, String pid, String version, String run) {

    static final Instance UNKNOWN = new Instance("", "", "", "", "", "");
  }
}
