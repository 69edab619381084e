package dev.cordon.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The raw records of one directory, in order, read from the files and not through the library that
 * wrote them: a second opinion, no mapping that a shortened file would turn into a fault, and as
 * fast as the disk. Also while the files are written. For one thread.
 *
 * <pre>
 *  a file is documents, each at a multiple of 4:    header u32, content
 *  header:  0 nothing yet | bit 31 not complete | bit 30 of the library | bits 0-29 length
 *           c0000000 the end of this file, there is a next one
 * </pre>
 */
final class RecordFiles implements Closeable {

  enum Step {
    RECORD,
    /** Nothing more at the moment. */
    END,
    /** Not what a writer leaves; {@link #problem} says it. Reading cannot go on. */
    DAMAGED
  }

  /** Files that are read were pruned meanwhile: what was to come next is gone, on purpose. */
  static final class PrunedMeanwhileException extends IOException {
    private static final long serialVersionUID = 1L;

    PrunedMeanwhileException(Path directory) {
      super(directory + ": files were pruned while they were read; do it again");
    }
  }

  private static final int MAX_LOOKS = 5; // at files that are deleted while they are listed
  private static final int WINDOW_BYTES = 1 << 18;
  private static final int FOLLOWED_BYTES = 1 << 14; // where a record came that was waited for
  private static final int NOT_COMPLETE = 1 << 31;
  private static final int OF_LIBRARY = 1 << 30;
  private static final int END_OF_FILE = NOT_COMPLETE | OF_LIBRARY;
  private static final int LENGTH_MASK = OF_LIBRARY - 1;
  private static final int HEADER_BYTES = 4;

  private static final String CUT = "the file ends where a record or its end mark should be";

  private final Path directory;
  private final byte[] window = new byte[WINDOW_BYTES];
  private final ByteBuffer windowBuffer = ByteBuffer.wrap(window);
  private final ByteBuffer headerBuffer =
      ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private @Nullable FileChannel channel;
  private Path file;
  private long windowAt;
  private int windowBytes;
  private boolean follows;
  private long position; // of the next header
  private long recordPosition;
  private int offset;
  private int length;
  private String problem = "";
  private @Nullable PrunedHead head;
  private boolean headTold;
  private long index = -1;

  RecordFiles(Path directory) {
    this.directory = directory;
    this.file = directory;
  }

  /** Goes on where another reader stood: {@link #fileName} and {@link #position}. */
  void resume(String fileName, long at) {
    file = directory.resolve(fileName);
    position = at;
  }

  /**
   * What was pruned before the first record; null if nothing was. Reading begins after it: files
   * that it covers and that are still there count as gone. Before the first {@link #next}.
   */
  @Nullable PrunedHead head() throws IOException {
    if (channel == null) {
      openFirst();
    }
    headTold = true;
    return head;
  }

  /** The current record's place in the log, from 0; not after {@link #resume}. */
  long index() {
    return index;
  }

  /** The bytes of the record that {@link #next} found begin here. Valid until the next call. */
  byte[] bytes() {
    return window;
  }

  int offset() {
    return offset;
  }

  int length() {
    return length;
  }

  /** Where the current record's document begins, {@code file:position}. */
  String place() {
    return file.getFileName() + ":" + recordPosition;
  }

  /** The file that is read; the directory before the first. */
  Path file() {
    return file;
  }

  String fileName() {
    return file.equals(directory) ? "" : String.valueOf(file.getFileName());
  }

  long position() {
    return position;
  }

  String problem() {
    return problem;
  }

  /**
   * After {@link Step#END}: what a writer that has ended does not leave where the next record would
   * stand; empty if all is well. There is always room beyond the last one, from before a file has
   * its name.
   */
  String stub() throws IOException {
    FileChannel open = channel;
    if (open == null || !fileName().endsWith(".cq4")) {
      return ""; // without room beyond its end
    }
    String place = file + ":" + position + ": ";
    if (open.read(headerBuffer.clear(), position) < HEADER_BYTES) {
      return place + CUT;
    }
    if (position == 0) {
      return ""; // just made
    }
    int header = headerBuffer.getInt(0);
    return header == 0 || header == END_OF_FILE ? "" : place + "a document that is not complete";
  }

  /**
   * True when nothing stands where the next record of this file will; cheaper than {@link #next}.
   * What came there since the window was read is read anew: from the window it would be nothing.
   */
  boolean isQuiet() throws IOException {
    FileChannel open = channel;
    if (open == null) {
      return false;
    }
    long at = position + 3 & ~3L;
    if (at >= windowAt && at + HEADER_BYTES <= windowAt + windowBytes) {
      int read = Layout.get32(window, (int) (at - windowAt));
      if (read != 0 && (read & NOT_COMPLETE) == 0) {
        return false;
      }
    }
    if (open.read(headerBuffer.clear(), at) == HEADER_BYTES && headerBuffer.getInt(0) == 0) {
      return true;
    }
    windowBytes = 0;
    follows = true;
    return false;
  }

  Step next() throws IOException {
    if (channel == null && !openFirst()) {
      return Step.END;
    }
    while (true) {
      Step step = nextInFile();
      if (step != Step.END) {
        return step;
      }
      windowBytes = 0; // what comes next is read again
      Path following = following();
      if (following == null) {
        return Step.END;
      }
      step = nextInFile(); // written between reading and looking
      if (step != Step.END) {
        return step;
      }
      if (fileName().endsWith(".cq4") && fill(position, HEADER_BYTES) < HEADER_BYTES) {
        return damaged(CUT); // else the next file would be taken for what follows
      }
      openUnlessPruned(following, 0);
    }
  }

