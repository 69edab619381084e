package dev.cordon.journal;

import dev.cordon.journal.RecordDecoder.DamagedException;
import dev.cordon.journal.seal.AtomicFile;
import dev.cordon.journal.seal.Checkpoint;
import dev.cordon.journal.seal.Frontier;
import dev.cordon.journal.seal.MalformedException;
import dev.cordon.journal.seal.Merkle;
import dev.cordon.journal.seal.Note;
import dev.cordon.journal.seal.RecordProof;
import dev.cordon.journal.seal.Tiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes proofs that show one event to somebody who has nothing else, reads what they show, and
 * exports a log in the form of C2SP tools.
 */
public final class JournalProver {

  private static final int MAX_MATCHES = 8; // a request and what came of it are two
  private static final int BUNDLE = 256;

  private record At(long index, byte[] record) {}

  private JournalProver() {}

  /**
   * The proof of the records of one request, with the names they use.
   *
   * @param wanted a request id, its last eight or more hex digits, or {@code DIRECTORY:INDEX}
   */
  public static String prove(Path parent, String wanted) throws IOException, MalformedException {
    List<String> unread = new ArrayList<>();
    for (Path directory : InstanceDirectories.below(parent.toAbsolutePath().normalize())) {
      List<At> found = find(directory, wanted.toLowerCase(Locale.ROOT), unread);
      if (!found.isEmpty()) {
        return prove(directory, found);
      }
    }
    throw new MalformedException(
        "no record "
            + wanted
            + " below "
            + parent
            + (unread.isEmpty() ? "" : "; not all was read: " + unread.get(0))
            + (unread.size() > 1 ? " (and " + (unread.size() - 1) + " more places)" : ""));
  }

  /** The events first, then the names they use; empty if there is no such event. */
  private static List<At> find(Path directory, String wanted, List<String> unread)
      throws IOException, MalformedException {
    int colon = wanted.indexOf(':');
    String digits = wanted.replace("-", "").replace("#", "");
    boolean byIndex = colon >= 0;
    String name = String.valueOf(directory.getFileName()).toLowerCase(Locale.ROOT);
    if (byIndex
        ? !wanted.substring(colon + 1).matches("[0-9]{1,18}")
        : !digits.matches("[0-9a-f]{8,32}")) {
      throw new MalformedException(
          wanted
              + " is no record; give a request id, its last eight digits or more as tail shows"
              + " them, or DIRECTORY:INDEX");
    }
    if (byIndex && !name.equals(wanted.substring(0, colon))) {
      return List.of();
    }
    long index = byIndex ? Long.parseLong(wanted.substring(colon + 1)) : -1;
    RecordDecoder decoder = new RecordDecoder(directory);
    Map<Integer, At> names = new HashMap<>();
    Map<Long, At> used = new TreeMap<>();
    List<At> found = new ArrayList<>();
    try (RecordFiles files = new RecordFiles(directory)) {
      PrunedHead head = files.head();
      if (byIndex && head != null && index < head.records()) {
        throw new MalformedException(
            wanted
                + " was pruned: the records before "
                + head.records()
                + " are deleted, only their hashes are there");
      }
      RecordFiles.Step step = files.next();
      for (; step == RecordFiles.Step.RECORD; step = files.next()) {
        long at = files.index();
        byte[] record =
            Arrays.copyOfRange(files.bytes(), files.offset(), files.offset() + files.length());
        try {
          JournalEntry entry = decoder.decode(record, record.length);
          if (entry == null) {
            names.put(RecordDecoder.nameId(record, record.length), new At(at, record));
          } else if (byIndex ? at == index : isRequest(entry, digits)) {
            found.add(new At(at, record));
            for (int id : decoder.namesOf(record, record.length)) {
              At taught = names.get(id);
              if (taught != null) {
                used.put(taught.index(), taught);
              }
            }
          }
        } catch (DamagedException e) {
          unread.add(directory + "/" + files.place() + ": " + e.getMessage());
        }
        if (found.size() > MAX_MATCHES) {
          throw new MalformedException(wanted + " is more than one request; give more digits");
        }
      }
      if (step == RecordFiles.Step.DAMAGED) {
        unread.add(files.problem());
      } else {
        String stub = files.stub();
        if (!stub.isEmpty() && !JournalTailer.isLive(directory)) {
          unread.add(stub);
        }
      }
    }
    if (!found.isEmpty()) {
      found.addAll(used.values());
    }
    return found;
  }

  private static boolean isRequest(JournalEntry entry, String digits) {
    UUID id = entry.requestId();
    return id != null && id.toString().replace("-", "").endsWith(digits);
  }

