package dev.cordon.journal;

import dev.cordon.journal.seal.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What must not be pruned: a file named {@value #FILE} in a directory holds everything below it.
 * Its text is for people; that it is there is all that counts, whoever put it there.
 */
public final class LegalHold {

  public static final String FILE = "legal-hold";

  private static final int MAX_WHY_CHARS = 60;
  private static final int MAX_SHOWN_BYTES = 4096;

  private LegalHold() {}

  /** The holds on a directory, the nearest first: in it and above it, up to the root. */
  public static List<Path> on(Path directory) {
    List<Path> holds = new ArrayList<>();
    for (Path at = directory.toAbsolutePath().normalize(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve(FILE), LinkOption.NOFOLLOW_LINKS)) {
        holds.add(at.resolve(FILE));
      }
    }
    return holds;
  }

  /** Fails if there is one already. */
  public static void set(Path directory, String who, String why, Instant when) throws IOException {
    Path file = directory.resolve(FILE);
    String text = "cordon hold 1\nby " + who + "\nsince " + when + "\nwhy " + why + "\n";
    Files.writeString(
        file,
        text,
        StandardCharsets.US_ASCII,
        StandardOpenOption.CREATE_NEW,
        StandardOpenOption.WRITE);
    AtomicFile.force(file);
    AtomicFile.force(directory);
  }

  /** What a hold says, in one line. */
  public static String text(Path hold) throws IOException {
    if (!Files.isRegularFile(hold) || Files.size(hold) > MAX_SHOWN_BYTES) {
      return "";
    }
    String text = Files.readString(hold, StandardCharsets.ISO_8859_1);
    return text.replaceFirst("^cordon hold 1\n", "").strip().replace("\n", ", ");
  }

  /**
   * What the journal is told of a hold.
   *
   * @param place of the directory, below the one given to the agents
   * @throws IllegalArgumentException if a journal would not keep the reason or the name
   */
  public static JournalRecord record(Path place, boolean set, String who, String why) {
    Pruner.checkTold(why, MAX_WHY_CHARS, who);
    String name = place.toString().replace('\\', '/');
    return new JournalRecord(RecordKind.HOLD)
        .actor(who)
        .attribute("state", set ? "set" : "released")
        .own("directory", name.matches("[0-9A-Za-z._/-]{1,130}") ? name : ".")
        .attribute("why", why);
  }
}
