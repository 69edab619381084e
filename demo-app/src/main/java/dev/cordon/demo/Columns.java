package dev.cordon.demo;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Prints two lists of lines beside each other, wrapped to half a terminal each. */
final class Columns {

  private static final int COLUMN_CHARS = 58;
  private static final String BETWEEN = " | ";

  private final PrintStream out;

  Columns(PrintStream out) {
    this.out = out;
  }

  void heading(String text) {
    out.println();
    out.println("== " + text + " " + "=".repeat(Math.max(0, 2 * COLUMN_CHARS - text.length() - 1)));
  }

  void print(List<String> left, List<String> right) {
    List<String> leftLines = wrapAll(left);
    List<String> rightLines = wrapAll(right);
    for (int i = 0; i < Math.max(leftLines.size(), rightLines.size()); i++) {
      String start = i < leftLines.size() ? leftLines.get(i) : "";
      String end = i < rightLines.size() ? rightLines.get(i) : "";
      out.println(
          (start + " ".repeat(COLUMN_CHARS - start.length()) + BETWEEN + end).stripTrailing());
    }
  }

  private static List<String> wrapAll(List<String> texts) {
    List<String> lines = new ArrayList<>();
    for (String text : texts.isEmpty() ? List.of("(nothing)") : texts) {
      wrap(text, lines);
    }
    return lines;
  }

  /** Breaks at the last space that fits; continuation lines are indented by two. */
  private static void wrap(String text, List<String> lines) {
    String rest = text;
    String indent = "";
    while (indent.length() + rest.length() > COLUMN_CHARS) {
      int room = COLUMN_CHARS - indent.length();
      int space = rest.lastIndexOf(' ', room);
      int end = space > room / 2 ? space : room;
      lines.add(indent + rest.substring(0, end).stripTrailing());
      rest = rest.substring(end).stripLeading();
      indent = "  ";
    }
    lines.add(indent + rest);
  }
}
