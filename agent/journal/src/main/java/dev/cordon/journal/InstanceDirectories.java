package dev.cordon.journal;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Finds the directories with records below another one. */
final class InstanceDirectories {

  private static final int MAX_DEPTH = 4;

  private InstanceDirectories() {}

  /** Oldest first; a parent that is one itself is the only one. */
  static List<Path> below(Path parent) throws IOException {
    List<Path> found = new ArrayList<>();
    find(parent, 0, found);
    found.sort(
        Comparator.comparing((Path one) -> String.valueOf(one.getFileName()))
            .thenComparing(Comparator.naturalOrder()));
    return found;
  }

  private static void find(Path directory, int depth, List<Path> found) throws IOException {
    if (isOne(directory)) {
      found.add(directory);
      return;
    }
    if (depth == MAX_DEPTH) {
      return;
    }
    try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
      for (Path child : children) {
        if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
          find(child, depth + 1, found);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  /** Any trace of one: a directory without its metadata must not pass for none. */
  static boolean isOne(Path directory) throws IOException {
    return Files.exists(directory.resolve(QueueFile.METADATA))
        || Files.exists(directory.resolve(SealedLog.CHECKPOINT))
        || Files.exists(directory.resolve(QueueFile.LIVE_LOCK))
        || Files.exists(directory.resolve("tile"))
        || !RecordFiles.files(directory).isEmpty();
  }
}
