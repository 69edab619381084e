package dev.cordon.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Prints what the agent adds to a call on loopback: for each client and method, forked JVMs with
 * and without the agent take turns, and the medians of their percentiles are compared.
 *
 * <p>Arguments: the agent jar, the JDK's home, rounds (default 5).
 */
public final class AddedLatency {
  private static final int WARM_UP_CALLS = 60_000;
  private static final int MEASURED_CALLS = 20_000;

  private AddedLatency() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Path jar = Path.of(args[0]);
    Path java = Fork.java(Path.of(args[1]));
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 5;
    Path work = Files.createTempDirectory("cordon-latency");
    Process server = Fork.start(java, List.of(), LoopbackServer.class, List.of());
    try {
      int port = port(server);
      List<String> agent = Fork.agent(jar, Fork.rules(work, port), work.resolve("journal"));
      System.out.println(
          "client             call  p50 us: without  with  added   p99 us: without  with  added");
      for (String client : List.of("httpurlconnection", "jdk-client", "okhttp")) {
        for (String method : List.of("GET", "POST")) {
          compare(java, agent, client, method, "http://127.0.0.1:" + port, rounds);
        }
      }
    } finally {
      server.getOutputStream().close(); // ends the server
      server.destroy();
    }
  }

  private static void compare(
      Path java, List<String> agent, String client, String method, String url, int rounds)
      throws IOException, InterruptedException {
    List<String> arguments =
        List.of(
            client, method, url, Integer.toString(WARM_UP_CALLS), Integer.toString(MEASURED_CALLS));
    double[][] without = new double[2][rounds];
    double[][] with = new double[2][rounds];
    for (int round = 0; round < rounds; round++) {
      keep(Fork.run(java, List.of(), LatencyClient.class, arguments), without, round);
      keep(Fork.run(java, agent, LatencyClient.class, arguments), with, round);
    }
    System.out.printf(
        "%-18s %-5s %15.1f %5.1f %6.1f %16.1f %5.1f %6.1f%n",
        client,
        method,
        median(without[0]),
        median(with[0]),
        median(with[0]) - median(without[0]),
        median(without[1]),
        median(with[1]),
        median(with[1]) - median(without[1]));
  }

  private static void keep(String line, double[][] us, int round) {
    int space = line.indexOf(' ');
    us[0][round] = Long.parseLong(line.substring(0, space)) / 1_000.0;
    us[1][round] = Long.parseLong(line.substring(space + 1)) / 1_000.0;
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  static int port(Process server) throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    if (line == null) {
      throw new IOException("the loopback server ended before it told its port");
    }
    return Integer.parseInt(line);
  }
}
