package dev.cordon.rules;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Rule files for tests. */
final class RuleFiles {
  private RuleFiles() {}

  static Path write(Path directory, String... lines) throws IOException {
    Path file = Files.createTempFile(directory, "rules", ".yaml");
    return Files.writeString(file, String.join("\n", lines) + "\n");
  }

  static RuleSet load(Path directory, String... lines) throws IOException, RuleFileException {
    return RuleSet.load(write(directory, lines));
  }
}
