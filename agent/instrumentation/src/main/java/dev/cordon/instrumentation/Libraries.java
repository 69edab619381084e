package dev.cordon.instrumentation;

import java.util.List;

/** Every library that Cordon weaves, in the order of docs/supported-libraries.md. */
public final class Libraries {

  private Libraries() {}

  public static List<LibraryInstrumentation> all() {
    return List.of();
  }
}
