package dev.cordon.audit;

import java.util.List;

/** Comma separated values as RFC 4180 has them, safe to open in a spreadsheet. */
final class Csv {

  private Csv() {}

  static String line(List<String> texts) {
    StringBuilder line = new StringBuilder(128);
    for (String text : texts) {
      line.append(line.isEmpty() ? "" : ",").append(cell(text));
    }
    return line.toString();
  }

  /**
   * In quotes; control characters and what is not ASCII become a question mark, and what a
   * spreadsheet would take for a formula gets a quote in front.
   */
  static String cell(String text) {
    String plain = Plain.text(text);
    String start = plain.stripLeading();
    boolean formula = !start.isEmpty() && "=+-@|".indexOf(start.charAt(0)) >= 0;
    // a tab or a line end in front is a question mark by now, and hides what follows it
    return "\"" + (formula ? "'" : "") + plain.replace("\"", "\"\"") + "\"";
  }
}
