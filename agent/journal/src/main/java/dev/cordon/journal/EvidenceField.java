package dev.cordon.journal;

import dev.cordon.journal.evidence.EvidenceKey;
import dev.cordon.journal.evidence.EvidenceSealer;
import dev.cordon.journal.evidence.SealedEvidence;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Puts a person's pseudonym and evidence behind a record that is encoded, on the threads that
 * write. Evidence is never in a record but encrypted: what cannot be encrypted is left out.
 *
 * <pre>
 *  15  pseudonym (16)
 *  35  key id (8)  nonce (12)  ciphertext  tag (16)        AES-256-GCM
 * </pre>
 *
 * <p>What it opens with is the fixed part of its record, without number and checksum, which are not
 * known yet, then pseudonym and key id: beside another call it does not open.
 */
final class EvidenceField {

  static final int OVERHEAD_BYTES = 8 + EvidenceSealer.NONCE_BYTES + EvidenceSealer.OVERHEAD_BYTES;

  private static final long DAY_US = 86_400_000_000L;
  private static final int BEFORE_N_BYTES = Layout.N;
  private static final int AFTER_N_BYTES = Layout.CRC - Layout.TIME_US;

  /**
   * What a record is to have.
   *
   * @param text null: the pseudonym only
   */
  record Plain(String subject, byte @Nullable [] text) {
    /** Null when there is nothing to add. */
    static @Nullable Plain of(JournalRecord record) {
      String subject = record.subject;
      return subject == null || subject.isBlank() ? null : new Plain(subject, record.evidence);
    }

    /** Without the text, which the record tells. */
    Plain leftOut(byte[] record, @Nullable EvidenceSealer sealer) {
      if (text == null) {
        return this;
      }
      flag(record);
      if (sealer != null) {
        sealer.leftOut();
      }
      return new Plain(subject, null);
    }
  }

  private EvidenceField() {}

  /** The record with what it is to have, or with less and a flag; never the one given. */
  static byte[] added(byte[] record, Plain plain, EvidenceSealer sealer, boolean waits) {
    byte[] pseudonym = null;
    try {
      pseudonym = sealer.pseudonym(plain.subject(), waits);
      byte[] text = plain.text();
      if (pseudonym != null && text != null) {
        EvidenceSealer.PersonKey key = sealer.key(pseudonym, day(record, 0), waits);
        byte[] with = key == null ? null : with(record, pseudonym, key, text, sealer);
        if (with != null) {
          return with;
        }
      }
      if (pseudonym != null && text == null) {
        return withPseudonym(record, pseudonym);
      }
    } catch (GeneralSecurityException | RuntimeException | Error e) {
      sealer.leftOut(); // the record is written all the same
    }
    byte[] less = pseudonym == null ? record.clone() : withPseudonym(record, pseudonym);
    flag(less);
    return less;
  }

  private static void flag(byte[] record) {
    Layout.put16(
        record, Layout.FLAGS, Layout.get16(record, Layout.FLAGS) | Layout.FLAG_NO_EVIDENCE);
  }

  private static byte @Nullable [] with(
      byte[] record,
      byte[] pseudonym,
      EvidenceSealer.PersonKey key,
      byte[] text,
      EvidenceSealer sealer)
      throws GeneralSecurityException {
    int field = OVERHEAD_BYTES + text.length;
    byte[] named = withPseudonym(record, pseudonym);
    int size = named.length + Layout.TAG_HEADER_BYTES + field;
    if (text.length > JournalRecord.MAX_EVIDENCE_BYTES || size > Layout.MAX_BYTES) {
      sealer.leftOut();
      return null;
    }
    byte[] to = Arrays.copyOf(named, size);
    Layout.put32(to, Layout.LENGTH, size);
    int at = RecordEncoder.tag(to, named.length, Layout.TAG_EVIDENCE, field);
    Layout.put64(to, at, key.id());
    EvidenceSealer.Sealed sealed = sealer.seal(key, context(to, 0, pseudonym, key.id()), text);
    System.arraycopy(sealed.nonce(), 0, to, at + 8, EvidenceSealer.NONCE_BYTES);
    System.arraycopy(
        sealed.ciphertext(),
        0,
        to,
        at + 8 + EvidenceSealer.NONCE_BYTES,
        sealed.ciphertext().length);
    return to;
  }

  private static byte[] withPseudonym(byte[] record, byte[] pseudonym) {
    int size = record.length + Layout.TAG_HEADER_BYTES + EvidenceKey.PSEUDONYM_BYTES;
    byte[] to = Arrays.copyOf(record, size);
    Layout.put32(to, Layout.LENGTH, size);
    int at = RecordEncoder.tag(to, record.length, Layout.TAG_SUBJECT, EvidenceKey.PSEUDONYM_BYTES);
    System.arraycopy(pseudonym, 0, to, at, EvidenceKey.PSEUDONYM_BYTES);
    return to;
  }

  private static byte[] context(byte[] record, int offset, byte[] pseudonym, long keyId) {
    byte[] context = new byte[BEFORE_N_BYTES + AFTER_N_BYTES + EvidenceKey.PSEUDONYM_BYTES + 8];
    System.arraycopy(record, offset, context, 0, BEFORE_N_BYTES);
    System.arraycopy(record, offset + Layout.TIME_US, context, BEFORE_N_BYTES, AFTER_N_BYTES);
    int at = BEFORE_N_BYTES + AFTER_N_BYTES;
    System.arraycopy(pseudonym, 0, context, at, EvidenceKey.PSEUDONYM_BYTES);
    Layout.put64(context, at + EvidenceKey.PSEUDONYM_BYTES, keyId);
    return context;
  }

  private static long day(byte[] record, int offset) {
    return Math.floorDiv(Layout.get64(record, offset + Layout.TIME_US), DAY_US);
  }

  /**
   * What a reader found.
   *
   * @param at of the content of field 35
   */
  static SealedEvidence read(byte[] record, byte[] pseudonym, int at, int size) {
    long keyId = Layout.get64(record, at);
    int nonceAt = at + 8;
    int textAt = nonceAt + EvidenceSealer.NONCE_BYTES;
    return new SealedEvidence(
        pseudonym,
        day(record, 0),
        keyId,
        Arrays.copyOfRange(record, nonceAt, textAt),
        Arrays.copyOfRange(record, textAt, at + size),
        context(record, 0, pseudonym, keyId));
  }
}
