package dev.cordon.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Logger;

/**
 * The program whose start is measured: one HTTPS call with the JDK's client, one log line. Prints
 * {@code cpuTicks peakKb} from /proc, so that measuring costs the same with and without the agent.
 */
public final class StartUpProgram {
  private StartUpProgram() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(args[0])).build(),
                HttpResponse.BodyHandlers.ofString());
    Logger.getLogger("start").info("the call answered " + response.statusCode());
    if (response.statusCode() != 200) {
      throw new IllegalStateException("the loopback server answered " + response.statusCode());
    }
    String stat = Files.readString(Path.of("/proc/self/stat"), StandardCharsets.US_ASCII);
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    long peakKb = 0;
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        peakKb = Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    System.out.println(ticks + " " + peakKb);
    System.exit(0);
  }
}
