package dev.cordon.journal.evidence;

import dev.cordon.journal.seal.JdkCrypto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Opens evidence, or says what became of it. Reads once what it is made for; for one thread. */
public final class EvidenceReader {

  /** What can be said of evidence. */
  public enum State {
    OPEN,
    /** Its key was destroyed. */
    DESTROYED,
    /** It is encrypted, and this reader has no key. */
    LOCKED,
    /** Its key is not there, and no erasure tells why. */
    NO_KEY,
    /** It is not what was written with this record. */
    FORGED
  }

  /**
   * Evidence that was looked at.
   *
   * @param text of what is OPEN; else empty
   * @param told in brackets, what stands in the place of what is not
   */
  public record Opened(State state, byte[] text, String told) {}

  private static final byte[] NOTHING = {};

  private final Erasures erasures;
  private final Map<Long, byte[]> keys;
  private final Set<ByteBuffer> persons;

  private EvidenceReader(Erasures erasures, Map<Long, byte[]> keys, Set<ByteBuffer> persons) {
    this.erasures = erasures;
    this.keys = keys;
    this.persons = persons;
  }

  /** One that opens nothing, and tells what was destroyed. */
  public static EvidenceReader withoutKey(@Nullable Path directory) throws IOException {
    return new EvidenceReader(
        directory == null ? Erasures.NONE : SubjectKeys.erasures(directory), Map.of(), Set.of());
  }

  /** One that opens what is of these persons. */
  public static EvidenceReader of(SubjectKeys store, Collection<byte[]> pseudonyms)
      throws IOException {
    Set<ByteBuffer> persons = new HashSet<>();
    for (byte[] one : pseudonyms) {
      persons.add(ByteBuffer.wrap(one));
    }
    return new EvidenceReader(store.erasures(), store.keysOf(List.copyOf(pseudonyms)), persons);
  }

  public Opened open(SealedEvidence sealed) {
    Erasures.Erasure destroyed = erasures.of(sealed.epoch(), sealed.pseudonym(), sealed.day());
    if (destroyed != null) {
      return new Opened(State.DESTROYED, NOTHING, destroyed.told());
    }
    if (!persons.contains(ByteBuffer.wrap(sealed.pseudonym()))) {
      return new Opened(State.LOCKED, NOTHING, "[encrypted]");
    }
    byte[] key = keys.get(sealed.keyId());
    if (key == null) {
      return new Opened(State.NO_KEY, NOTHING, "[no key]");
    }
    try {
      Cipher cipher = JdkCrypto.cipher("AES/GCM/NoPadding");
      cipher.init(
          Cipher.DECRYPT_MODE,
          new SecretKeySpec(key, "AES"),
          new GCMParameterSpec(EvidenceSealer.TAG_BYTES * 8, sealed.nonce()),
          JdkCrypto.random());
      cipher.updateAAD(sealed.context());
      return new Opened(State.OPEN, cipher.doFinal(sealed.ciphertext()), "");
    } catch (GeneralSecurityException e) {
      return new Opened(State.FORGED, NOTHING, "[not of this record]");
    }
  }
}
