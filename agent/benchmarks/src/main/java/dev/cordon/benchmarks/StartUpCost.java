package dev.cordon.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Prints the CPU time and the peak resident memory that the agent adds to a JVM that makes one
 * HTTPS call and writes one log line; runs with and without it take turns. Linux only (/proc).
 *
 * <p>Arguments: the agent jar, the JDK's home, rounds (default 15).
 */
public final class StartUpCost {
  private static final double MS_PER_TICK = 10; // USER_HZ is 100 on every Linux we run on

  private StartUpCost() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Path jar = Path.of(args[0]);
    Path home = Path.of(args[1]);
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 15;
    Path work = Files.createTempDirectory("cordon-start");
    Path keys = work.resolve("keys.p12");
    String password = "loopback";
    int made =
        new ProcessBuilder(
                home.resolve("bin/keytool").toString(),
                "-genkeypair",
                "-keystore",
                keys.toString(),
                "-storepass",
                password,
                "-storetype",
                "PKCS12",
                "-alias",
                "loopback",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1")
            .inheritIO()
            .start()
            .waitFor();
    if (made != 0) {
      throw new IOException("keytool ended with " + made);
    }
    Path java = Fork.java(home);
    Process server =
        Fork.start(java, List.of(), LoopbackServer.class, List.of(keys.toString(), password));
    try {
      int port = AddedLatency.port(server);
      List<String> trust =
          List.of(
              "-Djavax.net.ssl.trustStore=" + keys,
              "-Djavax.net.ssl.trustStorePassword=" + password);
      List<String> with = new ArrayList<>(trust);
      with.addAll(Fork.agent(jar, Fork.rules(work, port), work.resolve("journal")));
      List<String> url = List.of("https://localhost:" + port + "/v1/notes/17");
      double[][] plain = new double[2][rounds];
      double[][] guarded = new double[2][rounds];
      for (int round = 0; round < rounds; round++) {
        keep(Fork.run(java, trust, StartUpProgram.class, url), plain, round);
        keep(Fork.run(java, with, StartUpProgram.class, url), guarded, round);
      }
      print("CPU ms", plain[0], guarded[0]);
      print("peak RSS MB", plain[1], guarded[1]);
    } finally {
      server.getOutputStream().close();
      server.destroy();
    }
  }

  private static void keep(String line, double[][] values, int round) {
    int space = line.indexOf(' ');
    values[0][round] = Long.parseLong(line.substring(0, space)) * MS_PER_TICK;
    values[1][round] = Long.parseLong(line.substring(space + 1)) / 1_024.0;
  }

  private static void print(String what, double[] plain, double[] guarded) {
    double without = AddedLatency.median(plain);
    double with = AddedLatency.median(guarded);
    System.out.printf(
        "%-12s without %8.1f  with %8.1f  added %8.1f%n", what, without, with, with - without);
  }
}
