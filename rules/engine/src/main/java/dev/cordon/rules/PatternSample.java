package dev.cordon.rules;

/** A text that a simple pattern matches, for examples; of others any text. */
final class PatternSample {
  private static final int DEPTH = 20;

  private final String source;
  private int at;
  private int depth;

  PatternSample(String source) {
    this.source = source;
  }

  String text() {
    String text = alternatives();
    return at < source.length() ? "zq" : text;
  }

  /** The first of several. */
  private String alternatives() {
    String first = sequence();
    while (at < source.length() && source.charAt(at) == '|') {
      at++;
      sequence();
    }
    return first;
  }

  private String sequence() {
    StringBuilder out = new StringBuilder();
    while (at < source.length() && source.charAt(at) != ')' && source.charAt(at) != '|') {
      String atom = atom();
      out.append(atom.repeat(times()));
    }
    return out.toString();
  }

  private String atom() {
    char c = source.charAt(at++);
    switch (c) {
      case '(' -> {
        if (++depth > DEPTH) {
          at = source.length();
          return "";
        }
        if (source.startsWith("?:", at)) {
          at += 2;
        }
        String inner = alternatives();
        at++;
        depth--;
        return inner;
      }
      case '[' -> {
        return oneOf();
      }
      case '\\' -> {
        char escaped = at < source.length() ? source.charAt(at++) : 'z';
        return switch (escaped) {
          case 'd' -> "7";
          case 'w' -> "z";
          case 's' -> " ";
          case 'D', 'W', 'S' -> "-";
          case 'b', 'A', 'z' -> "";
          default -> String.valueOf(escaped);
        };
      }
      case '.' -> {
        return "z";
      }
      case '^', '$' -> {
        return "";
      }
      default -> {
        return String.valueOf(c);
      }
    }
  }

  private String oneOf() {
    boolean not = at < source.length() && source.charAt(at) == '^';
    int start = not ? at + 1 : at;
    int end = source.indexOf(']', start + 1);
    if (end < 0) {
      at = source.length();
      return "z";
    }
    String inside = source.substring(start, end);
    at = end + 1;
    if (!not) {
      return inside.startsWith("\\d")
          ? "7"
          : inside.startsWith("\\w") ? "z" : inside.substring(0, 1);
    }
    for (String one : new String[] {"z", "7", "-", "Q"}) {
      if (!inside.contains(one) && !inside.contains("-")) {
        return one;
      }
    }
    return "~";
  }

  private int times() {
    if (at >= source.length()) {
      return 1;
    }
    char c = source.charAt(at);
    if (c == '*' || c == '+' || c == '?') {
      at++;
      return 1;
    }
    if (c != '{') {
      return 1;
    }
    int end = source.indexOf('}', at);
    String inside = end < 0 ? "" : source.substring(at + 1, end);
    at = end < 0 ? source.length() : end + 1;
    String least = inside.replaceAll(",.*", "");
    return least.matches("[0-9]{1,3}") ? Math.max(1, Integer.parseInt(least)) : 1;
  }
}
