package dev.cordon.rules;

import java.util.List;

/** A rule file that cannot be loaded, with everything that is wrong with it. */
public final class RuleFileException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  RuleFileException(List<Problem> problems) {
    super(render(problems));
    this.problems = List.copyOf(problems);
  }

  /** Errors and warnings, in the order of the file. */
  public List<Problem> problems() {
    return problems;
  }

  /** The problems as they are shown to a person, one below the other. */
  @Override
  @SuppressWarnings("OverrideThrowableToString") // the class name would stand before the file name
  public String toString() {
    String message = getMessage();
    return message == null ? "" : message;
  }

  private static String render(List<Problem> problems) {
    StringBuilder out = new StringBuilder();
    for (Problem problem : problems) {
      if (out.length() > 0) {
        out.append('\n');
      }
      out.append(problem);
    }
    return out.toString();
  }
}
