package dev.cordon.rules;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with one file, so that a person sees all of it in one run. */
final class Problems {
  static final int MAX_ERRORS = 200; // a file with more is not a rule file
  private static final int MAX_WARNINGS = 200;
  private static final int MAX_LINE_CHARS = 400; // longer source lines are not shown

  /** What is wrong whatever else the file, or another one, says. */
  private static final Set<String> BY_ITSELF =
      Set.of(
          "CRD101", "CRD106", "CRD107", "CRD108", "CRD110", "CRD111", "CRD113", "CRD114", "CRD115",
          "CRD116", "CRD117", "CRD120", "CRD123", "CRD125", "CRD130", "CRD132", "CRD133", "CRD134",
          "CRD135", "CRD141", "CRD143", "CRD144", "CRD146");

  private final String file;
  private final List<Problem> found = new ArrayList<>();
  private int errors; // warnings, however many, must never hide one
  private String text = "";
  private boolean inPart;
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

  /**
   * From here on only what is wrong by itself is told: parts that could not be read are missing.
   */
  void inPart() {
    inPart = true;
  }

  boolean isInPart() {
    return inPart;
  }

  int size() {
    return found.size();
  }

  /** Forgets what was told after the first ones. */
  void keep(int first) {
    for (Problem problem : found.subList(first, found.size())) {
      errors -= problem.isError() ? 1 : 0;
    }
    found.subList(first, found.size()).clear();
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
    boolean follows = severity == Problem.Severity.WARNING || !BY_ITSELF.contains(code);
    boolean isError = severity == Problem.Severity.ERROR;
    int known = isError ? errors : found.size() - errors;
    if (known >= (isError ? MAX_ERRORS : MAX_WARNINGS) || (inPart && follows)) {
      return;
    }
    errors += isError ? 1 : 0;
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
    return errors > 0;
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
