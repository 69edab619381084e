package dev.cordon.journal;

import dev.cordon.journal.RecordDecoder.DamagedException;
import dev.cordon.journal.seal.AtomicFile;
import dev.cordon.journal.seal.Checkpoint;
import dev.cordon.journal.seal.Frontier;
import dev.cordon.journal.seal.MalformedException;
import dev.cordon.journal.seal.Merkle;
import dev.cordon.journal.seal.Note;
import dev.cordon.journal.seal.SealKey;
import dev.cordon.journal.seal.Tiles;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One directory's records on their way to tiles and checkpoints. Reads them from the first on: what
 * is signed is what is in the files. For one thread.
 */
final class SealedLog implements Closeable {

  static final String CHECKPOINT = "checkpoint";

  /** Says which key follows which. */
  static final String ROTATION = "key.rotate";

  /** A hint for the next start that nothing is left to do here; believed by nobody else. */
  static final String FINISHED = "sealed";

  private static final int RECORDS_A_LOOK = 16; // at the clock

  final Path directory;
  final String origin;
  final long log;
  private final RecordFiles files;
  private final Frontier frontier;
  private final Tiles tiles;
  private final Merkle merkle = new Merkle();
  private final byte[] hash = new byte[Merkle.HASH_BYTES];
  private final @Nullable Checkpoint before; // what an earlier process signed
  private final @Nullable PrunedHead head;
  private long sealed;
  private long unsealed; // records since then that are not seals
  private boolean linked;
  private boolean signedNow;
  private boolean atEnd;

  SealedLog(Path directory) throws IOException {
    this.directory = directory;
    this.origin = Seal.origin(directory);
    this.log = Seal.logOf(origin);
    this.files = new RecordFiles(directory);
    this.frontier = new Frontier(merkle);
    this.tiles = new Tiles(directory, frontier);
    this.before = existing(directory.resolve(CHECKPOINT));
    if (before != null && !before.origin().equals(origin)) {
      throw new IOException(
          directory.resolve(CHECKPOINT) + " is of " + before.origin() + ", not of " + origin);
    }
    head = files.head();
    if (head != null) {
      begin(head);
    }
  }

  /** Of what was pruned there are the hashes. */
  private void begin(PrunedHead pruned) throws IOException {
    Tiles.read(
        directory,
        pruned.records(),
        (hashes, at) -> {
          tiles.append(hashes, at);
          checkBefore();
        });
    if (!Arrays.equals(frontier.root(), pruned.root())) {
      throw new IOException(directory + ": the tiles are not those of what was pruned");
    }
  }