  private Step nextInFile() throws IOException {
    while (true) {
      position = position + 3 & ~3L;
      recordPosition = position;
      int available = fill(position, HEADER_BYTES);
      if (available < HEADER_BYTES) {
        return Step.END;
      }
      int header = Layout.get32(window, (int) (position - windowAt));
      if (header == 0 || header == END_OF_FILE || (header & NOT_COMPLETE) != 0) {
        return Step.END;
      }
      int bytes = header & LENGTH_MASK;
      long next = position + HEADER_BYTES + bytes;
      if ((header & OF_LIBRARY) != 0) {
        if (next > size()) {
          return damaged("the file ends inside of a document of " + bytes + " bytes");
        }
        if (bytes >= Layout.FIXED_BYTES && isRecord(bytes)) {
          return damaged("a record that is marked as a document of the library");
        }
        position = next;
        continue;
      }
      if (bytes < Layout.FIXED_BYTES || bytes > Layout.MAX_BYTES) {
        return damaged("a document of " + bytes + " bytes is no record");
      }
      if (fill(position, HEADER_BYTES + bytes) < HEADER_BYTES + bytes) {
        return damaged("the file ends inside of a record of " + bytes + " bytes");
      }
      offset = (int) (position - windowAt) + HEADER_BYTES;
      length = bytes;
      position = next;
      index++;
      return Step.RECORD;
    }
  }

  /** By its first bytes, which no document of the library has. */
  private boolean isRecord(int bytes) throws IOException {
    int start = HEADER_BYTES + Layout.LENGTH + 4;
    if (fill(position, start) < start) {
      return false;
    }
    int at = (int) (position - windowAt) + HEADER_BYTES;
    return window[at] == Layout.VERSION && Layout.get32(window, at + Layout.LENGTH) == bytes;
  }

  private Step damaged(String what) {
    problem = file + ":" + position + ": " + what;
    return Step.DAMAGED;
  }

  /** How many of so many bytes from a position on are in the window now. */
  private int fill(long from, int bytes) throws IOException {
    long end = windowAt + windowBytes;
    if (from >= windowAt && from + bytes <= end) {
      return bytes;
    }
    FileChannel open = channel;
    if (open == null) {
      return 0;
    }
    windowAt = from;
    windowBytes = 0;
    int most = follows ? FOLLOWED_BYTES : WINDOW_BYTES;
    follows = false;
    while (windowBytes < bytes) {
      windowBuffer.limit(most).position(windowBytes);
      int read = open.read(windowBuffer, from + windowBytes);
      if (read <= 0) {
        break;
      }
      windowBytes += read;
    }
    return Math.min(windowBytes, bytes);
  }

  private long size() throws IOException {
    FileChannel open = channel;
    return open == null ? 0 : open.size();
  }

  private boolean openFirst() throws IOException {
    if (!file.equals(directory)) {
      openUnlessPruned(file, position);
      return true;
    }
    for (int look = 0; ; look++) {
      List<Path> files = files(directory);
      PrunedHead now = PrunedHead.read(directory); // after the list: written before files go
      if (headTold && !PrunedHead.isSame(head, now)) {
        throw new PrunedMeanwhileException(directory);
      }
      head = now;
      index = now == null ? -1 : now.records() - 1;
      try {
        for (Path first : files) {
          if (now == null || !now.covers(first)) {
            open(first, 0);
            return true;
          }
        }
        return false;
      } catch (NoSuchFileException e) {
        if (look == MAX_LOOKS) {
          throw e;
        }
      }
    }
  }

  /** A file that went between the list and this, or since it was read before. */
  private void openUnlessPruned(Path next, long at) throws IOException {
    try {
      open(next, at);
    } catch (NoSuchFileException e) {
      PrunedHead now = PrunedHead.read(directory);
      if (now != null && now.covers(next)) {
        throw new PrunedMeanwhileException(directory);
      }
      throw e;
    }
  }

  private void open(Path next, long at) throws IOException {
    FileChannel opened = FileChannel.open(next, StandardOpenOption.READ);
    close();
    channel = opened;
    file = next;
    position = at;
    windowBytes = 0;
    windowAt = 0;
  }

  private @Nullable Path following() throws IOException {
    List<Path> files = files(directory);
    PrunedHead now = PrunedHead.read(directory);
    if (now != null && now.covers(file)) {
      throw new PrunedMeanwhileException(directory);
    }
    for (Path other : files) {
      if (QueueFile.cycleOf(other) > QueueFile.cycleOf(file)) {
        return other;
      }
    }
    return null;
  }

  /** The files with records, oldest first. */
  static List<Path> files(Path directory) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "*.{cq4,rec}")) {
      for (Path one : all) {
        if (QueueFile.cycleOf(one) >= 0 && Files.isRegularFile(one, LinkOption.NOFOLLOW_LINKS)) {
          files.add(one);
        }
      }
    } catch (java.nio.file.DirectoryIteratorException e) {
      throw e.getCause();
    }
    files.sort(Comparator.comparingLong(QueueFile::cycleOf));
    return files;
  }

  @Override
  public void close() throws IOException {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      open.close();
    }
  }
}
