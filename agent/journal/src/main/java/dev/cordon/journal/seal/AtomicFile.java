package dev.cordon.journal.seal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Files that are there as a whole or not at all. */
public final class AtomicFile {

  private static final String UNFINISHED = ".unfinished";

  private AtomicFile() {}

  /** Replaces a file; a reader sees the old or the new content, never a part. */
  public static void write(Path file, byte[] content) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      Files.createDirectories(parent);
    }
    Path made = file.resolveSibling(file.getFileName() + ".new-" + ProcessHandle.current().pid());
    boolean moved = false;
    try {
      Files.write(made, content);
      Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      moved = true;
    } finally {
      if (!moved) {
        Files.deleteIfExists(made);
      }
    }
  }

  /** As {@link #write}, and on the device when it returns. */
  public static void writeForced(Path file, byte[] content) throws IOException {
    write(file, content);
    force(file);
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      force(parent);
    }
  }

  /** Forces a file, or the names in a directory, to the device. */
  public static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /**
   * Makes a file that only its owner can read, and that was not there: all of it, on the device
   * with its name, or nothing under that name. A process that is killed may leave one beside it
   * whose name ends in {@code .unfinished}: a second name of the same file is taken away by the
   * next that is asked for that file, or by {@link #removeSecondNames}.
   *
   * <p>Where the file system knows no links, an empty file is left under the name by a process that
   * is killed in the wrong moment.
   */
  public static void writePrivate(Path file, byte[] content) throws IOException {
    writePrivate(file, content, Files::createLink);
  }

  /** How a file gets a second name; a seam for file systems that know none. */
  interface Links {
    Path create(Path link, Path existing) throws IOException;
  }

  static void writePrivate(Path file, byte[] content, Links links) throws IOException {
    Path target = file.toAbsolutePath();
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      removeSecondNames(target);
      throw new FileAlreadyExistsException(file.toString());
    }
    Path made =
        target.resolveSibling(
            target.getFileName() + "." + UUID.randomUUID().toString() + UNFINISHED);
    try {
      writeNew(made, content);
      nameIt(made, target, links);
    } finally {
      Files.deleteIfExists(made);
    }
    Path parent = target.getParent();
    if (parent != null) {
      force(parent);
    }
  }

  /** Never in the place of another file: two may do this at the same time. */
  private static void nameIt(Path made, Path target, Links links) throws IOException {
    try {
      links.create(target, made);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException e) {
      // a file system without links; a move looks whether there is a file and then replaces it, so
      // who makes the empty one has the name
      Files.createFile(target);
      boolean moved = false;
      try {
        Files.move(
            made, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        moved = true;
      } finally {
        if (!moved) {
          Files.deleteIfExists(target);
        }
      }
    }
  }

  /**
   * Takes away the names ending in {@code .unfinished} that a killed process left of a file beside
   * the one it has: who deletes the key by that one would leave it there. What is another file was
   * never a key in use.
   */
  public static void removeSecondNames(Path file) throws IOException {
    Path target = file.toAbsolutePath();
    Path parent = target.getParent();
    if (parent == null) {
      return;
    }
    try (DirectoryStream<Path> beside =
        Files.newDirectoryStream(
            parent, other -> String.valueOf(other.getFileName()).endsWith(UNFINISHED))) {
      for (Path other : beside) {
        if (isSecondNameOf(target, other)) {
          Files.deleteIfExists(other);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private static boolean isSecondNameOf(Path file, Path other) throws IOException {
    try {
      return Files.isRegularFile(other, LinkOption.NOFOLLOW_LINKS)
          && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          && Files.isSameFile(file, other);
    } catch (NoSuchFileException e) { // whose process takes it away itself
      return false;
    }
  }

  private static void writeNew(Path file, byte[] content) throws IOException {
    Set<OpenOption> options =
        new HashSet<>(List.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    FileAttribute<Set<PosixFilePermission>> mode =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    try (FileChannel channel =
        posix ? FileChannel.open(file, options, mode) : FileChannel.open(file, options)) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }
}
