package dev.cordon.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConsoleTest {

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final Console console =
      new Console(new PrintStream(written, true, StandardCharsets.UTF_8));

  @Test
  void aFaultOnEveryCallIsToldAtPowersOfTen() {
    for (int i = 0; i < 5_000; i++) {
      console.fault("okhttp", new IllegalStateException("card 4111111111111111"));
    }
    assertEquals(4, lines().size(), "the 1st, 10th, 100th and 1000th");
    assertTrue(lines().get(0).startsWith("cordon: fault of Cordon in okhttp: "), lines().get(0));
    assertTrue(lines().get(3).contains("1000 times"), lines().get(3));
  }

  @Test
  void theMessageOfAnExceptionIsNeverShown() {
    console.fault("okhttp", new IllegalStateException("card 4111111111111111"));
    assertFalse(lines().get(0).contains("4111"), lines().get(0));
    assertTrue(lines().get(0).contains("java.lang.IllegalStateException at"), lines().get(0));
  }

  @Test
  void thereIsAnEndToTheKindsOfFaultsThatAreTold() {
    for (int i = 0; i < 1_000; i++) {
      console.fault("library-" + i, new IllegalStateException());
    }
    assertEquals(Console.MAX_KINDS, lines().size());
  }

  @Test
  void controlCharactersAreEscaped() {
    console.say("option 'a\0b\u001b[31m\u009b\n\u2028\u202e' \u00fc\t.");
    console.print("\r");
    assertEquals(
        List.of(
            "cordon: option 'a\\u0000b\\u001b[31m\\u009b\\u000a\\u2028\\u202e' \u00fc\t.",
            "\\u000d"),
        lines());
  }

  private List<String> lines() {
    return written.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
