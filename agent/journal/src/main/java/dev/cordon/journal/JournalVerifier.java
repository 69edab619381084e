package dev.cordon.journal;

import dev.cordon.journal.Verification.Finding;
import dev.cordon.journal.Verification.Kind;
import dev.cordon.journal.seal.Checkpoint;
import dev.cordon.journal.seal.MalformedException;
import dev.cordon.journal.seal.Note;
import dev.cordon.journal.seal.Rotation;
import dev.cordon.journal.seal.VerifierKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Verifies every directory below a parent, the newest first, because a newer one tells what an
 * older one was. Reads the files and not through the library that wrote them; writes nothing but
 * what it is to remember. Memory does not grow with the journal. For one thread.
 */
public final class JournalVerifier {

  private static final long MAX_NOTES_BYTES = 64L << 20;

  /**
   * What to verify, and against what.
   *
   * @param keys that sign; none: no signature is looked at
   * @param rotations notes that say which key follows which
   * @param remember file of what was seen; null: nothing is remembered
   * @param copy file of checkpoints on another device; null: there is none
   * @param since directories without a younger record are left out
   * @param full reads also what was verified earlier
   * @param second where the services keep what their first device does not take; null: not told
   */
  public record Request(
      Path parent,
      List<VerifierKey> keys,
      List<Path> rotations,
      @Nullable Path remember,
      @Nullable Path copy,
      Instant since,
      boolean full,
      @Nullable Path second) {

    public Request {
      keys = List.copyOf(keys);
      rotations = List.copyOf(rotations);
    }

    /** Where there is no second device. */
    public Request(
        Path parent,
        List<VerifierKey> keys,
        List<Path> rotations,
        @Nullable Path remember,
        @Nullable Path copy,
        Instant since,
        boolean full) {
      this(parent, keys, rotations, remember, copy, since, full, null);
    }

    public static Request of(Path parent) {
      return new Request(parent, List.of(), List.of(), null, null, Instant.MIN, false, null);
    }
  }

  /** Told now and then: how much of the files was read. */
  @FunctionalInterface
  public interface Progress {
    void at(long readBytes, long allBytes);
  }

  private static final int MAX_TRIES = 5; // while others prune

  /** A prune record, and whether it is under a signature. */
  private record Told(LogVerifier.Prune prune, boolean signed) {}

  private final Request request;
  private final Progress progress;
  private final List<Finding> findings = new ArrayList<>();
  private final List<Verification.Log> logs = new ArrayList<>();
  private final Map<Path, List<Told>> prunes = new HashMap<>(); // by path of what was pruned
  private final Map<Path, PrunedHead> heads = new TreeMap<>();
  private final Set<Path> tellPrunes = new HashSet<>(); // read whole
  private final Map<String, List<Checkpoint>> copied = new HashMap<>();
  private final Map<String, Seal.Link> onSecond = new TreeMap<>(); // by origin
  private final Map<String, List<Seal.Link>> linked = new HashMap<>(); // by path of the directory
  private Set<VerifierKey> keys = Set.of();
  private Remembered remembered = new Remembered();
  private Map<String, Remembered.Log> rememberedBefore = Map.of();
  private long allBytes;
  private long readBytes;

  private JournalVerifier(Request request, Progress progress) {
    this.request = request;
    this.progress = progress;
  }

  /**
   * Verifies.
   *
   * @throws IOException if what was asked with cannot be read: the copy, what is remembered
   */
  public static Verification verify(Request request, Progress progress)
      throws IOException, MalformedException {
    return new JournalVerifier(request, progress).verify();
  }

