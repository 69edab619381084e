package dev.cordon.audit;

import static dev.cordon.audit.Run.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.journal.Appended;
import dev.cordon.journal.Journal;
import dev.cordon.journal.JournalOptions;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.Level;
import dev.cordon.journal.RecordKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every command that reads journals, over files that no writer left. */
@Timeout(120)
class DamagedJournalTest {

  private static final long TEN_SECONDS_NS = 10_000_000_000L;
  private static final UUID ID = UUID.fromString("0190f3c2-7d5e-7abc-8def-0123456789ab");
  private static final int FLIPS = 60;

  @TempDir Path temp;

  private Path base = Path.of("");
  private Path file = Path.of("");
  private Path directory = Path.of("");
  private byte[] whole = new byte[0];
  private int used; // bytes of the file until the last that is not 0

  @BeforeEach
  void writeOneJournal() throws IOException {
    base = temp.resolve("journal");
    try (Journal journal = Journal.open(JournalOptions.of(base, "crm"))) {
      for (int i = 0; i < 12; i++) {
        JournalRecord record =
            new JournalRecord(RecordKind.CALL_REQUEST)
                .requestId(new UUID(ID.getMostSignificantBits(), ID.getLeastSignificantBits() - i))
                .library("okhttp")
                .destination("api" + i + ".example.com:443")
                .method("POST")
                .operation("refund.create")
                .callClass("write")
                .decision(i % 3 == 0 ? "deny" : "allow")
                .rules(List.of("refunds.rule" + i))
                .costNs(12_345)
                .requestBytes(1_000 + i);
        assertEquals(Appended.COMMITTED, journal.append(record, Level.COMMITTED, TEN_SECONDS_NS));
      }
    }
    try (Stream<Path> all = Files.walk(base)) {
      file = all.filter(one -> one.toString().endsWith(".cq4")).findFirst().orElseThrow();
    }
    directory = file.resolveSibling("").normalize();
    whole = Files.readAllBytes(file);
    used = whole.length;
    while (whole[used - 1] == 0) {
      used--;
    }
  }

  private List<String[]> commands() {
    String dir = base.toString();
    List<String[]> commands = new ArrayList<>();
    commands.add(new String[] {"tail", dir, "--json"});
    commands.add(new String[] {"tail", dir});
    commands.add(new String[] {"stats", dir, "--by", "rule"});
    commands.add(new String[] {"report", dir, "--format", "html"});
    commands.add(new String[] {"inventory", dir, "--json"});
    return commands;
  }

  /** Commands whose answer is more than what the records say. */
  private List<String[]> others() {
    String dir = base.toString();
    List<String[]> commands = new ArrayList<>(othersThatRead());
    commands.add(new String[] {"rules", "suggest", dir});
    commands.add(new String[] {"journal", "verify", dir});
    commands.add(new String[] {"journal", "prove", dir, ID.toString()});
    commands.add(new String[] {"journal", "tiles", directory.toString(), "-o", temp + "/tiles"});
    return commands;
  }

  private List<String[]> othersThatRead() {
    String dir = base.toString();
    List<String[]> commands = new ArrayList<>();
    commands.add(new String[] {"status", dir, "--all"});
    commands.add(new String[] {"journal", "prove", dir, "ffffffffffff"}); // which is not there
    commands.add(new String[] {"journal", "durability", dir});
    commands.add(new String[] {"export", dir, "--format", "ndjson", "-o", temp + "/export"});
    commands.add(new String[] {"explain", dir, ID.toString()});
    return commands;
  }

  @Test
  void noFlippedBitMakesACommandTellOtherThingsAndCallItWell() throws IOException {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    Random random = new Random(seed);
    List<Run> before = commands().stream().map(Run::run).toList();
    before.forEach(run -> assertEquals(0, run.exit(), run::toString));
    for (int i = 0; i < FLIPS; i++) {
      byte[] flipped = whole.clone();
      int at = random.nextInt(used + 8);
      flipped[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, flipped);
      String where = "seed " + seed + ", byte " + at;
      List<String[]> commands = commands();
      for (int j = 0; j < commands.size(); j++) {
        Run run = run(commands.get(j));
        if (!run.out().equals(before.get(j).out())) {
          assertPlaceIsTold(run, where + ", " + String.join(" ", commands.get(j)));
        }
      }
      if (i % 10 == 0) {
        others().forEach(Run::run);
      }
    }
  }

