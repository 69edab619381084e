package dev.cordon.journal.seal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class AtomicFileTest {

  private static final long TEN_SECONDS_MS = 10_000;

  @TempDir Path directory;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** As a process leaves it that is killed between the two steps that give a key file its name. */
  @Test
  void theSecondNameOfAKeyFileIsTakenAway() throws Exception {
    Path key = directory.resolve("crm.key");
    AtomicFile.writePrivate(key, bytes("key"));
    Files.createLink(directory.resolve("crm.key.1-2.unfinished"), key);
    Files.createLink(directory.resolve("name-before.1-2.unfinished"), key);
    Path foreign = Files.writeString(directory.resolve("crm.key.3-4.unfinished"), "another");
    Path other = directory.resolve("other.key");
    AtomicFile.writePrivate(other, bytes("other"));
    Files.createLink(directory.resolve("crm.key.5-6.unfinished"), other);

    assertThrows(
        FileAlreadyExistsException.class, () -> AtomicFile.writePrivate(key, bytes("again")));
    assertEquals(
        List.of("crm.key", "crm.key.3-4.unfinished", "crm.key.5-6.unfinished", "other.key"),
        names());
    assertEquals("key", Files.readString(key));
    assertEquals("another", Files.readString(foreign));
  }

  @Test
  void whereThereAreNoLinksOneOfTwoWritesAndTheOtherIsTold() throws Exception {
    for (int round = 0; round < 200; round++) {
      Path key = directory.resolve(round + ".key");
      CyclicBarrier together = new CyclicBarrier(2);
      List<String> wrote = new ArrayList<>();
      List<Throwable> wrong = new ArrayList<>();
      List<Thread> threads = new ArrayList<>();
      for (String content : List.of("one", "two")) {
        Thread thread =
            new Thread(
                () -> {
                  try {
                    AtomicFile.writePrivate(
                        key,
                        bytes(content),
                        (link, existing) -> {
                          try {
                            together.await(TEN_SECONDS_MS, TimeUnit.MILLISECONDS);
                          } catch (Exception e) {
                            throw new IllegalStateException(e);
                          }
                          throw new UnsupportedOperationException("no links here");
                        });
                    synchronized (wrote) {
                      wrote.add(content);
                    }
                  } catch (FileAlreadyExistsException e) {
                    // told
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                });
        thread.setUncaughtExceptionHandler(
            (of, thrown) -> {
              synchronized (wrong) {
                wrong.add(thrown);
              }
            });
        threads.add(thread);
        thread.start();
      }
      for (Thread thread : threads) {
        thread.join(TEN_SECONDS_MS);
        assertFalse(thread.isAlive());
      }
      synchronized (wrong) {
        assertEquals(List.of(), wrong, "round " + round);
      }
      synchronized (wrote) {
        assertEquals(List.of(Files.readString(key)), wrote, "round " + round);
      }
      assertEquals(List.of(round + ".key"), names());
      Files.delete(key);
    }
  }

  @Test
  void aLinkInThePlaceOfAKeyFileIsNotFollowed() throws Exception {
    Path key = directory.resolve("crm.key");
    Files.createSymbolicLink(key, directory.resolve("elsewhere"));
    assertThrows(
        FileAlreadyExistsException.class, () -> AtomicFile.writePrivate(key, bytes("key")));
    assertFalse(Files.exists(directory.resolve("elsewhere"), LinkOption.NOFOLLOW_LINKS));
  }
}
