package dev.cordon.audit;

import dev.cordon.journal.JournalEntry;
import dev.cordon.journal.JournalTailer;
import dev.cordon.journal.seal.AtomicFile;
import dev.cordon.journal.seal.SealKey;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files of one journal directory in an export.
 *
 * <pre>
 *  SERVICE-START-000000000000-000000249999.ecs.ndjson            the records at these places of the log
 *  SERVICE-START-000000000000-000000249999.ecs.ndjson.manifest   what it is, its SHA-256, signed
 * </pre>
 *
 * A file ends at a multiple of {@link #PLACES} or where the journal ended then. It is written under
 * another name and renamed, its manifest after it: where there is a manifest the file is whole. A
 * file without one is written again, up to the same place.
 */
final class Exported {

  static final String MANIFEST = ".manifest";
  static final int MAX_MANIFEST_BYTES = 16 * 1024;

  private static final long PLACES = 250_000;

  private record Range(long from, long to) {}

  private final String origin;
  private final String prefix;
  private final Path log;
  private final Path target;
  private final ExportForm form;
  private final Selection selection;
  private final @Nullable SealKey key;
  private final List<Range> again = new ArrayList<>(); // in order
  private final List<String> written = new ArrayList<>();
  private long next; // first place that no file covers
  private @Nullable Part part;
  private long seen = -1;
  private long first; // place of the first record that was there when this began
  private long prunedBefore;

  /** A file that is being written. */
  private static final class Part {
    final Path made;
    final FileChannel channel;
    final MessageDigest digest;
    final OutputStream out;
    long from;
    long lines;
    long bytes;

    Part(Path made, long from) throws IOException {
      this.made = made;
      this.from = from;
      try {
        digest = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("this JVM has no SHA-256", e);
      }
      channel =
          FileChannel.open(
              made,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE);
      out =
          new BufferedOutputStream(
              new DigestOutputStream(Channels.newOutputStream(channel), digest), 1 << 16);
    }

    void write(String text) throws IOException {
      byte[] ascii = text.getBytes(StandardCharsets.UTF_8);
      out.write(ascii);
      bytes += ascii.length;
    }
  }

  Exported(Path log, Path target, ExportForm form, Selection selection, @Nullable SealKey key) {
    this.origin = origin(log);
    this.prefix = prefix(log);
    this.log = log;
    this.target = target;
    this.form = form;
    this.selection = selection;
    this.key = key;
  }

  /** The name of a log, as its records, checkpoints and proofs have it. */
  static String origin(Path log) {
    return "cordon/" + service(log) + "/" + log.getFileName();
  }

  /** What the files of a log begin with. */
  static String prefix(Path log) {
    return safe(service(log)) + "-" + safe(String.valueOf(log.getFileName()));
  }

  private static String service(Path log) {
    Path parent = log.toAbsolutePath().normalize().getParent();
    return parent == null ? "" : String.valueOf(parent.getFileName());
  }

  private static String safe(String name) {
    return name.replaceAll("[^A-Za-z0-9._-]", "_");
  }

  /** Looks at what is there. */
  void plan() throws IOException, UsageException {
    Pattern pattern =
        Pattern.compile(
            Pattern.quote(prefix) + "-([0-9]{12})-([0-9]{12})\\." + Pattern.quote(form.suffix));
    List<Range> ranges = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(target, prefix + "-*")) {
      for (Path one : all) {
        String name = String.valueOf(one.getFileName());
        boolean manifest = name.endsWith(MANIFEST);
        Matcher range =
            pattern.matcher(manifest ? name.substring(0, name.length() - MANIFEST.length()) : name);
        if (range.matches()) {
          Range found = new Range(Long.parseLong(range.group(1)), Long.parseLong(range.group(2)));
          if (!ranges.contains(found)) {
            ranges.add(found);
          }
        }
      }
    }
    ranges.sort(Comparator.comparingLong(Range::from));
    first = JournalTailer.firstIndex(log);
    for (Range range : ranges) {
      boolean follows = range.from() == next || range.from() > next && range.from() <= first;
      if (!follows || range.to() < range.from()) {
        throw new UsageException(
            target + " has files of " + prefix + " that do not follow each other, from " + next);
      }
      next = range.to() + 1;
      if (!isWhole(range)) {
        if (range.from() < first) {
          throw new UsageException(
              target.resolve(name(range))
                  + " is not whole and cannot be written again: its records were pruned");
        }
        again.add(range);
      }
    }
    prunedBefore = Math.max(0, first - next);
    next = Math.max(next, first);
  }

  /** Records that were pruned and that no export has. */
  long prunedBefore() {
    return prunedBefore;
  }

  private boolean isWhole(Range range) throws IOException, UsageException {
    Path file = target.resolve(name(range));
    Path manifest = target.resolve(name(range) + MANIFEST);
    if (!Files.isRegularFile(manifest) || Files.size(manifest) > MAX_MANIFEST_BYTES) {
      return false;
    }
    byte[] bytes = Files.readAllBytes(manifest);
    Map<String, String> told = read(bytes);
    if (!told.getOrDefault("selection", "").equals(Journals.told(selection))
        || !told.getOrDefault("log", "").equals(Plain.text(origin))) {
      throw new UsageException(
          manifest + " is of another selection or journal; name another directory");
    }
    boolean signed =
        key == null
            || new String(bytes, StandardCharsets.UTF_8).contains("\n\n\u2014 " + key.name() + " ");
    return signed
        && Files.isRegularFile(file)
        && Long.toString(Files.size(file)).equals(told.getOrDefault("bytes", ""));
  }

  /** Takes the records in their order, from the first on. */
  void add(JournalEntry entry) throws IOException {
    long index = entry.index();
    Range range = !again.isEmpty() ? again.get(0) : null;
    while (range != null && index > range.to()) {
      close(range);
      again.remove(0);
      range = again.isEmpty() ? null : again.get(0);
    }
    if (range != null && index >= range.from()) {
      write(entry, range.from());
    } else if (index >= next) {
      long end = (index / PLACES) * PLACES - 1;
      Part open = part;
      if (open != null && open.from <= end) {
        close(new Range(open.from, end));
        next = end + 1;
      }
      write(entry, next);
    }
    seen = Math.max(seen, index);
  }

  private void write(JournalEntry entry, long from) throws IOException {
    if (!selection.wants(entry)) {
      return;
    }
    Part open = part;
    if (open == null) {
      open = new Part(target.resolve("." + prefix + "." + form.suffix + ".part"), from);
      part = open;
      open.write(form.head());
    }
    open.write(form.line(entry) + "\n");
    open.lines++;
  }

  /** The journal has no more at the moment. */
  void finish() throws IOException {
    while (!again.isEmpty()) {
      Range range = again.remove(0);
      if (seen < range.to()) {
        throw new IOException(
            name(range) + " cannot be written again: " + origin + " ends at " + seen);
      }
      close(range);
    }
    Part open = part;
    if (open != null) {
      close(new Range(open.from, seen));
    }
  }

  private void close(Range range) throws IOException {
    Part open = part;
    if (open == null) {
      return; // nothing in it was wanted
    }
    part = null;
    if (JournalTailer.firstIndex(log) != first) {
      open.out.close();
      Files.deleteIfExists(open.made);
      throw new IOException(log + " was pruned while it was exported; run it again");
    }
    open.out.flush();
    open.channel.force(true);
    open.out.close();
    String name = name(range);
    String text =
        "cordon export 1\nlog "
            + Plain.text(origin)
            + "\nformat "
            + form.word()
            + "\nselection "
            + Plain.text(Journals.told(selection))
            + "\nfile "
            + name
            + "\nfrom "
            + range.from()
            + "\nto "
            + range.to()
            + "\nrecords "
            + open.lines
            + "\nbytes "
            + open.bytes
            + "\nsha256 "
            + HexFormat.of().formatHex(open.digest.digest())
            + "\n";
    Path file = target.resolve(name);
    Files.move(
        open.made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    AtomicFile.write(
        target.resolve(name + MANIFEST),
        ExportCommand.sign(text, key).getBytes(StandardCharsets.UTF_8));
    written.add(name);
  }

  /** Leaves no half file; of what was finished nothing is lost. */
  void abandon() throws IOException {
    Part open = part;
    part = null;
    if (open != null) {
      open.channel.close();
      Files.deleteIfExists(open.made);
    }
  }

  List<String> written() {
    return written;
  }

  private String name(Range range) {
    return prefix + "-" + digits(range.from()) + "-" + digits(range.to()) + "." + form.suffix;
  }

  private static String digits(long place) {
    String digits = Long.toString(place);
    return "0".repeat(Math.max(0, 12 - digits.length())) + digits;
  }

  // ---- manifests

  static Path fileOf(Path manifest) {
    String name = String.valueOf(manifest.getFileName());
    return manifest.resolveSibling(name.substring(0, name.length() - MANIFEST.length()));
  }

  private static Map<String, String> read(byte[] manifest) {
    Map<String, String> told = new TreeMap<>();
    for (String line : new String(manifest, StandardCharsets.UTF_8).split("\n", -1)) {
      int space = line.indexOf(' ');
      if (line.isEmpty()) {
        break; // signatures follow
      }
      told.putIfAbsent(
          space < 0 ? line : line.substring(0, space), space < 0 ? "" : line.substring(space + 1));
    }
    return told;
  }

  /** Why the file beside a manifest is not the one it names; empty when it is. */
  static String mismatch(Path manifest, byte[] bytes) throws IOException {
    Map<String, String> told = read(bytes);
    Path file = fileOf(manifest);
    if (!told.getOrDefault("cordon", "").equals("export 1")) {
      return "not a manifest of an export";
    }
    if (!String.valueOf(file.getFileName()).equals(told.getOrDefault("file", ""))) {
      return "it names another file";
    }
    if (!Files.isRegularFile(file)) {
      return "its file is missing";
    }
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no SHA-256", e);
    }
    try (OutputStream to = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
      Files.copy(file, to);
    }
    boolean same =
        HexFormat.of().formatHex(digest.digest()).equals(told.getOrDefault("sha256", ""));
    return same ? "" : "its file is not the one that was exported";
  }
}