  private static @Nullable Checkpoint existing(Path file) throws IOException {
    if (!Files.exists(file)) {
      return null;
    }
    try {
      return Checkpoint.parse(Note.parse(Files.readAllBytes(file)).text());
    } catch (MalformedException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /** Takes all records that there are at the moment. */
  void readAll() throws IOException {
    do {
      read(Integer.MAX_VALUE, System.nanoTime() + 1_000_000_000L);
    } while (!atEnd);
  }

  /**
   * Takes up to so many records; fewer if there are no more at the moment, which {@link #isAtEnd}
   * tells, or if it is time to stop.
   *
   * @param untilNs of {@link System#nanoTime}
   * @throws IOException also if the records are not those that were signed before
   */
  int read(int most, long untilNs) throws IOException {
    int taken = 0;
    atEnd = false;
    while (taken < most && (taken % RECORDS_A_LOOK != 0 || System.nanoTime() - untilNs < 0)) {
      long position = files.position();
      Path file = files.file();
      RecordFiles.Step step = files.next();
      if (step == RecordFiles.Step.END) {
        atEnd = true;
        break;
      }
      if (step == RecordFiles.Step.DAMAGED) {
        throw new IOException(files.problem());
      }
      byte[] bytes = files.bytes();
      try {
        RecordDecoder.check(bytes, files.offset(), files.length());
      } catch (DamagedException e) {
        if (!file.equals(directory)) {
          files.close();
          files.resume(
              String.valueOf(file.getFileName()),
              position); // perhaps read while it was written: looked at again
        }
        throw new IOException(directory.resolve(files.place()) + ": " + e.getMessage(), e);
      }
      merkle.leaf(bytes, files.offset(), files.length(), hash, 0);
      tiles.append(hash, 0);
      taken++;
      if ((bytes[files.offset() + Layout.KIND] & 0xff) != RecordKind.SEAL.code) {
        unsealed++;
      }
      checkBefore();
    }
    return taken;
  }

  private void checkBefore() throws IOException {
    if (before == null || before.size() != frontier.size()) {
      return;
    }
    if (!Arrays.equals(before.root(), frontier.root())) {
      throw new IOException(
          directory + ": the first " + before.size() + " records are not those that were signed");
    }
    sealed = before.size();
    unsealed = 0;
  }

  /** True if the last {@link #read} came to the end of what is written. */
  boolean isAtEnd() {
    return atEnd;
  }

  long size() {
    return frontier.size();
  }

  /** Records that no checkpoint covers, seals aside. */
  long unsealed() {
    return unsealed;
  }

  /** True if there is a checkpoint of all records up to now, seals aside. */
  boolean isSigned() {
    return signedNow || before != null && before.size() == sealed && unsealed == 0;
  }

  /** True if an earlier process signed more than there is now. */
  boolean isShorterThanSigned() {
    return before != null && before.size() > frontier.size();
  }

  /**
   * Writes, with a key, the checkpoint and the partial tiles that it needs; returns the seal to be
   * recorded. Full tiles are written as soon as they are full.
   *
   * @param lateAt null: sealed by the process that writes; else the time, told by the checkpoint
   * @param link told once, as soon as it is known
   * @param copy given the signed note
   */
  Seal seal(
      @Nullable SealKey key,
      @Nullable Instant lateAt,
      Seal.@Nullable Link link,
      @Nullable SealCopy copy)
      throws IOException, GeneralSecurityException {
    byte[] root = frontier.root();
    byte[] signature = new byte[0];
    if (key != null) {
      tiles.flush();
      List<String> late =
          lateAt == null
              ? List.of()
              : List.of(
                  "late "
                      + Math.min(sealed, before == null ? 0 : before.lateFrom())
                      + " "
                      + lateAt);
      Checkpoint checkpoint = new Checkpoint(origin, frontier.size(), root, late);
      String text = checkpoint.text();
      signature = key.sign(text.getBytes(StandardCharsets.UTF_8));
      byte[] note = Note.of(text, key.name(), key.id(), signature).getBytes(StandardCharsets.UTF_8);
      AtomicFile.write(directory.resolve(CHECKPOINT), note);
      signedNow = true;
      if (copy != null) {
        copy.offer(note);
      }
      tiles.removeOutdated();
    }
    sealed = frontier.size();
    unsealed = 0;
    Seal.Link first = linked ? null : link;
    linked |= link != null;
    return new Seal(log, sealed, root, key == null ? 0 : key.id(), signature, first);
  }

  /** Leaves the hint that nothing is left to do. */
  void finish() throws IOException {
    String text =
        frontier.size()
            + "\n"
            + Base64.getEncoder().encodeToString(frontier.root())
            + "\n"
            + (head != null && files.fileName().isEmpty() ? head.through() : files.fileName())
            + "\n"
            + files.position()
            + "\n";
    AtomicFile.write(directory.resolve(FINISHED), text.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * What a finished directory says about itself; null if there is more to do or it says nothing.
   */
  static Seal.@Nullable Link finished(Path directory) throws IOException {
    Path file = directory.resolve(FINISHED);
    if (!Files.exists(file) || Files.size(file) > 1024) {
      return null;
    }
    String[] lines = Files.readString(file, StandardCharsets.ISO_8859_1).split("\n", -1);
    if (lines.length != 5
        || !lines[0].matches("[0-9]{1,18}")
        || !lines[2].matches(QueueFile.FILE_NAME)
        || !lines[3].matches("[0-9]{1,18}")) {
      return null;
    }
    try (RecordFiles files = new RecordFiles(directory)) {
      PrunedHead head = PrunedHead.read(directory);
      if (head == null || !head.covers(directory.resolve(lines[2]))) {
        files.resume(lines[2], Long.parseLong(lines[3]));
      } // else it begins after what is gone
      for (RecordFiles.Step step = files.next();
          step == RecordFiles.Step.RECORD;
          step = files.next()) {
        if ((files.bytes()[files.offset() + Layout.KIND] & 0xff) != RecordKind.SEAL.code) {
          return null; // written after it was finished
        }
      }
      byte[] root = Base64.getDecoder().decode(lines[1]);
      return root.length == Merkle.HASH_BYTES
          ? new Seal.Link(String.valueOf(directory.getFileName()), Long.parseLong(lines[0]), root)
          : null;
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    files.close();
  }
}
