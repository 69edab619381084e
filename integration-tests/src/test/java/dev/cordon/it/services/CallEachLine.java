package dev.cordon.it.services;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** Makes one call of {@link UrlCalls} for each line of its input, {@code POST URL}. */
public final class CallEachLine {

  private CallEachLine() {}

  public static void main(String[] arguments) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      int space = line.indexOf(' ');
      System.out.println(UrlCalls.call(line.substring(0, space), line.substring(space + 1)));
    }
  }
}
