package dev.cordon.demo;

import java.nio.file.Path;
import java.util.Map;

/** What a service is told from outside, by environment variables. */
record Environment(Map<String, String> variables) {

  String text(String name) {
    String value = variables.get(name);
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(
          "environment variable " + name + " is not set; demo-app/demo.sh sets all of them");
    }
    return value;
  }

  Path path(String name) {
    return Path.of(text(name));
  }
}
