package dev.cordon.rules;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Finds an e-mail address where there is an {@code @}, a card where there are sixteen digits. */
final class TestDetector implements Detector {
  @Override
  public Set<String> types() {
    return Set.of("email", "pan");
  }

  @Override
  public Set<String> typesOf(String category) {
    return category.equals("payment-card") ? Set.of("pan") : Set.of();
  }

  @Override
  public Truth isIn(String text, String type) {
    return switch (type) {
      case "email" -> Truth.of(text.indexOf('@') >= 0);
      case "pan" -> Truth.of(text.matches("(?s).*[0-9]{16}.*"));
      default -> throw new AssertionError("asked for the unknown type " + type);
    };
  }

  @Override
  public Truth isIn(byte[] body, String contentType, Set<String> types) {
    String text = new String(body, StandardCharsets.UTF_8);
    return Truth.of(types.stream().anyMatch(type -> isIn(text, type) == Truth.TRUE));
  }
}
