package dev.cordon.journal.seal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A signed note (c2sp.org/signed-note): text, an empty line, signature lines.
 *
 * @param text with its last newline
 */
public record Note(String text, List<SignatureLine> signatures) {

  /** {@code — NAME BASE64(id || signature)}. */
  record SignatureLine(String name, int id, byte[] signature) {}

  static final int MAX_BYTES = 64 * 1024;
  private static final int MAX_SIGNATURES = 100;
  private static final String DASH = "\u2014 ";

  public Note {
    signatures = List.copyOf(signatures);
  }

  public static String sign(String text, SealKey key) throws GeneralSecurityException {
    return of(text, key.name(), key.id(), key.sign(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** A text with a signature that was made already. */
  public static String of(String text, String name, int id, byte[] signature) {
    byte[] typed = ByteBuffer.allocate(4 + signature.length).putInt(id).put(signature).array();
    return text + "\n" + DASH + name + " " + Base64Text.of(typed) + "\n";
  }

  public static Note parse(byte[] bytes) throws MalformedException {
    if (bytes.length > MAX_BYTES) {
      throw new MalformedException("a note of " + bytes.length + " bytes is too long");
    }
    String all = new String(bytes, StandardCharsets.UTF_8);
    if (!Arrays.equals(all.getBytes(StandardCharsets.UTF_8), bytes)) {
      throw new MalformedException("a note is UTF-8");
    }
    for (int i = 0; i < all.length(); i++) {
      if (all.charAt(i) < ' ' && all.charAt(i) != '\n') {
        throw new MalformedException("a control character at character " + i + " of the note");
      }
    }
    int blank = all.lastIndexOf("\n\n");
    if (blank < 0 || !all.endsWith("\n") || blank + 2 == all.length()) {
      throw new MalformedException("no signature: a note is a text, an empty line, signatures");
    }
    List<SignatureLine> signatures = new ArrayList<>();
    for (String line : all.substring(blank + 2, all.length() - 1).split("\n", -1)) {
      signatures.add(signature(line));
      if (signatures.size() > MAX_SIGNATURES) {
        throw new MalformedException("more than " + MAX_SIGNATURES + " signatures");
      }
    }
    return new Note(all.substring(0, blank + 1), signatures);
  }

  private static SignatureLine signature(String line) throws MalformedException {
    int space = line.indexOf(' ', DASH.length());
    if (!line.startsWith(DASH) || space <= DASH.length()) {
      throw new MalformedException("a signature line that is none");
    }
    String name = line.substring(DASH.length(), space);
    byte[] typed = Base64Text.parse(line.substring(space + 1), "the signature of " + name);
    if (typed.length < 5) {
      throw new MalformedException("the signature of " + name + " is too short");
    }
    return new SignatureLine(
        name, ByteBuffer.wrap(typed).getInt(), Arrays.copyOfRange(typed, 4, typed.length));
  }

  /**
   * The first of the keys that signed this; null if none of them is named.
   *
   * @throws MalformedException if one of them is named and the signature is not its
   */
  public @Nullable VerifierKey signer(Iterable<VerifierKey> known) throws MalformedException {
    VerifierKey signer = null;
    for (SignatureLine line : signatures) {
      for (VerifierKey key : known) {
        if (key.id() == line.id() && key.name().equals(line.name())) {
          if (!key.verify(text.getBytes(StandardCharsets.UTF_8), line.signature())) {
            throw new MalformedException("the signature of " + key.label() + " is wrong");
          }
          signer = signer == null ? key : signer;
        }
      }
    }
    return signer;
  }

  /** Who says to have signed, for messages about keys that are not known. */
  public String signerLabels() {
    List<String> labels = new ArrayList<>();
    for (SignatureLine line : signatures) {
      labels.add(line.name() + "+" + VerifierKey.hex(line.id()));
    }
    return String.join(", ", labels);
  }
}
