package dev.cordon.it.services;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Writes over the jar of the agent that it runs under, as a careless deployment does, and then uses
 * both clients of the JDK: JAR, how many bytes it has then, and the calls.
 */
public final class OverwritesAgentJar {

  private OverwritesAgentJar() {}

  public static void main(String[] arguments) throws Exception {
    Files.write(Path.of(arguments[0]), new byte[Integer.parseInt(arguments[1])]);
    String[] calls = Arrays.copyOfRange(arguments, 2, arguments.length);
    ClientCalls.main(calls);
    UrlCalls.main(calls);
  }
}
