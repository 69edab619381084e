package dev.cordon.rules;

import dev.cordon.rules.note.SignedNote;
import dev.cordon.rules.note.SignerKey;
import dev.cordon.rules.note.VerifierKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * A rule file, its layers and packs in one file: parsed, so that no YAML is read at the start of a
 * service, with their texts, and with room for signatures.
 *
 * <pre>
 *  0   7  "CRDBNDL"
 *  7   1  format version, 1
 *  8   4  length of the body, from byte 0 on; the note follows
 * 12   4  CRC-32C of the body from byte 16 on
 * 16   8  serial
 * 24  32  digest of the rules, as RuleSet.digest
 * 56      name: length, UTF-8
 *         texts: count; each length, UTF-8
 *         layers, lowest first: count; each name (text), 1 for the file itself or 0, root node
 *         packs: count; each name (text), root node
 *         sources: length inflated, length, deflated: of each layer and pack length and bytes
 *         -- end of the body; a signed note follows, or nothing
 * </pre>
 *
 * <p>The first three numbers are big-endian; lengths and counts after them have 7 bits a byte, the
 * lowest first. A node is one byte and what belongs to it; a place is the difference of its line to
 * that of the node before it (sign in the lowest bit), its column and its width:
 *
 * <pre>
 * 0-3  a value: place, text (number in texts); 1 it stands in place, 2 it is quoted
 * 4    a list: place, count, nodes
 * 5    a mapping: place, count; each a value (the key) and a node
 * </pre>
 */
public final class Bundle {
  static final byte[] MAGIC = "CRDBNDL".getBytes(StandardCharsets.US_ASCII);
  static final int VERSION = 1;
  static final int LENGTH_AT = 8;
  static final int CRC_AT = 12;
  static final int SUMMED_FROM = 16;
  static final int HEAD_BYTES = 56;
  static final int DIGEST_BYTES = 32;
  static final int MAX_BYTES = 16 * 1024 * 1024;
  static final int MAX_SOURCE_BYTES = 32 * 1024 * 1024;
  static final int MAX_NAME_BYTES = 400;

  /** One file in it. */
  record Part(String name, boolean top, YamlNode root) {}

  private final byte[] file;
  private final int bodyLength;
  private final long serial;
  private final String digest;
  private final String name;
  private final int restAt;
  private final @Nullable SignedNote note;

  private Bundle(
      byte[] file,
      int bodyLength,
      long serial,
      String digest,
      String name,
      int restAt,
      @Nullable SignedNote note) {
    this.file = file;
    this.bodyLength = bodyLength;
    this.serial = serial;
    this.digest = digest;
    this.name = name;
    this.restAt = restAt;
    this.note = note;
  }

  /** A bundle that cannot be what a builder wrote; the message says where. */
  static final class DamagedException extends Exception {
    private static final long serialVersionUID = 1L;

    DamagedException(String message) {
      super(message, null, false, false);
    }
  }