  private Verification verify() throws IOException, MalformedException {
    Path parent = request.parent().toAbsolutePath().normalize();
    List<Path> directories = new ArrayList<>(InstanceDirectories.below(parent));
    Collections.reverse(directories);
    Path second = request.second();
    if (second != null) {
      directories.addAll(InstanceDirectories.below(second.toAbsolutePath().normalize()));
    }
    directories.sort(Comparator.comparing(SecondDevice::isSecond)); // the others tell what they are
    keys = Rotation.trusted(request.keys(), rotations(directories));
    readCopy();
    Path remember = request.remember();
    if (remember != null) {
      remembered = Remembered.read(remember);
      rememberedBefore = new HashMap<>(remembered.logs);
    }
    if (directories.isEmpty()) {
      findings.add(new Finding(Kind.CANNOT_TELL, parent.toString(), "there is no journal below"));
    }
    Set<String> present = new HashSet<>();
    for (Path directory : directories) {
      present.add(Seal.origin(directory));
    }
    findHeads(directories);
    List<Path> wanted =
        directories.stream().filter(one -> isWanted(one) || tellPrunes.contains(one)).toList();
    for (Path directory : wanted) {
      allBytes += bytes(directory);
    }
    for (Path directory : wanted) {
      one(directory);
    }
    tellPruned();
    tellMissing(parent, present);
    tellOnSecond(present);
    if (remember != null) {
      remembered.write(remember);
    }
    return new Verification(logs, findings);
  }

  private void findHeads(List<Path> directories) {
    for (Path directory : directories) {
      try {
        PrunedHead head = isWanted(directory) ? PrunedHead.read(directory) : null;
        if (head != null) {
          heads.put(directory, head);
          tellPrunes.add(directory.resolveSibling(head.by()));
        }
      } catch (IOException e) {
        // told when it is verified
      }
    }
  }

  private void one(Path directory) {
    for (int tries = 1; !tried(directory, tries == MAX_TRIES); tries++) {
      // somebody prunes it at this moment
    }
  }

  private boolean tried(Path directory, boolean last) {
    String origin = Seal.origin(directory);
    List<Seal.Link> links = linked.getOrDefault(directory.toString(), List.of());
    Remembered.Log seen = remembered.logs.get(origin);
    boolean resumes =
        seen != null
            && !request.full()
            && !tellPrunes.contains(directory)
            && LogVerifier.canResume(directory, seen, links);
    long from = seen != null && resumes ? seen.size() : 0;
    LogVerifier log =
        new LogVerifier(
            directory,
            keys,
            resumes ? seen : null,
            read -> progress.at(readBytes + read, allBytes));
    if (seen != null) {
      log.expectRemembered(seen);
    }
    for (Checkpoint checkpoint : copied.getOrDefault(origin, List.of())) {
      if (checkpoint.size() >= from) {
        log.expect(checkpoint.size(), checkpoint.root(), "the copy of its checkpoints", true);
      }
    }
    for (Seal.Link link : links) {
      log.expect(link.size(), link.root(), "the directory after it", false);
    }
    Seal.Link told = onSecond.get(origin);
    if (told != null && told.size() >= from) {
      log.expect(told.size(), told.root(), "the first device's device.up", false);
    }
    try {
      Verification.Log verified = log.verify();
      if (!resumes && !PrunedHead.isSame(heads.get(directory), log.head())) {
        throw new RecordFiles.PrunedMeanwhileException(directory);
      }
      logs.add(verified);
      if (log.isSound()) {
        remembered.logs.put(origin, log.remember());
      }
    } catch (RecordFiles.PrunedMeanwhileException e) {
      if (!last) {
        findHeads(List.of(directory));
        return false;
      }
      log.tell(Kind.CANNOT_TELL, directory.toString(), String.valueOf(e.getMessage()));
      logs.add(log.unread());
    } catch (IOException | RuntimeException e) { // one that cannot be read must not hide the others
      log.tell(Kind.CANNOT_TELL, directory.toString(), "cannot be read: " + e);
      logs.add(log.unread());
    }
    for (Seal.Link link : log.onSecond()) {
      onSecond.put(origin.substring(0, origin.lastIndexOf('/') + 1) + link.directory(), link);
    }
    if (log.recordsOnSecond() > 0) {
      findings.add(
          new Finding(
              Kind.NOTE,
              directory.toString(),
              log.recordsOnSecond() + " records of this run are on its second device"));
    }
    take(log.prunes(), directory, log.signedRecords());
    readBytes += log.readBytes();
    findings.addAll(log.findings());
    for (Seal.Link link : log.links()) {
      linked
          .computeIfAbsent(
              directory.resolveSibling(link.directory()).toString(), any -> new ArrayList<>())
          .add(link);
    }
    return true;
  }

