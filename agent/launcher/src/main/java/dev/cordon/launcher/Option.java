package dev.cordon.launcher;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What can be set; each under the same name in every source. docs/operations.md explains them. */
enum Option {
  RULES("rules"),
  RULES_KEY("rules-key"),
  ENVIRONMENT("environment"),
  OVERLAY("overlay"),
  JOURNAL("journal"),
  MODE("mode"),
  SERVICE("service"),
  ON_START_FAILURE("on-start-failure"),
  SELF_TEST("self-test"),
  SEAL_KEY("seal-key"),
  SEAL_COPY("seal-copy"),
  REDACTION_KEY("redaction-key"),
  EVIDENCE_KEY("evidence-key"),
  DURABILITY("durability"),
  SECOND("second"),
  CONFIG("config");

  private final String key;

  Option(String key) {
    this.key = key;
  }

  /** As in the agent arguments and in a config file. */
  String key() {
    return key;
  }

  String systemProperty() {
    return "cordon." + key;
  }

  String environmentVariable() {
    return "CORDON_" + key.replace('-', '_').toUpperCase(Locale.ROOT);
  }

  static @Nullable Option of(String key) {
    for (Option option : values()) {
      if (option.key.equals(key)) {
        return option;
      }
    }
    return null;
  }

  /** The option that was probably meant, or null when nothing is near. */
  static @Nullable Option nearest(String key) {
    Option nearest = null;
    int least = 3; // two typing errors; more is another word
    for (Option option : values()) {
      int distance = distance(key.toLowerCase(Locale.ROOT), option.key);
      if (distance < least) {
        least = distance;
        nearest = option;
      }
    }
    return nearest;
  }

  /** Insertions, deletions, replacements, and swaps of neighbours, each counted as one. */
  private static int distance(String left, String right) {
    int[][] costs = new int[left.length() + 1][right.length() + 1];
    for (int i = 0; i <= left.length(); i++) {
      for (int j = 0; j <= right.length(); j++) {
        if (i == 0 || j == 0) {
          costs[i][j] = i + j;
          continue;
        }
        int replaced = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
        int cost =
            Math.min(
                costs[i - 1][j - 1] + replaced, Math.min(costs[i - 1][j], costs[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && left.charAt(i - 1) == right.charAt(j - 2)
            && left.charAt(i - 2) == right.charAt(j - 1)) {
          cost = Math.min(cost, costs[i - 2][j - 2] + 1);
        }
        costs[i][j] = cost;
      }
    }
    return costs[left.length()][right.length()];
  }
}
