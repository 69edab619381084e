package dev.cordon.rules.note;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class SignedNoteTest {
  // keys, text and signature of the example in the documentation of golang.org/x/mod/sumdb/note
  private static final String PUBLIC =
      "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
  private static final String PRIVATE =
      "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
  private static final String TEXT =
      "If you think cryptography is the answer to your problem,\n"
          + "then you don't know what your problem is.\n";
  private static final String SIGNATURE =
      "\u2014 PeterNeumann"
          + " x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

  @Test
  void whatAnotherToolSignedIsVerified() {
    SignedNote note = SignedNote.parse((TEXT + "\n" + SIGNATURE).getBytes(UTF_8));
    assertEquals(TEXT, note.text());
    assertEquals(List.of("PeterNeumann+c74f20a3"), note.claims());
    assertTrue(note.isSignedBy(VerifierKey.parse(PUBLIC)));
  }

  @Test
  void whatIsSignedHereIsWhatTheOtherToolSigns() {
    SignerKey key = SignerKey.parse(PRIVATE);
    assertEquals(PUBLIC, key.verifier().toString());
    assertEquals(PRIVATE, key.secret());
    assertEquals(
        TEXT + "\n" + SIGNATURE, new String(SignedNote.of(TEXT).signed(key).bytes(), UTF_8));
    assertFalse(key.toString().contains("AYEK"));
  }

  @Test
  void anyChangeOfTextOrSignatureIsSeen() {
    VerifierKey key = VerifierKey.parse(PUBLIC);
    byte[] good = (TEXT + "\n" + SIGNATURE).getBytes(UTF_8);
    for (int i = 0; i < good.length; i++) {
      for (int bit = 0; bit < 8; bit += 7) {
        byte[] bad = good.clone();
        bad[i] ^= (byte) (1 << bit);
        boolean signed;
        try {
          signed = SignedNote.parse(bad).isSignedBy(key);
        } catch (IllegalArgumentException notANote) {
          signed = false;
        }
        assertFalse(signed, "byte " + i + " bit " + bit);
      }
    }
  }

  @Test
  void severalSignAndEachOnce() {
    SignerKey a = SignerKey.generate("a@example.com");
    SignerKey b = SignerKey.generate("b@example.com");
    SignedNote note = SignedNote.of("text\n").signed(a).signed(b).signed(a);
    assertEquals(2, note.claims().size());
    SignedNote read = SignedNote.parse(note.bytes());
    assertTrue(read.isSignedBy(a.verifier()) && read.isSignedBy(b.verifier()));
    assertFalse(read.isSignedBy(SignerKey.generate("a@example.com").verifier()));
  }

  @Test
  void whatIsNoKeyIsSaidWithoutItsText() {
    for (String bad :
        List.of(
            "",
            "a+b",
            "a b+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "PeterNeumann+c74f20a3+AhpcQQ==",
            "PeterNeumann+c74f20a3+!",
            PRIVATE)) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> VerifierKey.parse(bad));
      assertFalse(String.valueOf(e.getMessage()).contains("AYEK"), bad);
    }
    assertThrows(IllegalArgumentException.class, () -> SignerKey.parse(PUBLIC));
    assertThrows(IllegalArgumentException.class, () -> SignerKey.generate("a b"));
  }
}
