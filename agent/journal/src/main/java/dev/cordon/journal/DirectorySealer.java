package dev.cordon.journal;

import dev.cordon.journal.seal.AtomicFile;
import dev.cordon.journal.seal.SealKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Seals journals from outside of the JVMs that write them: what a killed one left, and with a key
 * that only another user can read also what a living one writes. For one thread.
 */
public final class DirectorySealer implements AutoCloseable {

  /**
   * What one round did to one directory.
   *
   * @param records under the checkpoint now
   * @param late true if their process had ended
   * @param problem empty, or why nothing was done
   */
  public record Sealed(Path directory, long records, boolean late, String problem) {}

  private final Path parent;
  private final SealKey key;
  private final Clock clock;
  private final byte @Nullable [] rotation;
  private final Runnable rotated;
  private boolean isRotationTold;
  private final Map<Path, SealedLog> living = new HashMap<>();
  private final Set<Path> done = new HashSet<>();

  public DirectorySealer(Path parent, SealKey key, Clock clock) {
    this(parent, key, clock, null, () -> {});
  }

  /**
   * One that leaves in each journal that it seals what says whom the key follows.
   *
   * @param rotation a note as {@link dev.cordon.journal.seal.Rotation} writes it; null: none
   * @param rotated called before the first journal of all below the parent gets this note
   */
  public DirectorySealer(
      Path parent, SealKey key, Clock clock, byte @Nullable [] rotation, Runnable rotated) {
    this.parent = parent.toAbsolutePath().normalize();
    this.key = key;
    this.clock = clock;
    this.rotation = rotation;
    this.rotated = rotated;
  }

  /** Seals whatever is not; tells the directories in which there was something to do. */
  public List<Sealed> round() throws IOException {
    List<Sealed> sealed = new ArrayList<>();
    for (Path directory : InstanceDirectories.below(parent)) {
      if (done.contains(directory)) {
        continue;
      }
      try {
        one(directory, sealed);
      } catch (IOException | GeneralSecurityException | RuntimeException e) {
        close(directory);
        done.add(directory); // told once; the next run tries again
        sealed.add(new Sealed(directory, 0, false, String.valueOf(e.getMessage())));
      }
    }
    return sealed;
  }

  private void one(Path directory, List<Sealed> sealed)
      throws IOException, GeneralSecurityException {
    boolean dead = new InstanceReader(directory).isDead(); // asked first: then all is there
    SealedLog log = living.get(directory);
    if (log == null) {
      log = new SealedLog(directory);
      living.put(directory, log);
    }
    log.readAll();
    if (log.isShorterThanSigned()) {
      throw new IOException(
          directory + " holds fewer records than were signed; see journal verify");
    }
    boolean unsigned = log.unsealed() > 0 || log.size() > 0 && !log.isSigned();
    if (unsigned) {
      leaveRotation(directory);
      log.seal(key, dead ? clock.instant() : null, null, null);
      sealed.add(new Sealed(directory, log.size(), dead, ""));
    }
    if (dead) {
      if (log.size() > 0) {
        log.finish();
      }
      close(directory);
      done.add(directory);
    }
  }

  private void leaveRotation(Path directory) throws IOException {
    byte[] note = rotation;
    if (note == null || has(directory, note)) {
      return;
    }
    if (!isRotationTold) {
      isRotationTold = true;
      boolean any = false;
      for (Path one : InstanceDirectories.below(parent)) {
        any |= has(one, note);
      }
      if (!any) {
        rotated.run();
      }
    }
    AtomicFile.write(directory.resolve(SealedLog.ROTATION), note);
  }

  private static boolean has(Path directory, byte[] note) throws IOException {
    Path file = directory.resolve(SealedLog.ROTATION);
    return Files.isRegularFile(file)
        && Files.size(file) == note.length
        && Arrays.equals(Files.readAllBytes(file), note);
  }

  private void close(Path directory) throws IOException {
    SealedLog log = living.remove(directory);
    if (log != null) {
      log.close();
    }
  }

  @Override
  public void close() throws IOException {
    for (Path directory : List.copyOf(living.keySet())) {
      close(directory);
    }
  }
}
