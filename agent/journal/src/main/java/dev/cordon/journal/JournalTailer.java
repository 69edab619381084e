package dev.cordon.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads every instance directory below a parent, also while other JVMs write them, and merges them
 * by time. Records of one instance keep their order. Changes nothing on disk. For one thread.
 */
public final class JournalTailer implements AutoCloseable {

  private static final int MAX_DEPTH = 4;
  private static final long SCAN_EVERY_NS = 1_000_000_000L;
  private static final Duration CLOCK_SLACK =
      Duration.ofMinutes(5); // clocks step, and a file's time is written late
  private static final Duration YOUNG = Duration.ofSeconds(60); // may still be taking its lock
  private static final int REMEMBERED_NUMBERS = 256;

  private final Path parent;
  private final @Nullable Path second;
  private final Instant since;
  private final Map<Path, InstanceReader> known = new HashMap<>();
  private final List<InstanceReader> waiting = new ArrayList<>(); // not opened yet, by start
  private final List<InstanceReader> active = new ArrayList<>();
  private final Map<String, Numbers> numbersByRun = new HashMap<>();
  private boolean scanned;
  private long scannedNs;
  private long damagedInClosed;
  private String lastProblem = "";

  private JournalTailer(Path parent, @Nullable Path second, Instant since) {
    this.parent = parent;
    this.second = second;
    this.since = since;
  }

  /** Reads from the first record on. */
  public static JournalTailer open(Path parent) throws IOException {
    return open(parent, Instant.MIN);
  }

  /** Reads from the first record that is not older than {@code since}. */
  public static JournalTailer open(Path parent, Instant since) throws IOException {
    return open(parent, null, since);
  }

  /** Merges what the services kept on their second device. */
  public static JournalTailer open(Path parent, @Nullable Path second, Instant since)
      throws IOException {
    for (Path one : second == null ? new Path[] {parent} : new Path[] {parent, second}) {
      if (!Files.isDirectory(one)) {
        throw new NotDirectoryException(one.toString());
      }
    }
    return new JournalTailer(parent, second, since);
  }

  /**
   * The next record, or null if there is none at the moment; new directories are noticed within
   * about a second. Does not wait: a caller that follows polls ten times a second.
   */
  public @Nullable JournalEntry poll() {
    scanNowAndThen();
    while (true) {
      InstanceReader next = earliest();
      if (next == null) {
        return null;
      }
      JournalEntry entry = next.peek();
      next.take();
      if (entry != null && !entry.time().isBefore(since) && isFirst(entry)) {
        return entry;
      }
    }
  }

  /**
   * Whether {@link #poll} answers null for all there is, and not because a directory could not be
   * read at the moment: it is tried again within some seconds.
   */
  public boolean isAtEnd() {
    for (InstanceReader reader : active) {
      if (reader.hasFailed()) {
        return false;
      }
    }
    return waiting.isEmpty();
  }

  /** Records that were skipped because they are not what a writer wrote. */
  public long damaged() {
    long damaged = damagedInClosed;
    for (InstanceReader reader : active) {
      damaged += reader.damaged();
    }
    return damaged;
  }

  /** The last thing that could not be read, in one line; empty if all could. */
  public String lastProblem() {
    for (InstanceReader reader : active) {
      if (!reader.lastProblem().isEmpty()) {
        return reader.lastProblem();
      }
    }
    return lastProblem;
  }

  /** True while the JVM that writes an instance directory runs, by the lock that it holds there. */
  public static boolean isLive(Path directory) {
    return !new InstanceReader(directory).isDead();
  }

