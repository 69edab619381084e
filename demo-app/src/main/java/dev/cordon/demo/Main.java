package dev.cordon.demo;

import java.io.IOException;
import java.util.Arrays;

/**
 * The jar's door: {@code support-bot}, {@code crm-connector}, {@code draft-bot}, {@code vendors},
 * {@code demo}.
 */
final class Main {

  private static final String USAGE =
      "usage: java -jar cordon-demo-app.jar support-bot | crm-connector | draft-bot | vendors"
          + " | demo OPTIONS";

  private Main() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    String program = args.length == 0 ? "" : args[0];
    switch (program) {
      case "support-bot" -> SupportBot.run(new Environment(System.getenv()), System.out);
      case "crm-connector" -> CrmConnector.run(new Environment(System.getenv()), System.out);
      case "draft-bot" -> DraftBot.run(new Environment(System.getenv()), System.out);
      case "vendors" -> StandInVendors.serveUntilInterrupted(System.out);
      case "demo" -> System.exit(Demo.run(Arrays.asList(args).subList(1, args.length), System.out));
      default -> {
        System.err.println(USAGE);
        System.exit(2);
      }
    }
  }
}