  static boolean isOne(byte[] bytes) {
    return bytes.length >= MAGIC.length
        && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  /** Reads head and note; the sum is right when it returns, nothing else was looked at. */
  static Bundle head(byte[] file) throws DamagedException {
    if (file.length <= HEAD_BYTES) {
      throw new DamagedException("cut off after " + file.length + " bytes");
    }
    if (file[MAGIC.length] != VERSION) {
      throw new DamagedException(
          "of format version " + (file[MAGIC.length] & 0xff) + "; this Cordon reads " + VERSION);
    }
    int length = (int) number(file, LENGTH_AT, 4);
    if (length <= HEAD_BYTES || length > file.length) {
      throw new DamagedException(
          "cut off: it has " + file.length + " bytes and says " + (length & 0xffffffffL));
    }
    CRC32C sum = new CRC32C();
    sum.update(file, SUMMED_FROM, length - SUMMED_FROM);
    if ((int) sum.getValue() != (int) number(file, CRC_AT, 4)) {
      throw new DamagedException("its bytes do not add up to its checksum");
    }
    SignedNote note = null;
    if (file.length > length) {
      try {
        note = SignedNote.parse(Arrays.copyOfRange(file, length, file.length));
      } catch (IllegalArgumentException wrong) {
        throw new DamagedException("its signatures cannot be read: " + wrong.getMessage());
      }
    }
    BundleReader reader = new BundleReader(file, HEAD_BYTES, length);
    String name = reader.string(MAX_NAME_BYTES);
    long serial = number(file, SUMMED_FROM, 8);
    if (serial < 0) {
      throw new DamagedException("a serial below zero");
    }
    String digest = HexFormat.of().formatHex(file, SUMMED_FROM + 8, SUMMED_FROM + 8 + DIGEST_BYTES);
    return new Bundle(file, length, serial, digest, name, reader.at(), note);
  }

  private static long number(byte[] bytes, int at, int length) {
    long number = 0;
    for (int i = 0; i < length; i++) {
      number = number << 8 | bytes[at + i] & 0xff;
    }
    return length == 4 ? (int) number : number;
  }

  /** The parsed files; the sources are not looked at. */
  BundleReader.Content content() throws DamagedException {
    return new BundleReader(file, restAt, bodyLength).content();
  }

  public String name() {
    return name;
  }

  public long serial() {
    return serial;
  }

  /** As {@link RuleSet#digest}. */
  public String digest() {
    return digest;
  }

  /** Who is said to have signed, as {@code NAME+ID}; nothing of it is verified. */
  public List<String> claims() {
    return note == null ? List.of() : note.claims();
  }

  /** Whether the owner of the key signed just this. */
  public boolean isSignedBy(VerifierKey key) {
    return note != null && note.text().equals(noteText()) && note.isSignedBy(key);
  }

  private String noteText() {
    return "cordon bundle 1\n"
        + name
        + "\nserial "
        + serial
        + "\nsha256 "
        + HexFormat.of().formatHex(sha256().digest(body()))
        + "\n";
  }

  private byte[] body() {
    return Arrays.copyOf(file, bodyLength);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no SHA-256", e);
    }
  }

  // ---- for people: build, sign, compare with its texts

  /**
   * Puts a rule file with its layers and packs into one unsigned bundle.
   *
   * @throws RuleFileException with all problems; a case that fails is one, and a serial of 0
   * @throws IOException when a file is missing or cannot be read
   */
  public static byte[] build(Path path, Surroundings surroundings)
      throws RuleFileException, IOException {
    RuleSource source = new RuleSource(path, surroundings);
    RuleSet rules = source.load();
    Layer.Loader loader = source.loader();
    Problems problems = new Problems(path.toString());
    if (loader.bundle() != null) {
      problems.error(Position.TOP, "CRD160", "this is a bundle already", "give its rule file");
    } else if (rules.serial() < 1) {
      problems.error(
          Position.TOP,
          "CRD162",
          "a bundle needs a serial, from 1 on",
          "add one, as in: serial: 1; and raise it with each release");
    }
    refuse(problems);
    List<BundleWriter.Source> layers = new ArrayList<>();
    for (Layer layer : loader.layers()) {
      layers.add(new BundleWriter.Source(layer.fileName(), layer.top(), layer.bytes()));
    }
    List<BundleWriter.Source> packs = new ArrayList<>();
    for (PackReader.Used pack : source.packs()) {
      packs.add(new BundleWriter.Source(pack.name(), false, pack.bytes()));
    }
    byte[] built =
        new BundleWriter().write(rules.name(), rules.serial(), rules.digest(), layers, packs);
    if (built.length > MAX_BYTES) {
      problems.error(Position.TOP, "CRD160", "a bundle longer than 16 MiB", "split it");
    }
    refuse(problems);
    return built;
  }

  private static void refuse(Problems problems) throws RuleFileException {
    if (problems.hasErrors()) {
      throw new RuleFileException(problems.all());
    }
  }

  /**
   * Reads a bundle and builds it again from the texts in it: that what is read by people and what
   * decides are the same.
   *
   * @throws RuleFileException when it is damaged, or its texts say something else than it does
   * @throws IOException when it is missing or cannot be read
   */
  public static Bundle open(Path path) throws RuleFileException, IOException {
    Problems problems = new Problems(path.toString());
    byte[] file = RuleFileText.bytes(path, problems);
    Bundle bundle = null;
    if (file != null && !isOne(file)) {
      problems.error(Position.TOP, "CRD160", "not a bundle", "make one with rules build");
    } else if (file != null) {
      try {
        bundle = head(file);
        bundle.compareWithTexts();
      } catch (DamagedException damaged) {
        tellDamaged(problems, damaged);
      }
    }
    refuse(problems);
    if (bundle == null) {
      throw new RuleFileException(problems.all());
    }
    return bundle;
  }