  private void take(List<LogVerifier.Prune> told, Path by, long signed) {
    for (LogVerifier.Prune prune : told) {
      prunes
          .computeIfAbsent(by.resolveSibling(prune.directory()), any -> new ArrayList<>())
          .add(new Told(prune, keys.isEmpty() || prune.index() < signed));
    }
  }

  private void readPrunes(Path by) {
    LogVerifier log = new LogVerifier(by, keys, null, read -> {});
    try {
      log.verify();
    } catch (IOException | RuntimeException e) {
      findings.add(new Finding(Kind.CANNOT_TELL, by.toString(), "cannot be read: " + e));
    }
    take(log.prunes(), by, log.signedRecords());
  }

  private @Nullable Told told(Path directory, PrunedHead head) {
    Told told = null;
    for (Told prune : prunes.getOrDefault(directory, List.of())) {
      if (PrunedHead.isSame(prune.prune().head(), head) && (told == null || prune.signed())) {
        told = prune;
      }
    }
    return told;
  }

  /** A beginning that is gone must be told by a record that is signed if records are. */
  private void tellPruned() {
    for (Map.Entry<Path, PrunedHead> one : heads.entrySet()) {
      Path directory = one.getKey();
      PrunedHead head = one.getValue();
      Path by = directory.resolveSibling(head.by());
      String gone = "the first " + head.records() + " records are gone";
      Told told = told(directory, head);
      if ((told == null || !told.signed()) && Files.isDirectory(by)) {
        readPrunes(by); // it may have been written, or signed, since it was read
        told = told(directory, head);
      }
      if (told != null && told.signed()) {
        Map<String, String> attributes = told.prune().entry().attributes();
        findings.add(
            new Finding(
                Kind.GAP,
                directory.toString(),
                gone
                    + " (prune: "
                    + attributes.getOrDefault("why", "")
                    + ", "
                    + told.prune().entry().time()
                    + ", told by "
                    + by.getFileName()
                    + "); their hashes are there, what is left is proved"));
      } else if (told != null) {
        doubt(
            Kind.CANNOT_TELL,
            directory,
            gone
                + ", and the prune record of it in "
                + by.getFileName()
                + " is not signed; if it is yours, sign it with journal seal");
      } else if (!Files.isDirectory(by)) {
        doubt(
            Kind.CANNOT_TELL,
            directory,
            gone + ", and " + by.getFileName() + " that is to tell of it is gone, too");
      } else {
        doubt(
            Kind.TAMPERED,
            directory,
            gone + ", and no prune record in " + by.getFileName() + " says so");
      }
    }
  }

  private void doubt(Kind kind, Path directory, String text) {
    findings.add(new Finding(kind, directory.toString(), text));
    logs.replaceAll(log -> log.directory().equals(directory) ? log.withoutLevel() : log);
    String origin = Seal.origin(directory);
    Remembered.Log before = rememberedBefore.get(origin);
    if (before == null) {
      remembered.logs.remove(origin);
    } else {
      remembered.logs.put(origin, before);
    }
  }