  @Test
  void aTruncatedFileIsToldWithTheFileAndThePlace() throws IOException {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 20; i++) {
      int length = i == 0 ? used - 1 : 64 + random.nextInt(used - 64);
      Files.write(file, Arrays.copyOf(whole, length));
      for (String[] command : commands()) {
        assertPlaceIsTold(
            run(command), "seed " + seed + ", " + length + " bytes, " + String.join(" ", command));
      }
      for (String[] command : othersThatRead()) {
        assertPlaceIsTold(
            run(command), "seed " + seed + ", " + length + " bytes, " + String.join(" ", command));
      }
      others().forEach(Run::run);
    }
  }

  @Test
  void anEmptyFileIsToldWithTheFileAndThePlace() throws IOException {
    Files.write(file, new byte[0]);
    for (List<String[]> list : List.of(commands(), othersThatRead())) {
      for (String[] command : list) {
        assertPlaceIsTold(run(command), String.join(" ", command));
      }
    }
    assertNotVerified();
  }

  /** Cut between two records, where nothing of the next one is left over. */
  @Test
  void aFileThatIsCutBeforeTheNextOneIsToldWithTheFileAndThePlace() throws IOException {
    Path days = temp.resolve("days");
    Clock[] now = {Clock.fixed(Instant.parse("2026-11-20T23:59:00Z"), ZoneOffset.UTC)};
    try (Journal journal = Journal.open(JournalOptions.of(days, "crm").withClock(new Days(now)))) {
      for (String day : List.of("2026-11-20T23:59:00Z", "2026-11-21T00:01:00Z")) {
        now[0] = Clock.fixed(Instant.parse(day), ZoneOffset.UTC);
        for (int i = 0; i < 5; i++) {
          JournalRecord record =
              new JournalRecord(RecordKind.CALL_REQUEST)
                  .requestId(new UUID(ID.getMostSignificantBits(), i))
                  .destination("api.example.com:443");
          assertEquals(Appended.COMMITTED, journal.append(record, Level.COMMITTED, TEN_SECONDS_NS));
        }
      }
    }
    try (Stream<Path> all = Files.walk(days)) {
      file = all.filter(one -> one.endsWith("20261120F.cq4")).findFirst().orElseThrow();
    }
    base = days;
    byte[] first = Files.readAllBytes(file);
    ByteBuffer documents = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN);
    int end = 0;
    for (int header = documents.getInt(0); header << 2 != 0; header = documents.getInt(end)) {
      end = end + 4 + (header & 0x3fffffff) + 3 & ~3;
    }
    Files.write(file, Arrays.copyOf(first, end));
    for (List<String[]> list : List.of(commands(), othersThatRead())) {
      for (String[] command : list) {
        assertPlaceIsTold(run(command), String.join(" ", command));
      }
    }
    assertNotVerified();
  }

  private void assertNotVerified() {
    Run verified = run("journal", "verify", base.toString());
    assertTrue(verified.exit() != 0, verified::toString);
    assertTrue(
        verified.out().contains(file.resolveSibling("").normalize().toString()),
        verified::toString);
  }

  /** As long as the test does not say otherwise it is the same moment. */
  private static final class Days extends Clock {
    private final Clock[] now;

    Days(Clock[] now) {
      this.now = now;
    }

    @Override
    public Instant instant() {
      return now[0].instant();
    }

    @Override
    public ZoneId getZone() {
      return now[0].getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return now[0].withZone(zone);
    }
  }

  @Test
  void aForeignFileIsToldWithTheFileAndThePlace() throws IOException {
    byte[] random = new byte[100_000];
    new Random(7).nextBytes(random);
    random[3] &= 0x3f; // else it is the beginning of a file that is being made
    byte[] text = "time,service\n2026-11-21,crm\n".repeat(4_000).getBytes(StandardCharsets.UTF_8);
    byte[] zip = {'P', 'K', 3, 4, 20, 0, 0, 0, 8, 0, 1, 2, 3};
    for (byte[] foreign : List.of(random, text, zip)) {
      Files.write(file, foreign);
      for (List<String[]> list : List.of(commands(), othersThatRead())) {
        for (String[] command : list) {
          assertPlaceIsTold(run(command), String.join(" ", command));
        }
      }
      others().forEach(Run::run);
    }
  }

  @Test
  void aFileInPlaceOfADirectoryAndADirectoryWithoutAJournalAreToldInOneLine() throws IOException {
    Path none = Files.createDirectory(temp.resolve("none"));
    Files.writeString(none.resolve("readme.txt"), "nothing");
    for (List<String[]> list : List.of(commands(), others())) {
      for (String[] command : list) {
        for (Path wrong : List.of(none, none.resolve("readme.txt"), temp.resolve("missing"))) {
          String[] other = command.clone();
          for (int i = 0; i < other.length; i++) {
            if (other[i].equals(base.toString()) || other[i].equals(directory.toString())) {
              other[i] = wrong.toString();
            }
          }
          Run run = run(other);
          String told = String.join(" ", other) + run;
          assertTrue(run.exit() != 0, told);
          assertTrue(run.err().lines().count() <= 2, told);
        }
      }
    }
  }

  private void assertPlaceIsTold(Run run, String where) {
    assertEquals(2, run.exit(), where + run);
    assertTrue(run.err().contains(file + ":"), where + run);
    assertTrue(run.err().lines().count() <= 3, where + run);
  }
}
