package dev.cordon.audit;

import java.util.ArrayList;
import java.util.List;

/** Writes the XML that JUnit reports have, as build servers read it. */
final class JUnit {
  private final List<Suite> suites = new ArrayList<>();

  /** The cases of one file. */
  static final class Suite {
    private final String name;
    private final StringBuilder cases = new StringBuilder();
    private int tests;
    private int failures;
    private int errors;

    private Suite(String name) {
      this.name = name;
    }

    void passed(String test) {
      open(test);
      cases.append("/>\n");
    }

    /** One that is told, and counts as passed. */
    void noted(String test, String text) {
      open(test);
      cases.append(">\n      <system-out>").append(escape(text)).append("</system-out>\n");
      cases.append("    </testcase>\n");
    }

    void failed(String test, String type, String message, String text) {
      open(test);
      failures++;
      cases.append(">\n      <failure type=\"").append(escape(type)).append("\" message=\"");
      cases.append(escape(message)).append("\">").append(escape(text)).append("</failure>\n");
      cases.append("    </testcase>\n");
    }

    /** One that could not be run. */
    void broken(String test, String message) {
      open(test);
      errors++;
      cases.append(">\n      <error message=\"").append(escape(message)).append("\"/>\n");
      cases.append("    </testcase>\n");
    }

    private void open(String test) {
      tests++;
      cases.append("    <testcase classname=\"").append(escape(name)).append("\" name=\"");
      cases.append(escape(test)).append("\" time=\"0\"");
    }
  }

  Suite suite(String name) {
    Suite suite = new Suite(name);
    suites.add(suite);
    return suite;
  }

  @Override
  public String toString() {
    int tests = 0;
    int failures = 0;
    int errors = 0;
    StringBuilder all = new StringBuilder();
    for (Suite suite : suites) {
      tests += suite.tests;
      failures += suite.failures;
      errors += suite.errors;
      all.append("  <testsuite name=\"").append(escape(suite.name));
      all.append("\" tests=\"").append(suite.tests);
      all.append("\" failures=\"").append(suite.failures);
      all.append("\" errors=\"").append(suite.errors);
      all.append("\" skipped=\"0\" time=\"0\">\n");
      all.append(suite.cases).append("  </testsuite>\n");
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"cordon\" tests=\""
        + tests
        + "\" failures=\""
        + failures
        + "\" errors=\""
        + errors
        + "\" time=\"0\">\n"
        + all
        + "</testsuites>";
  }

  /** What XML 1.0 cannot hold becomes a question mark. */
  private static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\n' -> out.append("&#10;");
                case '\t' -> out.append("&#9;");
                default -> out.appendCodePoint(isXml(c) ? c : '?');
              }
            });
    return out.toString();
  }

  private static boolean isXml(int c) {
    return (c >= 0x20 && c <= 0xd7ff) || (c >= 0xe000 && c <= 0xfffd) || c >= 0x10000;
  }
}
