package dev.cordon.rules;

import dev.cordon.rules.note.SignedNote;
import dev.cordon.rules.note.SignerKey;
import dev.cordon.rules.note.VerifierKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * A rule file, its layers and packs in one file: compiled, so that nothing is parsed at the start
 * of a service, with their texts, and with room for signatures.
 *
 * <pre>
 *  0   7  "CRDBNDL"
 *  7   1  format version, 2
 *  8   4  length of the body, from byte 0 on; the note follows
 * 12   4  CRC-32C of the body from byte 16 on
 * 16   8  serial
 * 24  32  digest of the rules, as RuleSet.digest
 * 56      name: length, UTF-8
 *         texts: parts, ISO 8859-1, or UTF-16 where {@link #WIDE} is set in the offset
 *         rules: parts, see CompiledWriter
 *         calls of packs: parts, see CompiledWriter
 *         files: length (4); layers, lowest first: count; each name (text), 1 for the file itself
 *           or 0; packs: count; each name (text)
 *         what finds rules: length (4), see CompiledWriter
 *         cases of the file itself: length (4), nodes
 *         sources: length inflated (4), length (4), deflated: of each layer and pack length and bytes
 *         -- end of the body; a signed note follows, or nothing
 * </pre>
 *
 * <p>Lengths and counts have 7 bits a byte, the lowest first; numbers of 4 and 8 bytes are
 * big-endian. A text is its number among the texts. Parts are count (4), bytes (4), the offset of
 * each and that of the end (4 each), then the bytes: a part is found without reading those before
 * it, and rules are read when a call first meets them.
 *
 * <p>A node is one byte and what belongs to it; a place is the difference of its line to that of
 * the node before it (sign in the lowest bit), its column and its width:
 *
 * <pre>
 * 0-3  a value: place, text; 1 it stands in place, 2 it is quoted
 * 4    a list: place, count, nodes
 * 5    a mapping: place, count; each a value (the key) and a node
 * </pre>
 */
public final class Bundle {
  static final byte[] MAGIC = "CRDBNDL".getBytes(StandardCharsets.US_ASCII);
  static final int VERSION = 5;
  static final int WIDE = 1 << 31;
  static final int LENGTH_AT = 8;
  static final int CRC_AT = 12;
  static final int SUMMED_FROM = 16;
  static final int HEAD_BYTES = 56;
  static final int DIGEST_BYTES = 32;
  static final int MAX_BYTES = 16 * 1024 * 1024;
  static final int MAX_SOURCE_BYTES = 32 * 1024 * 1024;
  static final int MAX_NAME_BYTES = 400;
  private static final int MAX_PARTS = 64; // files in it, of each kind

  /** One file in it. */
  record Part(String name, boolean top) {}

  /** Where everything is. */
  private record Content(
      BundleReader all,
      BundleReader.Parts rules,
      BundleReader.Parts packCalls,
      List<Part> layers,
      List<Part> packs,
      BundleReader.Area model,
      BundleReader.Area cases,
      int sourceBytes,
      int sourcesAt,
      int deflatedBytes) {}

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

    /** Its format version, where this Cordon reads another one; else 0. */
    final int version;

    DamagedException(String message) {
      this(message, 0);
    }

    private DamagedException(String message, int version) {
      super(message, null, false, false);
      this.version = version;
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
    int version = file[MAGIC.length] & 0xff;
    if (version != VERSION) {
      throw new DamagedException(
          "a bundle of format version " + version + "; this Cordon reads " + VERSION, version);
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
    BundleReader reader = new BundleReader(file, BundleReader.Texts.NONE, HEAD_BYTES, length);
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

  /** Where everything is; the sources are not looked at. */
  private Content content() throws DamagedException {
    BundleReader head = new BundleReader(file, BundleReader.Texts.NONE, restAt, bodyLength);
    BundleReader.Texts texts = new BundleReader.Texts(head.parts());
    BundleReader.Parts rules = head.parts();
    BundleReader.Parts packCalls = head.parts();
    BundleReader.Area files = head.area();
    BundleReader.Area model = head.area();
    BundleReader.Area cases = head.area();
    int sourceBytes = head.bigEndian();
    int deflated = head.bigEndian();
    if (sourceBytes > MAX_SOURCE_BYTES || deflated != bodyLength - head.at()) {
      throw head.damaged("texts of another length than it says");
    }
    BundleReader all = new BundleReader(file, texts, 0, bodyLength);
    BundleReader names = all.in(files);
    List<Part> layers = parts(names, true);
    List<Part> packs = parts(names, false);
    int tops = 0;
    for (Part layer : layers) {
      tops += layer.top() ? 1 : 0;
    }
    if (tops != 1) {
      throw head.damaged("not one file on top");
    }
    return new Content(
        all, rules, packCalls, layers, packs, model, cases, sourceBytes, head.at(), deflated);
  }

  private static List<Part> parts(BundleReader names, boolean layers) throws DamagedException {
    int count = names.number(MAX_PARTS + 1);
    List<Part> parts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      parts.add(new Part(names.text(), layers && names.flag()));
    }
    return parts;
  }

  /**
   * What decides.
   *
   * @param path of the bundle, for what is told of rules
   */
  RuleFile compiled(Path path, Surroundings surroundings) throws DamagedException {
    return compiler(content(), path, surroundings).file;
  }

  private record Compiled(RuleFile file, long epochDay) {}

  private Compiled compiler(Content content, Path path, Surroundings surroundings)
      throws DamagedException {
    List<String> layers = new ArrayList<>(content.layers.size());
    for (Part layer : content.layers) {
      layers.add(shown(path, layer));
    }
    CompiledReader reader =
        new CompiledReader(content.all, content.rules, content.packCalls, surroundings, layers);
    RuleFile read = reader.file(content.all.in(content.model), name, serial);
    return new Compiled(read, reader.epochDay());
  }

  private static String shown(Path path, Part layer) throws DamagedException {
    try {
      return path.resolve(layer.name()).toString();
    } catch (InvalidPathException notAName) {
      throw new DamagedException("a file without a name");
    }
  }

  /** The cases that stand in the file. */
  List<YamlNode> cases() throws DamagedException {
    Content content = content();
    return content.all.in(content.cases).nodes(1);
  }

  /** The path of the file itself, as it is told. */
  String topPath(Path path) throws DamagedException {
    for (Part layer : content().layers) {
      if (layer.top()) {
        return shown(path, layer);
      }
    }
    throw new DamagedException("not one file on top");
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
    List<BundleWriter.Source> packs = new ArrayList<>();
    for (PackReader.Used pack : source.packs()) {
      packs.add(new BundleWriter.Source(pack.name(), false, pack.bytes()));
    }
    long epochDay = RuleReader.today(surroundings).toEpochDay();
    byte[] built = write(rules.file(), rules.digest(), loader.layers(), packs, epochDay);
    if (built.length > MAX_BYTES) {
      problems.error(Position.TOP, "CRD160", "a bundle longer than 16 MiB", "split it");
    }
    refuse(problems);
    return built;
  }

  private static byte[] write(
      RuleFile compiled,
      String digest,
      List<Layer> layers,
      List<BundleWriter.Source> packs,
      long epochDay) {
    List<BundleWriter.Source> sources = new ArrayList<>();
    Map<String, Integer> byPath = new HashMap<>();
    List<YamlNode> cases = List.of();
    for (Layer layer : layers) {
      byPath.put(layer.problems().file(), sources.size());
      sources.add(new BundleWriter.Source(layer.fileName(), layer.top(), layer.bytes()));
      if (layer.top()) {
        cases = layer.file().items("tests");
      }
    }
    return new BundleWriter().write(compiled, digest, cases, sources, byPath, packs, epochDay);
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
  public static Bundle open(Path path, Surroundings surroundings)
      throws RuleFileException, IOException {
    Problems problems = new Problems(path.toString());
    byte[] file = RuleFileText.bytes(path, problems);
    Bundle bundle = null;
    if (file != null && !isOne(file)) {
      problems.error(Position.TOP, "CRD160", "not a bundle", "make one with rules build");
    } else if (file != null) {
      try {
        bundle = head(file);
        bundle.compareWithTexts(path, surroundings);
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
    if (damaged.version > 0) {
      problems.error(
          Position.TOP,
          "CRD163",
          String.valueOf(damaged.getMessage()),
          damaged.version < VERSION
              ? "an older Cordon built it: build it again from its rule file"
              : "a newer Cordon built it: update this one, or build it with this one");
      return;
    }
    problems.error(
        Position.TOP,
        "CRD160",
        "a bundle that cannot be read: " + damaged.getMessage(),
        "get it again, or build it again");
  }

  /** What it was built from. */
  record Sources(List<Part> layers, List<byte[]> layerBytes, Map<String, byte[]> packs) {}

  Sources sources() throws DamagedException {
    Content content = content();
    byte[] inflated = inflated(content);
    BundleReader texts =
        new BundleReader(inflated, BundleReader.Texts.NONE, 0, content.sourceBytes());
    List<byte[]> layers = new ArrayList<>();
    for (int i = 0; i < content.layers.size(); i++) {
      layers.add(texts.bytes());
    }
    Map<String, byte[]> packs = new LinkedHashMap<>();
    for (Part pack : content.packs) {
      packs.put(pack.name(), texts.bytes());
    }
    return new Sources(content.layers, layers, packs);
  }

  /** The texts of its rule files, by name. */
  Map<String, String> texts() throws DamagedException {
    Sources sources = sources();
    Map<String, String> texts = new LinkedHashMap<>();
    for (int i = 0; i < sources.layers.size(); i++) {
      texts.put(
          sources.layers.get(i).name(),
          new String(sources.layerBytes.get(i), StandardCharsets.UTF_8));
    }
    return texts;
  }

  /**
   * Compiles its texts and compares every byte; what dates say is taken for the day it was built.
   */
  private void compareWithTexts(Path path, Surroundings surroundings) throws DamagedException {
    Content content = content();
    long epochDay = compiler(content, path, surroundings).epochDay;
    Surroundings then =
        epochDay == 0
            ? surroundings
            : new Surroundings(
                surroundings.detector(),
                () -> Instant.EPOCH.plus(Duration.ofDays(epochDay)),
                surroundings.nanoClock(),
                surroundings.ledger());
    Sources sources = sources();
    List<Layer> layers = new ArrayList<>();
    Map<String, YamlNode> packs = new HashMap<>();
    List<BundleWriter.Source> packSources = new ArrayList<>();
    List<byte[]> packBytes = new ArrayList<>();
    for (int i = 0; i < content.layers.size(); i++) {
      Part part = content.layers.get(i);
      byte[] bytes = sources.layerBytes.get(i);
      Problems problems = new Problems(shown(path, part));
      Section file = Section.of("the rule file", parsed(part.name(), bytes, problems), problems);
      layers.add(new Layer(part.name(), i, part.top(), false, bytes, file, problems));
    }
    for (Part pack : content.packs) { // as often as layers name them
      byte[] bytes = sources.packs.getOrDefault(pack.name(), new byte[0]);
      packs.put(pack.name(), parsed(pack.name(), bytes, new Problems(pack.name())));
      packSources.add(new BundleWriter.Source(pack.name(), false, bytes));
      packBytes.add(bytes);
    }
    RuleFile compiled = new RuleFileReader(then, packs).read(layers);
    for (Layer layer : layers) {
      if (layer.problems().hasErrors()) {
        throw new DamagedException(
            "its texts cannot be loaded: " + layer.problems().all().get(0).message());
      }
    }
    String digestOfTexts = RuleSet.digest(layers, packBytes);
    if (!digestOfTexts.equals(digest)) {
      throw new DamagedException("its digest is not that of its texts");
    }
    long day = epochDay == 0 ? RuleReader.today(then).toEpochDay() : epochDay;
    byte[] again = write(compiled, digestOfTexts, layers, packSources, day);
    // not the deflated texts, which were just read: another zlib packs them in another way
    if (again.length < content.sourcesAt
        || !Arrays.equals(
            again, SUMMED_FROM, content.sourcesAt - 4, file, SUMMED_FROM, content.sourcesAt - 4)) {
      throw new DamagedException("it is not what its texts say");
    }
  }

  static YamlNode parsed(String name, byte[] bytes, Problems problems) throws DamagedException {
    String text = RuleFileText.text(bytes, problems);
    YamlNode root = text == null ? null : YamlReader.read(text, problems);
    if (root == null || problems.hasErrors()) {
      throw new DamagedException("its text of " + name + " is none");
    }
    return root;
  }

  private byte[] inflated(Content content) throws DamagedException {
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
      Sources sources = sources();
      for (int i = 0; i < sources.layers.size(); i++) {
        String name = sources.layers.get(i).name();
        Problems unread = new Problems(name);
        Section file =
            Section.of("the rule file", parsed(name, sources.layerBytes.get(i), unread), unread);
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
