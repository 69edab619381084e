package dev.cordon.journal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where an instance keeps its files. */
final class Directories {

  private Directories() {}

  static void checkWritable(Path base) throws IOException {
    Path probe;
    try {
      Files.createDirectories(base);
      probe = Files.createTempFile(base, ".cordon-", ".probe");
    } catch (AccessDeniedException e) {
      throw new IOException(
          "journal directory " + base + ": access denied; give the service's user write access", e);
    } catch (FileAlreadyExistsException e) {
      throw new IOException(
          "journal directory " + base + ": " + e.getFile() + " is a file; name a directory", e);
    } catch (FileSystemException e) {
      String why = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
      throw new IOException(
          "journal directory " + base + ": " + why + "; name a directory on a writable disk", e);
    }
    try {
      Files.write(probe, new byte[4096]); // creating an empty file works on a full disk
    } catch (IOException e) {
      throw new IOException(
          "journal directory "
              + base
              + ": cannot write ("
              + e.getMessage()
              + "); free space on its disk",
          e);
    } finally {
      Files.deleteIfExists(probe);
    }
  }
}