  /**
   * The directory that was given to the agents as journal=, of one that is it or stands below it.
   */
  public static Path base(Path directory) throws IOException {
    Path absolute = directory.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    if (parent == null) {
      return absolute;
    }
    if (InstanceDirectories.isOne(absolute)) {
      Path above = parent.getParent();
      return above == null ? parent : above;
    }
    try (DirectoryStream<Path> children = Files.newDirectoryStream(absolute)) {
      for (Path child : children) {
        if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)
            && InstanceDirectories.isOne(child)) {
          return parent;
        }
      }
    } catch (java.nio.file.DirectoryIteratorException e) {
      throw e.getCause();
    }
    return absolute;
  }

  /** The directories with a log of their own, oldest first. */
  public static List<Path> logs(Path parent) throws IOException {
    return InstanceDirectories.below(parent.toAbsolutePath().normalize());
  }

  /** The place in its log of the first record of a directory; those before it were pruned. */
  public static long firstIndex(Path log) throws IOException {
    PrunedHead head = PrunedHead.read(log);
    return head == null ? 0 : head.records();
  }

  /** Instance directories seen so far. */
  public int directories() {
    return known.size();
  }

  @Override
  public void close() {
    for (InstanceReader reader : active) {
      reader.close();
    }
    active.clear();
    waiting.clear();
  }

  /**
   * The reader whose next record is the earliest. A directory is opened only when the merge reaches
   * its start: a parent with a thousand old ones has a few open at a time.
   */
  private @Nullable InstanceReader earliest() {
    InstanceReader earliest = null;
    for (int i = 0; i < active.size(); i++) {
      InstanceReader reader = active.get(i);
      if (reader.peek() != null && isBefore(reader, earliest)) {
        earliest = reader;
      }
    }
    while (!waiting.isEmpty() && mayPrecede(waiting.get(0), earliest)) {
      InstanceReader reader = waiting.remove(0);
      active.add(reader);
      if (reader.peek() != null && isBefore(reader, earliest)) {
        earliest = reader;
      }
    }
    return earliest;
  }

  private static boolean isBefore(InstanceReader reader, @Nullable InstanceReader other) {
    JournalEntry mine = reader.peek();
    JournalEntry others = other == null ? null : other.peek();
    return mine != null && (others == null || mine.time().isBefore(others.time()));
  }

  private static boolean mayPrecede(InstanceReader reader, @Nullable InstanceReader earliest) {
    JournalEntry entry = earliest == null ? null : earliest.peek();
    return entry == null || reader.startedAt.isBefore(entry.time().plus(CLOCK_SLACK));
  }

  private void scanNowAndThen() {
    long nowNs = System.nanoTime();
    if (scanned && nowNs - scannedNs < SCAN_EVERY_NS) {
      return;
    }
    scanned = true;
    scannedNs = nowNs;
    Set<Path> present = new HashSet<>();
    scan(parent, 0, present);
    if (second != null && !second.equals(parent)) {
      scan(second, 0, present);
    }
    waiting.sort(Comparator.comparing(reader -> reader.startedAt));
    closeFinished(present);
  }

  private void scan(Path directory, int depth, Set<Path> present) {
    try {
      if (InstanceDirectories.isOne(directory)) {
        found(directory, present);
        return;
      }
      if (depth == MAX_DEPTH) {
        return;
      }
      try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
        for (Path child : children) {
          if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
            scan(child, depth + 1, present);
          }
        }
      }
    } catch (IOException | UncheckedIOException | java.nio.file.DirectoryIteratorException e) {
      if (Files.exists(directory)) { // else vanished meanwhile
        lastProblem = directory + ": " + e;
      }
    }
  }

  private void found(Path directory, Set<Path> present) {
    present.add(directory);
    if (!known.containsKey(directory)) {
      InstanceReader reader = new InstanceReader(directory);
      known.put(directory, reader);
      if (!isOver(reader)) {
        waiting.add(reader);
      }
    }
  }

  /** True if nothing in it can be as young as asked for. */
  private boolean isOver(InstanceReader reader) {
    if (since.equals(Instant.MIN)) {
      return false;
    }
    Instant youngest = Instant.MIN;
    try (DirectoryStream<Path> cycles = Files.newDirectoryStream(reader.directory, "*.cq4")) {
      for (Path cycle : cycles) {
        Instant changed = Files.getLastModifiedTime(cycle).toInstant();
        youngest = changed.isAfter(youngest) ? changed : youngest;
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      return false;
    }
    return !youngest.equals(Instant.MIN)
        && youngest.plus(CLOCK_SLACK).isBefore(since)
        && reader.isDead();
  }

  private void closeFinished(Set<Path> present) {
    Instant young = Instant.now().minus(YOUNG);
    for (int i = active.size() - 1; i >= 0; i--) {
      InstanceReader reader = active.get(i);
      boolean gone = !present.contains(reader.directory);
      boolean finished =
          reader.peek() == null
              && (gone
                  || !reader.hasFailed() && reader.startedAt.isBefore(young) && reader.isDead());
      if (finished && reader.peek() == null) { // once more: written between reading and asking
        damagedInClosed += reader.damaged();
        if (!reader.lastProblem().isEmpty()) {
          lastProblem = reader.lastProblem();
        }
        reader.close();
        active.remove(i);
      }
    }
    waiting.removeIf(reader -> !present.contains(reader.directory));
    known.keySet().retainAll(present);
  }

  /**
   * A record that was in doubt when its directory was abandoned is in both, under the same number.
   */
  private boolean isFirst(JournalEntry entry) {
    if (entry.kind() == RecordKind.RECOVER) {
      return true;
    }
    String run = entry.instance().run();
    return numbersByRun
        .computeIfAbsent(
            SecondDevice.isSecond(entry.directory()) ? run + SecondDevice.SUFFIX : run,
            unused -> new Numbers())
        .add(entry.n(), entry.directory());
  }

  private static final class Numbers {
    private final long[] numbers = new long[REMEMBERED_NUMBERS];
    private final Path[] directories = new Path[REMEMBERED_NUMBERS];

    /** False if another directory had the number already. */
    boolean add(long n, Path directory) {
      int slot = (int) (n & (REMEMBERED_NUMBERS - 1));
      if (numbers[slot] == n && directories[slot] != null && !directories[slot].equals(directory)) {
        return false;
      }
      numbers[slot] = n;
      directories[slot] = directory;
      return true;
    }
  }
}