  /** Directories that another one or the memory names, and that are not there. */
  private void tellMissing(Path parent, Set<String> present) {
    for (String path : new TreeSet<>(linked.keySet())) {
      if (!Files.exists(Path.of(path))) {
        findings.add(
            new Finding(
                Kind.GAP,
                path,
                "the next directory names this one, and it is gone (unknown: removed when it was"
                    + " old, or by somebody else)"));
      }
    }
    boolean service = request.since().equals(Instant.MIN);
    for (Map.Entry<String, Remembered.Log> seen : List.copyOf(remembered.logs.entrySet())) {
      String origin = seen.getKey();
      if (service && !present.contains(origin) && isBelow(origin, parent)) {
        findings.add(
            new Finding(
                Kind.GAP,
                origin,
                "was remembered with "
                    + seen.getValue().size()
                    + " records, and is gone (unknown: removed when it was old, or by somebody"
                    + " else); told once"));
        remembered.logs.remove(origin);
      }
    }
  }

  private void tellOnSecond(Set<String> present) {
    for (Map.Entry<String, Seal.Link> one : onSecond.entrySet()) {
      if (!present.contains(one.getKey())) {
        findings.add(
            new Finding(
                Kind.GAP,
                one.getKey(),
                "has "
                    + one.getValue().size()
                    + " records on a second device"
                    + (request.second() == null
                        ? " that was not looked at; give it with --second"
                        : " and is not there")));
      }
    }
  }

  /** Whether a log that is remembered would be found below this parent, as far as names tell. */
  private static boolean isBelow(String origin, Path parent) {
    String[] names = origin.split("/", -1);
    return names.length == 3
        && !parent.endsWith(names[2])
        && (parent.endsWith(names[1]) || Files.isDirectory(parent.resolve(names[1])));
  }

  private boolean isWanted(Path directory) {
    if (request.since().equals(Instant.MIN)) {
      return true;
    }
    try {
      for (Path file : RecordFiles.files(directory)) {
        if (!Files.getLastModifiedTime(file).toInstant().isBefore(request.since())) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      return true; // told when it is read
    }
  }

  private List<byte[]> rotations(List<Path> directories) throws IOException {
    List<byte[]> notes = new ArrayList<>();
    for (Path file : request.rotations()) {
      notes.add(limited(file));
    }
    for (Path directory : directories) {
      Path file = directory.resolve(SealedLog.ROTATION);
      if (Files.exists(file)) {
        notes.add(limited(file));
      }
    }
    return notes;
  }

  private static byte[] limited(Path file) throws IOException {
    if (Files.size(file) > MAX_NOTES_BYTES) {
      throw new IOException(file + " is too long");
    }
    return Files.readAllBytes(file);
  }

  private void readCopy() throws IOException, MalformedException {
    Path file = request.copy();
    if (file == null) {
      return;
    }
    byte[] all = limited(file);
    String text = new String(all, StandardCharsets.UTF_8);
    int line = 1;
    for (int from = 0; from < text.length(); ) {
      int blank = text.indexOf("\n\n", from);
      int end = blank < 0 ? -1 : text.indexOf("\n\n", blank + 2);
      if (end < 0) {
        break; // the last one is being written
      }
      String one = text.substring(from, end + 1);
      try {
        Note note = Note.parse(one.getBytes(StandardCharsets.UTF_8));
        if (keys.isEmpty() || note.signer(keys) != null) {
          Checkpoint checkpoint = Checkpoint.parse(note.text());
          keep(copied.computeIfAbsent(checkpoint.origin(), any -> new ArrayList<>()), checkpoint);
        }
      } catch (MalformedException e) {
        throw new MalformedException(file + ":" + line + ": " + e.getMessage());
      }
      line += (int) one.chars().filter(c -> c == '\n').count() + 1;
      from = end + 2;
    }
  }

  /** The newest of each log say what the others said; two with one size that differ do not. */
  private static void keep(List<Checkpoint> ofLog, Checkpoint next) {
    if (ofLog.size() == 2 && next.size() > ofLog.get(1).size()) {
      ofLog.set(1, next);
    } else {
      ofLog.add(next);
    }
  }

  private static long bytes(Path directory) {
    try {
      long bytes = 0;
      for (Path file : RecordFiles.files(directory)) {
        bytes += Files.size(file);
      }
      return bytes;
    } catch (IOException e) {
      return 0; // told when it is read
    }
  }
}
