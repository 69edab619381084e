package dev.cordon.it;

import java.io.IOException;
import java.nio.file.Path;

/** Rule files for the tests of this module. */
public final class RuleFiles {

  private RuleFiles() {}

  /** Reads of localhost pass, POST /allowed passes, other writes are denied. */
  public static Path enforcing(Path directory) throws IOException {
    return write(directory, "enforce");
  }

  /** The same, but decisions are only journaled. */
  public static Path observing(Path directory) throws IOException {
    return write(directory, "observe");
  }

  private static Path write(Path directory, String mode) throws IOException {
    return Fixtures.rules(
        directory,
        "version: 1",
        "name: it/" + mode,
        "serial: 7",
        "defaults:",
        "  mode: " + mode,
        "destinations:",
        "  local: { hosts: [localhost, 127.0.0.1] }",
        "classify:",
        "  write:",
        "    - local POST /**",
        "rules:",
        "  - id: it.allowed",
        "    to: local",
        "    call: POST /allowed",
        "    then: allow",
        "redaction:",
        "  logs: { types: [email], with: token }");
  }
}
