package dev.cordon.rules;

import java.util.Set;

/**
 * Finds personal data and secrets for conditions and categories. The engine has none of its own: it
 * is handed in with the {@link Surroundings}. Called on any number of threads; never throws.
 */
public interface Detector {

  /** Finds nothing and knows no type: a rule file that needs one is refused. */
  Detector NONE =
      new Detector() {
        @Override
        public Set<String> types() {
          return Set.of();
        }

        @Override
        public Set<String> typesOf(String category) {
          return Set.of();
        }

        @Override
        public Truth isIn(String text, String type) {
          return Truth.FALSE;
        }

        @Override
        public Truth isIn(byte[] body, String contentType, Set<String> types) {
          return Truth.FALSE;
        }
      };

  /** The types that can be found, as they are written in rule files: {@code email}, {@code pan}. */
  Set<String> types();

  /**
   * The types that make a category of this name; empty when the detector knows no such category.
   */
  Set<String> typesOf(String category);

  /** Whether the text holds something of the type; unknown when it cannot be searched. */
  Truth isIn(String text, String type);

  /**
   * Whether the body holds something of one of the types; unknown when it cannot be searched.
   *
   * @param body content-decoded
   * @param contentType empty when there is none
   */
  Truth isIn(byte[] body, String contentType, Set<String> types);
}
