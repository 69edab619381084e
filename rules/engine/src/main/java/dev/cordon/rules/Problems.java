package dev.cordon.rules;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with one file, so that a person sees all of it in one run. */
final class Problems {
  private static final int MAX_PROBLEMS = 200; // a file with more is not a rule file
  private static final int MAX_LINE_CHARS = 400; // longer source lines are not shown

  private final String file;
  private final List<Problem> found = new ArrayList<>();
  private String text = "";
  private @Nullable List<String> lines; // split at the first problem: most files have none

  Problems(String file) {
    this.file = file;
  }

  String file() {
    return file;
  }

  /** From here on problems show their source line. */
  void source(String text) {
    this.text = text;
    this.lines = null;
  }

  void error(Position at, String code, String message, String hint) {
    add(at, code, Problem.Severity.ERROR, message, hint);
  }

  void error(Position at, String code, String message) {
    error(at, code, message, "");
  }

  void warning(Position at, String code, String message, String hint) {
    add(at, code, Problem.Severity.WARNING, message, hint);
  }

  private void add(
      Position at, String code, Problem.Severity severity, String message, String hint) {
    if (found.size() >= MAX_PROBLEMS) {
      return;
    }
    if (lines == null) {
      lines = text.isEmpty() ? List.of() : text.lines().toList();
    }
    String line = at.line() <= lines.size() ? lines.get(at.line() - 1) : "";
    if (line.length() > MAX_LINE_CHARS) {
      line = "";
    }
    int width = Math.max(1, Math.min(at.width(), line.length() - at.column() + 1));
    found.add(
        new Problem(file, at.line(), at.column(), code, severity, message, line, width, hint));
  }

  boolean hasErrors() {
    for (Problem problem : found) {
      if (problem.isError()) {
        return true;
      }
    }
    return false;
  }

  /** In the order of the file. */
  List<Problem> all() {
    if (found.size() < 2) {
      return List.copyOf(found);
    }
    List<Problem> sorted = new ArrayList<>(found);
    sorted.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
    return List.copyOf(sorted);
  }
}
