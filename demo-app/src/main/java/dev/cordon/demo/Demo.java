package dev.cordon.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Runs the three services once without and once with the agent, each time against fresh stand-ins,
 * and shows what left.
 */
final class Demo {

  private static final List<String> OPTIONS =
      List.of("--agent", "--cli", "--rules", "--inbox", "--app", "--work");
  // The ports that stand in demo-app/rules/*.yaml; each run puts its own in their place.
  private static final String STRIPE_PORT = "12111";
  private static final String SLACK_PORT = "12112";
  private static final String ZENDESK_PORT = "12113";
  private static final String MODEL_PORT = "12114";

  private final Map<String, Path> options;
  private final Path work;

  private Demo(Map<String, Path> options) {
    this.options = options;
    this.work = option("--work");
  }

  /** Returns the exit code: 0 when everything is as the demo claims, 1 when not, 2 for bad use. */
  static int run(List<String> arguments, PrintStream out) throws InterruptedException {
    Map<String, Path> options = new HashMap<>();
    for (int i = 0; i + 1 < arguments.size(); i += 2) {
      options.put(arguments.get(i), Path.of(arguments.get(i + 1)).toAbsolutePath());
    }
    if (!options.keySet().containsAll(OPTIONS) || options.size() != OPTIONS.size()) {
      System.err.println("demo needs " + String.join(" PATH ", OPTIONS) + " PATH");
      return 2;
    }
    try {
      return new Demo(options).run(out);
    } catch (IOException e) {
      System.err.println("the demo could not run: " + e.getMessage());
      return 1;
    }
  }

  private int run(PrintStream out) throws IOException, InterruptedException {
    deleteTree(work);
    Files.createDirectories(work);
    out.println("Three services run, first as they are, then with " + agentFlag("SERVICE"));
    Side without = runServices("without", false);
    Side with = runServices("with", true);
    List<String> json = cordon("tail", journal().toString(), "--json");
    Report report = new Report(without, with, json, filesOf(journal()));
    report.print(out);
    new Columns(out).heading("The journal: java -jar cordon.jar tail DIR --kind agent,policy,call");
    cordon("tail", journal().toString(), "--kind", "agent,policy,call").forEach(out::println);
    return report.failedClaims(out) == 0 ? 0 : 1;
  }

  private Side runServices(String name, boolean guarded) throws IOException, InterruptedException {
    Path directory = Files.createDirectories(work.resolve(name));
    try (StandInVendors vendors = StandInVendors.start()) {
      writeRules(vendors);
      Child.Ended bot = service("support-bot", guarded, vendors, directory);
      Child.Ended connector = service("crm-connector", guarded, vendors, directory);
      Child.Ended drafts = service("draft-bot", guarded, vendors, directory);
      List<String> outcomes = new ArrayList<>();
      List<String> errors = new ArrayList<>();
      for (Child.Ended ended : List.of(bot, connector, drafts)) {
        outcomes.addAll(ended.out());
        errors.addAll(ended.errors());
      }
      return new Side(
          vendors.received(),
          outcomes,
          Files.readAllLines(directory.resolve("support-bot.log")),
          Files.readAllLines(directory.resolve("crm-connector.log")),
          errors);
    }
  }

  private Child.Ended service(
      String program, boolean guarded, StandInVendors vendors, Path directory)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(java());
    if (guarded) {
      command.add(agentFlag(program));
    }
    command.addAll(List.of("-jar", option("--app").toString(), program));
    Child.Ended ended =
        Child.run(program, command, environment(program, vendors, directory), work, directory);
    if (ended.exitCode() != 0) {
      throw new IOException(
          program + " ended with exit code " + ended.exitCode() + "; see " + directory);
    }
    return ended;
  }

  private Map<String, String> environment(String program, StandInVendors vendors, Path directory) {
    Credentials credentials = vendors.credentials();
    return Map.ofEntries(
        Map.entry("INBOX", option("--inbox").toString()),
        Map.entry("LOG_FILE", directory.resolve(program + ".log").toString()),
        Map.entry("STRIPE_API_BASE", vendors.stripe().toString()),
        Map.entry("STRIPE_API_KEY", credentials.stripeKey()),
        Map.entry("SLACK_API_URL", vendors.slack() + "/api/"),
        Map.entry("SLACK_BOT_TOKEN", credentials.slackToken()),
        Map.entry("SLACK_CHANNEL", SlackStandIn.PUBLIC_CHANNEL),
        Map.entry("ZENDESK_URL", vendors.zendesk().toString()),
        Map.entry("ZENDESK_USER", credentials.zendeskUser()),
        Map.entry("ZENDESK_API_TOKEN", credentials.zendeskToken()),
        Map.entry("MODEL_API_BASE", vendors.model().toString()),
        Map.entry("MODEL_API_KEY", credentials.modelKey()));
  }

  /**
   * What turns a service into a guarded one. Relative paths: services run in the work directory.
   */
  private String agentFlag(String program) {
    return "-javaagent:"
        + option("--agent")
        + "=rules=rules,environment=production,journal=journal,service="
        + program;
  }

  /** The rule files with the ports of this run. */
  private void writeRules(StandInVendors vendors) throws IOException {
    Path directory = Files.createDirectories(work.resolve("rules"));
    try (Stream<Path> files = Files.list(option("--rules"))) {
      for (Path file : files.toList()) {
        String text =
            Files.readString(file)
                .replace(STRIPE_PORT, Integer.toString(vendors.stripe().getPort()))
                .replace(SLACK_PORT, Integer.toString(vendors.slack().getPort()))
                .replace(ZENDESK_PORT, Integer.toString(vendors.zendesk().getPort()))
                .replace(MODEL_PORT, Integer.toString(vendors.model().getPort()));
        Files.writeString(directory.resolve(file.getFileName()), text);
      }
    }
  }

  private List<String> cordon(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(java(), "-jar", option("--cli").toString()));
    command.addAll(List.of(arguments));
    Child.Ended ended = Child.run("cordon-" + arguments[0], command, Map.of(), work, work);
    if (ended.exitCode() != 0) {
      throw new IOException(
          "cordon.jar "
              + arguments[0]
              + " ended with exit code "
              + ended.exitCode()
              + ": "
              + String.join(" ", ended.errors()));
    }
    return ended.out();
  }

  private Path journal() {
    return work.resolve("journal");
  }

  private Path option(String name) {
    Path value = options.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name);
    }
    return value;
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static List<Path> filesOf(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private static void deleteTree(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
