package dev.cordon.it.services;

import java.io.IOException;

/** Says that it runs, and waits for its input to end; then the calls of {@link UrlCalls}. */
public final class UntilInput {

  private UntilInput() {}

  public static void main(String[] arguments) throws IOException {
    System.out.println("running");
    System.out.flush();
    if (System.in.read() < 0) {
      UrlCalls.main(arguments);
    }
  }
}
