package dev.cordon.rules;

/**
 * One thing wrong with a rule file.
 *
 * @param line from 1
 * @param column from 1, in characters
 * @param code {@code CRD101} and so on; docs/rule-language.md lists them
 * @param sourceLine the line as it stands in the file; empty when there is none to show
 * @param width how many characters the caret covers, at least 1
 * @param hint the way out; may be empty
 */
public record Problem(
    String file,
    int line,
    int column,
    String code,
    Severity severity,
    String message,
    String sourceLine,
    int width,
    String hint) {

  /** An error keeps the file from being loaded; a warning does not. */
  public enum Severity {
    ERROR,
    WARNING
  }

  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /** {@code file:line:column: error[CRD###] message}, the source line, a caret and the hint. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(160);
    out.append(file).append(':').append(line).append(':').append(column).append(": ");
    out.append(isError() ? "error[" : "warning[").append(code).append("] ").append(message);
    if (sourceLine.isEmpty()) {
      if (!hint.isEmpty()) {
        out.append("\n      | ").append(hint);
      }
      return out.toString();
    }
    String number = Integer.toString(line);
    out.append('\n').append(" ".repeat(Math.max(0, 5 - number.length()))).append(number);
    out.append(" | ").append(sourceLine).append("\n      | ");
    out.append(" ".repeat(Math.max(0, column - 1))).append("^".repeat(Math.max(1, width)));
    if (!hint.isEmpty()) {
      out.append(' ').append(hint);
    }
    return out.toString();
  }
}
