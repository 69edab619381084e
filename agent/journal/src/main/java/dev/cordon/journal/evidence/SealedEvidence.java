package dev.cordon.journal.evidence;

import java.nio.ByteBuffer;

/**
 * Evidence as it stands in a record.
 *
 * @param pseudonym of the person that the call is about
 * @param day of the record, UTC, since 1970
 * @param keyId which of the person's keys
 * @param context the part of the record that it goes with
 */
public record SealedEvidence(
    byte[] pseudonym, long day, long keyId, byte[] nonce, byte[] ciphertext, byte[] context) {

  /** The epoch of its key, with which every nonce begins. */
  public long epoch() {
    return ByteBuffer.wrap(nonce).getInt() & 0xffff_ffffL;
  }

  /** Not the bytes. */
  @Override
  public String toString() {
    return "SealedEvidence[" + ciphertext.length + " bytes]";
  }
}
