package dev.cordon.journal.seal;

import static dev.cordon.journal.seal.Merkle.HASH_BYTES;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes the tree of one log as tiles (c2sp.org/tlog-tiles): 256 hashes each, {@code
 * tile/LEVEL/x001/x234/067}, the last of a level as {@code ....p/WIDTH} while it is not full. A
 * tile that is there already must say the same. For one thread.
 */
public final class Tiles {

  static final int WIDTH = 256;
  private static final int MAX_LEVELS = 8;

  /** A tile on disk is not the one that the records make. */
  public static final class DifferentTileException extends IOException {
    private static final long serialVersionUID = 1L;

    DifferentTileException(Path tile) {
      super(tile + ": is not the tile that the records make");
    }
  }

  private static final class Level {
    final byte[] hashes = new byte[WIDTH * HASH_BYTES];
    long index;
    int width;
    int writtenWidth; // of the partial tile on disk; 0: none
  }

  private final Path directory;
  private final Frontier frontier;
  private final boolean writes;
  private final List<Level> levels = new ArrayList<>();
  private final List<Path> outdated = new ArrayList<>();

  public Tiles(Path directory, Frontier frontier) {
    this(directory, frontier, true);
  }

  private Tiles(Path directory, Frontier frontier, boolean writes) {
    this.directory = directory;
    this.frontier = frontier;
    this.writes = writes;
  }

  /** Writes nothing: only compares with the tiles that are there. */
  public static Tiles compared(Path directory, Frontier frontier) {
    return new Tiles(directory, frontier, false);
  }

  /** Adds a leaf to tree and tiles; writes the tiles that it completes. */
  public void append(byte[] hashes, int at) throws IOException {
    int completed = frontier.append(hashes, at);
    Level level = level(0);
    System.arraycopy(hashes, at, level.hashes, level.width * HASH_BYTES, HASH_BYTES);
    added(0, level);
    for (int i = 1; i <= completed && i < MAX_LEVELS; i++) {
      Level above = level(i);
      frontier.copyTileHash(i, above.hashes, above.width * HASH_BYTES);
      added(i, above);
    }
  }

  private void added(int number, Level level) throws IOException {
    level.width++;
    if (level.width == WIDTH) {
      write(path(directory, Integer.toString(number), level.index, WIDTH), level.hashes, WIDTH);
      forgetPartial(number, level);
      level.index++;
      level.width = 0;
    }
  }

  /** Writes the partial tiles that a checkpoint of this size needs. */
  public void flush() throws IOException {
    for (int i = 0; i < levels.size(); i++) {
      Level level = levels.get(i);
      if (level.width > 0 && level.width != level.writtenWidth) {
        write(
            path(directory, Integer.toString(i), level.index, level.width),
            level.hashes,
            level.width);
        forgetPartial(i, level);
        level.writtenWidth = level.width;
      }
    }
  }

  private void forgetPartial(int number, Level level) {
    if (level.writtenWidth > 0) {
      outdated.add(path(directory, Integer.toString(number), level.index, level.writtenWidth));
    }
    level.writtenWidth = 0;
  }

  /** Removes the partial tiles that no checkpoint needs any more; after the checkpoint is there. */
  public void removeOutdated() throws IOException {
    for (Path tile : outdated) {
      Files.deleteIfExists(tile);
      Path parent = tile.getParent();
      if (parent != null && isEmpty(parent)) {
        Files.deleteIfExists(parent);
      }
    }
    outdated.clear();
  }

  /** Takes one leaf's hash. */
  @FunctionalInterface
  public interface Leaves {
    void leaf(byte[] hashes, int at) throws IOException;
  }

  /**
   * Reads the hashes of the first so many leaves.
   *
   * @throws IOException also if they are not all there
   */
  public static void read(Path directory, long count, Leaves to) throws IOException {
    for (long tile = 0; tile * WIDTH < count; tile++) {
      int width = (int) Math.min(WIDTH, count - tile * WIDTH);
      byte[] hashes = Files.readAllBytes(withLeaves(directory, tile, width));
      if (hashes.length < width * HASH_BYTES) {
        throw new IOException(path(directory, "0", tile, WIDTH) + ": the tile is cut");
      }
      for (int i = 0; i < width; i++) {
        to.leaf(hashes, i * HASH_BYTES);
      }
    }
  }

  /** Forces to the device what {@link #read} reads of the leaves from one on. */
  public static void force(Path directory, long from, long count) throws IOException {
    Path last = null;
    for (long tile = from / WIDTH; tile * WIDTH < count; tile++) {
      Path file = withLeaves(directory, tile, (int) Math.min(WIDTH, count - tile * WIDTH));
      AtomicFile.force(file);
      Path parent = file.getParent();
      if (last != null && !last.equals(parent)) {
        AtomicFile.force(last);
      }
      last = parent;
    }
    for (Path names = last;
        names != null && names.startsWith(directory);
        names = names.getParent()) {
      AtomicFile.force(names);
    }
  }

  /** The full tile, or the widest part of it that is there. */
  private static Path withLeaves(Path directory, long tile, int width) throws IOException {
    for (int has = WIDTH; has >= width; has--) {
      Path file = path(directory, "0", tile, has);
      if (file.toFile().isFile()) {
        return file;
      }
    }
    throw new IOException(path(directory, "0", tile, WIDTH) + ": the tile is missing");
  }

  private static boolean isEmpty(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return false;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      return !files.iterator().hasNext();
    }
  }

  private Level level(int number) {
    while (levels.size() <= number) {
      levels.add(new Level());
    }
    return levels.get(number);
  }

  private void write(Path tile, byte[] hashes, int width) throws IOException {
    byte[] content = Arrays.copyOf(hashes, width * HASH_BYTES);
    byte[] there = readIfThere(tile);
    if (there != null) {
      if (!Arrays.equals(there, content)) {
        throw new DifferentTileException(tile);
      }
      return;
    }
    if (writes) {
      AtomicFile.write(tile, content);
    }
  }

  private static byte @org.jspecify.annotations.Nullable [] readIfThere(Path tile)
      throws IOException {
    if (!tile.toFile().exists()) { // the usual case, and without the cost of an exception
      return null;
    }
    try {
      return Files.readAllBytes(tile);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /**
   * {@code DIRECTORY/tile/KIND/...}.
   *
   * @param kind the level, or {@code entries}
   */
  public static Path path(Path directory, String kind, long index, int width) {
    StringBuilder path = new StringBuilder("tile/").append(kind).append('/');
    int groups = 1;
    for (long rest = index / 1000; rest > 0; rest /= 1000) {
      groups++;
    }
    long divisor = 1;
    for (int i = 1; i < groups; i++) {
      divisor *= 1000;
    }
    for (int i = groups - 1; i >= 0; i--) {
      int group = (int) (index / divisor % 1000);
      divisor = Math.max(1, divisor / 1000);
      path.append(i > 0 ? "x" : "")
          .append((char) ('0' + group / 100))
          .append((char) ('0' + group / 10 % 10))
          .append((char) ('0' + group % 10));
      if (i > 0) {
        path.append('/');
      }
    }
    if (width < WIDTH) {
      path.append(".p/").append(width);
    }
    return directory.resolve(path.toString());
  }
}
