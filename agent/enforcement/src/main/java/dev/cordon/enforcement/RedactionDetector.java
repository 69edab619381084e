package dev.cordon.enforcement;

import dev.cordon.redaction.TypeSearch;
import dev.cordon.rules.Detector;
import dev.cordon.rules.Truth;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The detectors of redaction, as rules ask for them. */
public final class RedactionDetector implements Detector {

  @Override
  public Set<String> types() {
    return TypeSearch.types();
  }

  @Override
  public Set<String> typesOf(String category) {
    return category.equals("payment-card") ? Set.of("pan") : Set.of();
  }

  @Override
  public Truth isIn(String text, String type) {
    return truth(TypeSearch.isIn(text, type));
  }

  @Override
  public Truth isIn(byte[] body, String contentType, Set<String> types) {
    return truth(TypeSearch.isIn(body, contentType, types));
  }

  private static Truth truth(@Nullable Boolean found) {
    return found == null ? Truth.UNKNOWN : found ? Truth.TRUE : Truth.FALSE;
  }
}
