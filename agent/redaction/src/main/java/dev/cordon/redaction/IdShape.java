package dev.cordon.redaction;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A line of {@link IdTable}: the characters of a number one by one, and its checks. Immutable. */
final class IdShape {
  private static final String TAIWAN = "ABCDEFGHJKLMNPQRSTUVXYWZIO";
  private static final int MAX_CHECKS = 4;

  final Kind kind;
  final int length;

  /** Whether it counts only where no sign joins more to it: {@code 982-247} of 982-247-26. */
  final boolean alone;

  /** For each character a class, or {@code 0x80} plus the place in {@link #sets}. */
  private final char[] classes;

  private final String[] sets;
  private final int skipped;
  private final boolean expanded;
  private final boolean taiwan;
  private final boolean corsica;
  private final @Nullable String first;
  private final @Nullable String alphabet;
  private final int without;
  private final IdCheck[] checks;

  private IdShape(Kind kind, String front, String shape, String[] fields) {
    StringBuilder classes = new StringBuilder(front);
    List<String> sets = new ArrayList<>(2);
    for (int i = 0; i < shape.length(); i++) {
      char c = shape.charAt(i);
      if (c == '[') {
        int close = shape.indexOf(']', i);
        classes.append((char) (0x80 + sets.size()));
        sets.add(shape.substring(i + 1, close));
        i = close;
      } else if (c == '\'') {
        int close = shape.indexOf('\'', i + 1);
        classes.append(shape, i + 1, close);
        i = close;
      } else {
        int count = 0;
        while (i + 1 < shape.length() && Chars.isDigit(shape.charAt(i + 1))) {
          count = count * 10 + shape.charAt(++i) - '0';
        }
        for (int k = 0; k < Math.max(1, count); k++) {
          classes.append(c);
        }
      }
    }
    this.kind = kind;
    this.classes = classes.toString().toCharArray();
    this.length = this.classes.length;
    this.sets = sets.toArray(new String[0]);
    this.skipped = front.length();
    boolean expanded = false;
    boolean taiwan = false;
    boolean corsica = false;
    boolean alone = false;
    String first = null;
    String alphabet = null;
    int without = -1;
    IdCheck[] checks = new IdCheck[MAX_CHECKS];
    int count = 0;
    for (int i = 3; i < fields.length && !fields[i].equals("#"); i++) {
      String field = fields[i];
      switch (field.length() == 1 ? field : field.substring(0, 2)) {
        case "e" -> expanded = true;
        case "f" -> taiwan = true;
        case "j" -> alone = true;
        case "o" -> corsica = true;
        case "t:" -> first = field.substring(2);
        case "y:" -> alphabet = field.substring(2);
        case "k:" -> without = Integer.parseInt(field.substring(2));
        default -> checks[count++] = IdCheck.of(field);
      }
    }
    this.expanded = expanded;
    this.taiwan = taiwan;
    this.corsica = corsica;
    this.alone = alone;
    this.first = first;
    this.alphabet = alphabet;
    this.without = without;
    this.checks = Arrays.copyOf(checks, count);
  }

  /** Adds what a line stands for: two, if a country may stand in front. */
  static void read(String line, List<IdShape> shapes) {
    String[] fields = line.split(" ", -1);
    Kind kind =
        switch (fields[1]) {
          case "N" -> Kind.NATIONAL_ID;
          case "T" -> Kind.TAX_ID;
          case "H" -> Kind.HEALTH_ID;
          case "C" -> Kind.COMPANY_ID;
          case "B" -> Kind.BANK_ACCOUNT;
          case "S" -> Kind.SSN;
          default -> throw new IllegalStateException("no kind of number is called " + fields[1]);
        };
    String shape = fields[2];
    if (shape.charAt(0) == '(') {
      int close = shape.indexOf(')');
      String rest = shape.substring(close + 1);
      shapes.add(new IdShape(kind, shape.substring(1, close), rest, fields));
      shapes.add(new IdShape(kind, "", rest, fields));
    } else {
      shapes.add(new IdShape(kind, "", shape, fields));
    }
  }

  /**
   * @param compact upper case letters and digits
   * @param values memory to work in
   */
  boolean fits(byte[] compact, int[] values) {
    for (int i = 0; i < length; i++) {
      if (!is(classes[i], (char) compact[i], i < skipped)) {
        return false;
      }
    }
    if (checks.length == 0) {
      return true;
    }
    int size = values(compact, values);
    if (size == 0) {
      return false; // a character that these numbers do not have
    }
    for (IdCheck check : checks) {
      if (!check.holds(values, size, alphabet)) {
        return false;
      }
    }
    return !isOneDigit(compact);
  }

  private boolean is(char wanted, char c, boolean literal) {
    if (wanted >= 0x80) {
      return sets[wanted - 0x80].indexOf(c) >= 0;
    }
    if (literal) {
      return c == wanted;
    }
    return switch (wanted) {
      case 'd' -> Chars.isDigit(c);
      case 'l' -> !Chars.isDigit(c);
      case 'w' -> true;
      default -> c == wanted;
    };
  }

  private int values(byte[] compact, int[] values) {
    int size = 0;
    for (int i = skipped; i < length; i++) {
      char c = (char) compact[i];
      if (i == without) {
        continue;
      }
      if (corsica && (i == 5 || i == 6)) {
        values[size++] = i == 5 ? 1 : c == 'A' ? 9 : 8;
      } else if (alphabet != null) {
        values[size++] = alphabet.indexOf(c);
        if (values[size - 1] < 0) {
          return 0;
        }
      } else if (Chars.isDigit(c)) {
        values[size++] = c - '0';
      } else if (first != null && i == 0) {
        values[size++] = first.indexOf(c);
      } else if (expanded) {
        values[size++] = (c - 'A' + 1) / 10;
        values[size++] = (c - 'A' + 1) % 10;
      } else if (taiwan && i == 0) {
        values[size++] = (TAIWAN.indexOf(c) + 10) / 10;
        values[size++] = (TAIWAN.indexOf(c) + 10) % 10;
      } else {
        values[size++] = c - 'A' + 10;
      }
    }
    return size;
  }

  /** 111.111.111-11 and the like hold, and are nobody's. */
  private boolean isOneDigit(byte[] compact) {
    for (int i = skipped + 1; i < length; i++) {
      if (compact[i] != compact[skipped]) {
        return false;
      }
    }
    return true;
  }
}