  static void tellDamaged(Problems problems, DamagedException damaged) {
    problems.error(
        Position.TOP,
        "CRD160",
        "a bundle that cannot be read: " + damaged.getMessage(),
        "get it again, or build it again");
  }

  /** The texts of its rule files, by name. */
  Map<String, String> texts() throws DamagedException {
    BundleReader.Content content = content();
    BundleReader sources = new BundleReader(inflated(content), 0, content.sourceBytes());
    Map<String, String> texts = new LinkedHashMap<>();
    for (Part part : content.layers()) {
      texts.put(part.name(), new String(sources.bytes(), StandardCharsets.UTF_8));
    }
    return texts;
  }

  private void compareWithTexts() throws DamagedException {
    BundleReader.Content content = content();
    List<Part> parts = new ArrayList<>(content.layers());
    parts.addAll(content.packs());
    BundleReader texts = new BundleReader(inflated(content), 0, content.sourceBytes());
    List<byte[]> sources = new ArrayList<>();
    for (Part part : parts) {
      byte[] bytes = texts.bytes();
      sources.add(bytes);
      Problems unread = new Problems(part.name());
      String text = RuleFileText.text(bytes, unread);
      YamlNode root = text == null ? null : YamlReader.read(text, unread);
      if (root == null || !root.equals(part.root())) {
        throw new DamagedException("it is not what its text of " + part.name() + " says");
      }
    }
    List<Layer> layers = new ArrayList<>();
    Problems none = new Problems(name);
    int layerCount = content.layers().size();
    for (int i = 0; i < layerCount; i++) {
      Part part = parts.get(i);
      Section file = Section.of("the rule file", part.root(), none);
      layers.add(new Layer(part.name(), i, part.top(), false, sources.get(i), file, none));
    }
    if (!RuleSet.digest(layers, sources.subList(layerCount, sources.size())).equals(digest)) {
      throw new DamagedException("its digest is not that of its texts");
    }
  }

  private byte[] inflated(BundleReader.Content content) throws DamagedException {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(file, content.sourcesAt(), content.deflatedBytes());
      byte[] all = new byte[content.sourceBytes()];
      int length = 0;
      while (length < all.length && !inflater.finished()) {
        int more = inflater.inflate(all, length, all.length - length);
        if (more == 0) {
          break;
        }
        length += more;
      }
      if (length != all.length) {
        throw new DamagedException("its texts end early");
      }
      return all;
    } catch (DataFormatException e) {
      throw new DamagedException("its texts cannot be inflated");
    } finally {
      inflater.end();
    }
  }

  /** The file with another signature; one that the same key made before is replaced. */
  public byte[] signed(SignerKey key) {
    SignedNote before = note;
    String text = noteText();
    SignedNote now = before == null || !before.text().equals(text) ? SignedNote.of(text) : before;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(body());
    out.writeBytes(now.signed(key).bytes());
    return out.toByteArray();
  }

  /** Owners of rules in it, who should not be the ones who sign it. */
  public List<String> owners() throws RuleFileException {
    List<String> owners = new ArrayList<>();
    try {
      for (Part part : content().layers()) {
        Section file = Section.of("the rule file", part.root(), new Problems(part.name()));
        add(owners, file.peek("owner"));
        if (file.peek("rules") instanceof YamlNode.Items rules) {
          for (YamlNode rule : rules.items()) {
            if (rule instanceof YamlNode.Fields) {
              add(owners, Section.of("the rule", rule, new Problems("")).peek("owner"));
            }
          }
        }
      }
    } catch (DamagedException damaged) {
      Problems problems = new Problems(name);
      tellDamaged(problems, damaged);
      throw new RuleFileException(problems.all());
    }
    return owners;
  }

  private static void add(List<String> owners, @Nullable YamlNode owner) {
    if (owner instanceof YamlNode.Scalar text && !owners.contains(text.text())) {
      owners.add(text.text());
    }
  }
}
