package dev.cordon.audit;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;

/** Finds the command and runs it. */
public final class Main {

  private record Entry(List<String> words, String summary, Command command) {}

  private static final List<Entry> COMMANDS =
      List.of(
          new Entry(List.of("tail"), "print a journal, also while it is written", TailCommand::run),
          new Entry(List.of("stats"), "count what a journal holds", StatsCommand::run),
          new Entry(
              List.of("explain"),
              "tell why a past call was decided as it was",
              ExplainCommand::run),
          new Entry(
              List.of("report"),
              "tell use, denials, approvals, cost, coverage",
              ReportCommand::run),
          new Entry(List.of("status"), "tell which rules are in force where", StatusCommand::run),
          new Entry(
              List.of("journal", "verify"),
              "tell whether a journal is what was written",
              JournalVerifyCommand::run),
          new Entry(
              List.of("journal", "seal"),
              "seal what a journal has unsealed",
              JournalSealCommand::run),
          new Entry(
              List.of("journal", "durability"),
              "tell what a power failure takes",
              JournalDurabilityCommand::run),
          new Entry(
              List.of("journal", "prune"),
              "delete old records, keep what proves the rest",
              JournalPruneCommand::run),
          new Entry(
              List.of("journal", "hold"), "say what must not be deleted", JournalHoldCommand::run),
          new Entry(
              List.of("journal", "keygen"), "make a key that seals", JournalKeygenCommand::run),
          new Entry(
              List.of("journal", "prove"),
              "prove one call to somebody else",
              JournalProveCommand::prove),
          new Entry(
              List.of("journal", "tiles"),
              "write a log for other tools",
              JournalProveCommand::tiles),
          new Entry(
              List.of("journal", "attack-suite"),
              "try what verify notices",
              JournalAttackSuiteCommand::run),
          new Entry(
              List.of("dsr", "find"), "tell which records are about a person", DsrCommand::find),
          new Entry(
              List.of("dsr", "export"), "write what is kept about a person", DsrCommand::export),
          new Entry(List.of("dsr", "erase"), "destroy the keys of a person", DsrCommand::erase),
          new Entry(List.of("dsr", "keygen"), "make the key for evidence", DsrCommand::keygen),
          new Entry(
              List.of("dsr", "rotate"),
              "put the keys of persons under another one",
              DsrRotateCommand::run),
          new Entry(List.of("proof", "verify"), "check such a proof", JournalProveCommand::verify),
          new Entry(
              List.of("rules", "check"),
              "tell what is wrong with rule files",
              RulesCheckCommand::run),
          new Entry(
              List.of("rules", "test"),
              "run the cases of rule files and packs",
              RulesTestCommand::run),
          new Entry(
              List.of("rules", "diff"),
              "tell what a new version of a rule file lets by",
              RulesDiffCommand::run),
          new Entry(
              List.of("rules", "explain"), "tell how a call is decided", RulesExplainCommand::run),
          new Entry(
              List.of("rules", "fmt"),
              "bring rule files into their one layout",
              RulesFmtCommand::run),
          new Entry(
              List.of("rules", "build"),
              "put a rule file with all it needs into one bundle",
              RulesBuildCommand::run),
          new Entry(
              List.of("rules", "keygen"), "make a key to sign bundles", RulesKeygenCommand::run),
          new Entry(List.of("rules", "sign"), "sign a bundle", RulesSignCommand::run),
          new Entry(
              List.of("rules", "verify"), "tell who signed a bundle", RulesVerifyCommand::run),
          new Entry(
              List.of("rules", "packs"), "tell what is known of vendors", RulesPacksCommand::run),
          new Entry(
              List.of("rules", "suggest"),
              "write a rule file that allows what a journal has",
              RulesSuggestCommand::run),
          new Entry(
              List.of("export", "verify"),
              "tell whether exported files are what was signed",
              ExportCommand::verify),
          new Entry(List.of("export"), "write a journal for other systems", ExportCommand::run),
          new Entry(List.of("ship"), "send a journal to another system", ShipCommand::run),
          new Entry(List.of("inventory"), "tell which calls were made", InventoryCommand::run),
          new Entry(
              List.of("replay"), "decide past calls again, by other rules", ReplayCommand::run),
          new Entry(
              List.of("classify"), "tell whether a call reads or writes", ClassifyCommand::run),
          new Entry(List.of("scan"), "find personal data and secrets in a text", ScanCommand::run),
          new Entry(List.of("redact"), "copy a text without them", RedactCommand::run),
          new Entry(
              List.of("token", "open"),
              "put values back where tokens stand",
              TokenOpenCommand::run),
          new Entry(
              List.of("token", "keygen"),
              "make a key for pseudonyms and tokens",
              TokenKeygenCommand::run));

  private Main() {}

  public static void main(String[] arguments) {
    PrintStream out =
        new PrintStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 64 * 1024),
            false,
            StandardCharsets.UTF_8);
    int exit = run(List.of(arguments), out, System.err);
    out.flush();
    System.exit(exit);
  }

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (arguments.isEmpty()) {
      usage(err);
      return Exit.USAGE;
    }
    switch (arguments.get(0)) {
      case "--help", "-h", "help" -> {
        usage(out);
        return Exit.OK;
      }
      case "--version", "version" -> {
        out.println("cordon " + version());
        return Exit.OK;
      }
      default -> {}
    }
    for (Entry entry : COMMANDS) {
      int words = entry.words().size();
      if (arguments.size() >= words && arguments.subList(0, words).equals(entry.words())) {
        return entry.command().run(arguments.subList(words, arguments.size()), out, err);
      }
    }
    err.println(
        "cordon: unknown command '"
            + String.join(" ", arguments.subList(0, Math.min(2, arguments.size())))
            + "'; see: cordon --help");
    return Exit.USAGE;
  }

  private static void usage(PrintStream to) {
    to.println("usage: java -jar cordon.jar COMMAND [OPTIONS]");
    to.println();
    for (Entry entry : COMMANDS) {
      String words = String.join(" ", entry.words());
      to.println("  " + words + " ".repeat(Math.max(1, 22 - words.length())) + entry.summary());
    }
    to.println();
    to.println("  COMMAND --help  tells the options of one; --version the version.");
    to.println(
        "  exit codes: 0 done, 1 done and found something wrong, 2 not done; 3 see journal verify");
  }

  static String version() {
    Properties properties = new Properties();
    try (InputStream in = Main.class.getResourceAsStream("version.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      return "unknown";
    }
    return properties.getProperty("version", "unknown");
  }
}