  private static String prove(Path directory, List<At> shown)
      throws IOException, MalformedException {
    Path file = directory.resolve(SealedLog.CHECKPOINT);
    if (!Files.exists(file)) {
      throw new MalformedException(
          directory + " has no signed checkpoint; run: cordon.jar journal seal");
    }
    byte[] note = Files.readAllBytes(file);
    Checkpoint checkpoint = checkpoint(file, note);
    List<byte[]> records = new ArrayList<>();
    List<Long> indices = new ArrayList<>();
    for (At one : shown) {
      if (one.index() >= checkpoint.size()) {
        throw new MalformedException(
            "record "
                + one.index()
                + " of "
                + directory
                + " is not sealed yet; wait, or run:"
                + " cordon.jar journal seal");
      }
      records.add(one.record());
      indices.add(one.index());
    }
    Merkle merkle = new Merkle();
    RecordProof.Maker maker = new RecordProof.Maker(merkle, records, indices, checkpoint.size());
    try (RecordFiles files = new RecordFiles(directory)) {
      PrunedHead head = files.head();
      long gone = head == null ? 0 : head.records();
      Tiles.read(
          directory,
          Math.min(gone, checkpoint.size()),
          (hashes, at) -> maker.leaf(Arrays.copyOfRange(hashes, at, at + Merkle.HASH_BYTES)));
      for (long i = gone; i < checkpoint.size(); i++) {
        if (files.next() != RecordFiles.Step.RECORD) {
          throw fewer(directory, files, i, checkpoint);
        }
        byte[] hash = new byte[Merkle.HASH_BYTES];
        merkle.leaf(files.bytes(), files.offset(), files.length(), hash, 0);
        maker.leaf(hash);
      }
    }
    try {
      return maker.text(checkpoint, new String(note, StandardCharsets.UTF_8));
    } catch (MalformedException e) {
      throw new MalformedException(directory + ": " + e.getMessage() + "; see journal verify");
    }
  }

  private static Checkpoint checkpoint(Path file, byte[] note) throws MalformedException {
    try {
      return Checkpoint.parse(Note.parse(note).text());
    } catch (MalformedException e) {
      throw new MalformedException(file + ": " + e.getMessage());
    }
  }

  private static MalformedException fewer(
      Path directory, RecordFiles files, long there, Checkpoint checkpoint) {
    return new MalformedException(
        directory
            + " holds "
            + there
            + " records, its checkpoint says "
            + checkpoint.size()
            + (files.problem().isEmpty() ? "" : ": " + files.problem()));
  }

  /** The events of a proof, which was verified; in its order, the records of names left out. */
  public static List<JournalEntry> entries(RecordProof.Proven proven) throws MalformedException {
    Path origin = Path.of(proven.checkpoint().origin());
    RecordDecoder decoder = new RecordDecoder(origin);
    List<JournalEntry> entries = new ArrayList<>();
    try {
      for (int round = 0; round < 2; round++) { // names first
        for (byte[] record : proven.records()) {
          boolean name =
              record.length > Layout.KIND
                  && (record[Layout.KIND] & 0xff) == RecordKind.DICT_ADD.code;
          if (name == (round == 0)) {
            JournalEntry entry = decoder.decode(record, record.length);
            if (entry != null) {
              entries.add(entry);
            }
          }
        }
      }
    } catch (DamagedException e) {
      throw new MalformedException("the proof is of a record that is none: " + e.getMessage());
    }
    return entries;
  }

  /**
   * Writes one directory's log as c2sp.org/tlog-tiles wants it: checkpoint, tiles, and the records
   * as entry bundles, of a log that was pruned the bundles that are whole. Returns the number of
   * records.
   */
  public static long export(Path directory, Path to) throws IOException, MalformedException {
    Path file = directory.resolve(SealedLog.CHECKPOINT);
    byte[] note = Files.readAllBytes(file);
    Checkpoint checkpoint = checkpoint(file, note);
    Merkle merkle = new Merkle();
    Frontier frontier = new Frontier(merkle);
    Tiles tiles = new Tiles(to, frontier);
    ByteArrayOutputStream bundle = new ByteArrayOutputStream();
    byte[] hash = new byte[Merkle.HASH_BYTES];
    try (RecordFiles files = new RecordFiles(directory)) {
      PrunedHead head = files.head();
      long gone = head == null ? 0 : Math.min(head.records(), checkpoint.size());
      long whole = (gone + BUNDLE - 1) / BUNDLE * BUNDLE;
      Tiles.read(directory, gone, tiles::append);
      for (long i = gone; i < checkpoint.size(); i++) {
        if (files.next() != RecordFiles.Step.RECORD) {
          throw fewer(directory, files, i, checkpoint);
        }
        merkle.leaf(files.bytes(), files.offset(), files.length(), hash, 0);
        tiles.append(hash, 0);
        if (i < whole) {
          continue;
        }
        bundle.write(files.length() >>> 8);
        bundle.write(files.length());
        bundle.write(files.bytes(), files.offset(), files.length());
        boolean last = i + 1 == checkpoint.size();
        if (last || (i + 1) % BUNDLE == 0) {
          int width = (int) (i % BUNDLE) + 1;
          AtomicFile.write(Tiles.path(to, "entries", i / BUNDLE, width), bundle.toByteArray());
          bundle.reset();
        }
      }
    }
    if (!Arrays.equals(frontier.root(), checkpoint.root())) {
      throw new MalformedException(directory + ": the records are not those that were signed");
    }
    tiles.flush();
    AtomicFile.write(to.resolve(SealedLog.CHECKPOINT), note);
    return checkpoint.size();
  }

  /** Where the one directory of a log is; null if there is none or more than one. */
  public static @Nullable Path only(Path parent) throws IOException {
    List<Path> all = InstanceDirectories.below(parent.toAbsolutePath().normalize());
    return all.size() == 1 ? all.get(0) : null;
  }
}
