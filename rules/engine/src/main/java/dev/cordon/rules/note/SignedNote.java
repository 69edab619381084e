package dev.cordon.rules.note;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** A text with the signatures under it. */
public final class SignedNote {
  /** Texts of ours have some 200 bytes, a signature some 150. */
  public static final int MAX_BYTES = 16 * 1024;

  private static final String DASH = "\u2014 ";
  private static final int SIGNATURE_BYTES = 64;
  private static final int MAX_SIGNATURES = 16;

  /** One line under the text; what it says of itself, verified or not. */
  private record Line(String name, byte[] id, byte[] signature) {
    boolean isOf(VerifierKey key) {
      return name.equals(key.name()) && Arrays.equals(id, key.idBytes());
    }
  }

  private final String text;
  private final List<Line> lines;

  private SignedNote(String text, List<Line> lines) {
    this.text = text;
    this.lines = lines;
  }

  /** A text that nobody has signed yet; ends with a line end. */
  public static SignedNote of(String text) {
    if (!text.endsWith("\n") || text.contains("\n\n")) {
      throw new IllegalArgumentException("a note ends with a line end and has no empty line");
    }
    return new SignedNote(text, List.of());
  }

  /**
   * @throws IllegalArgumentException when the bytes are no signed note; the message says why
   */
  public static SignedNote parse(byte[] bytes) {
    if (bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException("longer than " + MAX_BYTES + " bytes");
    }
    String all;
    try {
      all = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("not UTF-8", e);
    }
    for (int i = 0; i < all.length(); i++) {
      if (all.charAt(i) < ' ' && all.charAt(i) != '\n') {
        throw new IllegalArgumentException("a control character in it");
      }
    }
    int end = all.lastIndexOf("\n\n");
    if (end < 0 || !all.endsWith("\n") || end + 2 == all.length()) {
      throw new IllegalArgumentException("no signature under it");
    }
    List<Line> lines = new ArrayList<>();
    for (String line : all.substring(end + 2, all.length() - 1).split("\n", -1)) {
      if (lines.size() == MAX_SIGNATURES) {
        throw new IllegalArgumentException("more than " + MAX_SIGNATURES + " signatures");
      }
      lines.add(line(line));
    }
    return new SignedNote(all.substring(0, end + 1), lines);
  }

  private static Line line(String line) {
    int space = line.startsWith(DASH) ? line.indexOf(' ', DASH.length()) : -1;
    if (space < 0) {
      throw new IllegalArgumentException("a line under it is no signature");
    }
    String name = line.substring(DASH.length(), space);
    VerifierKey.checkName(name);
    byte[] bytes = VerifierKey.decoded(line.substring(space + 1));
    if (bytes.length <= VerifierKey.ID_BYTES) {
      throw new IllegalArgumentException("a signature is too short");
    }
    return new Line(
        name,
        Arrays.copyOf(bytes, VerifierKey.ID_BYTES),
        Arrays.copyOfRange(bytes, VerifierKey.ID_BYTES, bytes.length));
  }

  public String text() {
    return text;
  }

  /** Who is said to have signed, as {@code NAME+ID}; nothing of it is verified. */
  public List<String> claims() {
    List<String> claims = new ArrayList<>();
    for (Line line : lines) {
      claims.add(line.name() + "+" + HexFormat.of().formatHex(line.id()));
    }
    return claims;
  }

  /** Whether the owner of the key signed the text. Signatures of others do not matter. */
  public boolean isSignedBy(VerifierKey key) {
    byte[] signed = text.getBytes(StandardCharsets.UTF_8);
    for (Line line : lines) {
      if (line.isOf(key)
          && line.signature().length == SIGNATURE_BYTES
          && key.verifies(signed, line.signature())) {
        return true;
      }
    }
    return false;
  }

  /** The note with another signature; one that the same key made before is replaced. */
  public SignedNote signed(SignerKey key) {
    List<Line> all = new ArrayList<>();
    for (Line line : lines) {
      if (!line.isOf(key.verifier())) {
        all.add(line);
      }
    }
    if (all.size() == MAX_SIGNATURES) {
      throw new IllegalArgumentException("more than " + MAX_SIGNATURES + " signatures");
    }
    all.add(
        new Line(
            key.verifier().name(),
            key.verifier().idBytes(),
            key.sign(text.getBytes(StandardCharsets.UTF_8))));
    return new SignedNote(text, all);
  }

  public byte[] bytes() {
    StringBuilder all = new StringBuilder(text).append('\n');
    for (Line line : lines) {
      byte[] bytes = Arrays.copyOf(line.id(), line.id().length + line.signature().length);
      System.arraycopy(line.signature(), 0, bytes, line.id().length, line.signature().length);
      all.append(DASH).append(line.name()).append(' ');
      all.append(Base64.getEncoder().encodeToString(bytes)).append('\n');
    }
    return all.toString().getBytes(StandardCharsets.UTF_8);
  }
}
