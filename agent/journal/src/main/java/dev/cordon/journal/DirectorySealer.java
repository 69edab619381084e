package dev.cordon.journal;

import dev.cordon.journal.seal.SealKey;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
  private final Map<Path, SealedLog> living = new HashMap<>();
  private final Set<Path> done = new HashSet<>();

  public DirectorySealer(Path parent, SealKey key, Clock clock) {
    this.parent = parent.toAbsolutePath().normalize();
    this.key = key;
    this.clock = clock;
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
