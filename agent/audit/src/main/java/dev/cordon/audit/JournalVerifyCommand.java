package dev.cordon.audit;

import dev.cordon.journal.JournalVerifier;
import dev.cordon.journal.Verification;
import dev.cordon.journal.seal.MalformedException;
import dev.cordon.journal.seal.VerifierKey;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code journal verify DIR}: whether what is there is what was written. */
final class JournalVerifyCommand {

  private static final long MS = 1_000_000;
  private static final long SHOW_EVERY_NS = 200 * MS;
  private static final int BAR_COLUMNS = 30;

  private static final String HELP =
      """
      usage: java -jar cordon.jar journal verify DIR [OPTIONS]

      Tells whether the journals below DIR are what the services wrote. Changes nothing there.

        L1  well formed, and no number missing: no accident
        L2  and signed by a key that was given: nobody changed it who has not the key
        L3  and the continuation of what somebody else remembers: nobody at all

            --key K          the public key, a file or the key itself; may be repeated
            --rotation FILE  a note that says which key follows which, beside those in the journal
            --remember FILE  keeps what was seen and demands that it is still there; the next time
                             only what is new is read
            --copy FILE      the checkpoints on the second device (the agent's seal-copy)
            --second DIR     where the services keep what their first device did not take (the
                             agent's second)
            --full           reads again what was verified before
            --from T         leaves out directories without anything younger: 10m, 2h, 3d (ago),
                             2026-11-21, 2026-11-21T10:15:00Z
            --json           one JSON object
        -h, --help           this text

      exit codes: 0 ok, 1 tampered, 2 cannot tell or wrong use, 3 ok with gaps
      """;

  private JournalVerifyCommand() {}

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(HELP);
      return Exit.OK;
    }
    return Attempt.run("journal verify", err, () -> verify(arguments, out, err));
  }

  private static int verify(List<String> arguments, PrintStream out, PrintStream err)
      throws UsageException, IOException {
    Arguments given =
        Arguments.parse(
            arguments,
            Set.of("--full", "--json"),
            Set.of("--key", "--rotation", "--remember", "--copy", "--from", "--second"));
    if (given.words().size() != 1) {
      throw new UsageException("which directory? name the one given to the agent as journal=");
    }
    Path parent = Path.of(given.words().get(0));
    if (!Files.isDirectory(parent)) {
      throw new UsageException(
          parent
              + (Files.exists(parent) ? " is not a directory" : ": no such directory")
              + "; name the one given to the agent as journal=");
    }
    String from = given.value("--from");
    List<Path> rotations = new ArrayList<>();
    for (String file : given.values("--rotation")) {
      rotations.add(Path.of(file));
    }
    try {
      List<VerifierKey> keys = Keys.read(given.values("--key"));
      long startedNs = System.nanoTime();
      Bar bar = new Bar(err, Terminal.columns() != Terminal.UNLIMITED && !given.has("--json"));
      Verification verification =
          JournalVerifier.verify(
              new JournalVerifier.Request(
                  parent,
                  keys,
                  rotations,
                  pathOf(given.value("--remember")),
                  pathOf(given.value("--copy")),
                  from == null
                      ? Instant.MIN
                      : Since.parse("--from", from, Instant.now(), ZoneId.systemDefault()),
                  given.has("--full"),
                  pathOf(given.value("--second"))),
              bar::show);
      bar.clear();
      long ms = Math.max(1, (System.nanoTime() - startedNs) / MS);
      if (given.has("--json")) {
        out.println(json(verification, ms));
      } else {
        text(verification, ms, !keys.isEmpty(), out);
      }
      return verification.exit();
    } catch (MalformedException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private static @Nullable Path pathOf(@Nullable String file) {
    return file == null ? null : Path.of(file);
  }

  private static void text(Verification verification, long ms, boolean keys, PrintStream out) {
    long read = 0;
    for (Verification.Log log : verification.logs()) {
      read += log.records() - log.from();
      out.println(
          log.level()
              + " "
              + log.origin()
              + ": "
              + log.records()
              + " records"
              + (log.from() > 0 ? ", the first " + log.from() + " verified earlier" : "")
              + (log.signed() > 0 ? ", " + log.signed() + " signed by " + log.signer() : "")
              + (log.witnessed() > 0 ? ", " + log.witnessed() + " witnessed" : "")
              + (log.lateFrom() < log.records()
                  ? ", sealed late from record " + log.lateFrom()
                  : ""));
    }
    for (Verification.Finding finding : verification.findings()) {
      out.println(label(finding.kind()) + " " + finding.place() + ": " + finding.text());
    }
    if (!keys) {
      out.println(
          "NOT CHECKED: signatures, because no --key was given; whoever can write the files could"
              + " have written all of them anew");
    }
    out.println(
        word(verification.exit())
            + ", level "
            + verification.level()
            + ": "
            + verification.records()
            + " records in "
            + verification.logs().size()
            + " directories, "
            + read
            + " read in "
            + ms
            + " ms");
  }

  private static String label(Verification.Kind kind) {
    return switch (kind) {
      case TAMPERED -> "TAMPERED";
      case CANNOT_TELL -> "CANNOT TELL";
      case GAP -> "gap";
      case NOTE -> "note";
    };
  }

  private static String word(int exit) {
    return switch (exit) {
      case 0 -> "ok";
      case 1 -> "TAMPERED";
      case 3 -> "ok with gaps";
      default -> "CANNOT TELL";
    };
  }

  private static String json(Verification verification, long ms) {
    Json json = new Json().open('{');
    json.text("result", word(verification.exit()).toLowerCase(Locale.ROOT).replace(' ', '-'));
    json.text("level", verification.level().name());
    json.number("records", verification.records());
    json.number("ms", ms);
    json.key("logs").open('[');
    for (Verification.Log log : verification.logs()) {
      json.item().open('{');
      json.text("origin", log.origin());
      json.text("directory", log.directory().toString());
      json.text("level", log.level().name());
      json.number("records", log.records());
      json.number("from", log.from());
      json.number("signed", log.signed());
      json.text("signer", log.signer());
      json.number("witnessed", log.witnessed());
      json.number("late_from", log.lateFrom());
      json.close('}');
    }
    json.close(']');
    json.key("findings").open('[');
    for (Verification.Finding finding : verification.findings()) {
      json.item().open('{');
      json.text("kind", finding.kind().name().toLowerCase(Locale.ROOT));
      json.text("place", finding.place());
      json.text("text", finding.text());
      json.close('}');
    }
    return json.close(']').close('}').toString();
  }

  /** How far it is, on a terminal only. */
  private static final class Bar {
    private final PrintStream to;
    private final boolean shown;
    private long nextNs = System.nanoTime() + SHOW_EVERY_NS;
    private boolean drawn;

    Bar(PrintStream to, boolean shown) {
      this.to = to;
      this.shown = shown;
    }

    void show(long read, long all) {
      if (!shown || System.nanoTime() - nextNs < 0) {
        return;
      }
      nextNs = System.nanoTime() + SHOW_EVERY_NS;
      int done = (int) (BAR_COLUMNS * Math.min(read, all) / Math.max(all, 1));
      to.print(
          "\r["
              + "#".repeat(done)
              + " ".repeat(BAR_COLUMNS - done)
              + "] "
              + (read >> 20)
              + " of "
              + (all >> 20)
              + " MB ");
      to.flush();
      drawn = true;
    }

    void clear() {
      if (drawn) {
        to.print("\r" + " ".repeat(BAR_COLUMNS + 30) + "\r");
        to.flush();
      }
    }
  }
}
