package dev.cordon.redaction;

import org.jspecify.annotations.Nullable;

/** One check of a line of {@link IdTable}, on the values of its characters. Immutable. */
final class IdCheck {
  private enum Op {
    WEIGHTED,
    CROSS_SUMS,
    MULTIPLE_OF_SUM,
    SUM_IS,
    NUMBER,
    MULTIPLE,
    LUHN,
    ISO_11_10,
    ISO_11_2,
    ISO_97_10,
    VERHOEFF,
    LUHN_36,
    ODD_26,
    KOREAN_COMPANY,
    TURKISH_TAX,
    SOCIAL_SECURITY,
    US_TAXPAYER,
    YEAR_FIRST,
    DAY_FIRST,
    LONG_YEAR_FIRST
  }

  private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

  // group operation and permutation of Verhoeff 1969
  private static final String DIHEDRAL =
      "0123456789123406789523401789563401289567401239567859876043216598710432765982104387659321049876543210";
  private static final String PERMUTATION =
      "01234567891576283094580379614289160435279453126870428657390127938064157046913258";

  /** Values of the characters at odd places in Italy and Cyprus; a letter has that of its digit. */
  private static final int[] ODD = {
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23
  };

  private final Op op;
  private final String[] weights;
  private final String[] maps;
  private final boolean either;
  private final int constant;
  private final int modulus;
  private final int from;
  private final int to; // 0 is the end
  private final int resultFrom;
  private final int resultTo;
  private final char relation;
  private final String prefix;
  private final String suffix;

  private IdCheck(Op op, Reader in) {
    this.op = op;
    weights = in.weights;
    maps = in.maps;
    either = in.either;
    constant = in.constant;
    modulus = in.modulus;
    from = in.from;
    to = in.to;
    resultFrom = in.resultFrom;
    resultTo = in.resultTo;
    relation = in.relation;
    prefix = in.prefix;
    suffix = in.suffix;
  }

  /** What a check is read from; the defaults are those of what it leaves out. */
  private static final class Reader {
    private String[] weights = {};
    private String[] maps = {};
    private boolean either;
    private int constant;
    private int modulus;
    private int from;
    private int to;
    private int resultFrom;
    private int resultTo;
    private char relation;
    private String prefix = "";
    private String suffix = "";
  }

  static IdCheck of(String text) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    String rest = colon < 0 ? "" : text.substring(colon + 1);
    Reader in = new Reader();
    return switch (name) {
      case "w" -> weighted(Op.WEIGHTED, rest, in);
      case "x" -> weighted(Op.CROSS_SUMS, rest, in);
      case "z" -> {
        int slash = rest.indexOf('/');
        sum(rest.substring(0, slash), in);
        in.modulus = number(rest.substring(slash + 1));
        yield new IdCheck(Op.MULTIPLE_OF_SUM, in);
      }
      case "s" -> {
        int percent = rest.indexOf('%');
        int equals = rest.indexOf('=');
        sum(rest.substring(0, percent), in);
        in.modulus = number(rest.substring(percent + 1, equals));
        result(rest.substring(equals + 1), in);
        yield new IdCheck(Op.SUM_IS, in);
      }
      case "n" -> remainder(rest, in);
      case "m" -> {
        int percent = rest.indexOf('%');
        range(rest.substring(0, percent), in);
        in.modulus = number(rest.substring(percent + 1));
        yield new IdCheck(Op.MULTIPLE, in);
      }
      case "luhn" -> {
        range(rest, in);
        yield new IdCheck(Op.LUHN, in);
      }
      case "luhn+24" -> {
        in.constant = 24; // what the prefix 80840 adds
        yield new IdCheck(Op.LUHN, in);
      }
      case "i11.10" -> new IdCheck(Op.ISO_11_10, in);
      case "i11-2" -> new IdCheck(Op.ISO_11_2, in);
      case "i97" -> new IdCheck(Op.ISO_97_10, in);
      case "verhoeff" -> new IdCheck(Op.VERHOEFF, in);
      case "luhn36" -> new IdCheck(Op.LUHN_36, in);
      case "odd26" -> new IdCheck(Op.ODD_26, in);
      case "brn" -> new IdCheck(Op.KOREAN_COMPANY, in);
      case "vkn" -> new IdCheck(Op.TURKISH_TAX, in);
      case "ssn" -> new IdCheck(Op.SOCIAL_SECURITY, in);
      case "itin" -> new IdCheck(Op.US_TAXPAYER, in);
      case "ymd" -> date(Op.YEAR_FIRST, rest, in);
      case "dmy" -> date(Op.DAY_FIRST, rest, in);
      case "Ymd" -> date(Op.LONG_YEAR_FIRST, rest, in);
      default -> throw new IllegalStateException("no check of numbers is called ".concat(text));
    };
  }

  private static IdCheck weighted(Op op, String rest, Reader in) {
    int slash = rest.indexOf('/');
    int at = rest.lastIndexOf('@');
    sum(rest.substring(0, slash), in);
    String map = rest.substring(slash + 1, at);
    in.either = map.indexOf('|') >= 0;
    in.maps = map.split(in.either ? "[|]" : ",", -1);
    in.resultFrom = number(rest.substring(at + 1));
    return new IdCheck(op, in);
  }

  private static void sum(String text, Reader in) {
    int plus = text.indexOf('+');
    in.weights = (plus < 0 ? text : text.substring(0, plus)).split(",", -1);
    in.constant = plus < 0 ? 0 : number(text.substring(plus + 1));
  }

  private static IdCheck remainder(String rest, Reader in) {
    int percent = rest.indexOf('%');
    String number = rest.substring(0, percent);
    int dash = number.indexOf('-');
    int plus = number.indexOf('+');
    if (plus >= 0 && plus < dash) {
      in.prefix = number.substring(0, plus);
      number = number.substring(plus + 1);
      plus = -1;
    }
    if (plus > 0) {
      in.suffix = number.substring(plus + 1);
      number = number.substring(0, plus);
    }
    range(number, in);
    int at = percent + 1;
    while (Chars.isDigit(rest.charAt(at))) {
      at++;
    }
    in.modulus = number(rest.substring(percent + 1, at));
    in.relation = rest.charAt(at);
    if (in.relation == '#') {
      int place = rest.indexOf('@');
      in.maps = new String[] {rest.substring(at + 1, place)};
      in.resultFrom = number(rest.substring(place + 1));
    } else {
      result(rest.substring(at + 1), in);
    }
    return new IdCheck(Op.NUMBER, in);
  }

  private static IdCheck date(Op op, String rest, Reader in) {
    int percent = rest.indexOf('%');
    in.from = number(percent < 0 ? rest : rest.substring(0, percent));
    in.modulus = percent < 0 ? 100 : number(rest.substring(percent + 1));
    return new IdCheck(op, in);
  }

  private static void range(String text, Reader in) {
    int dash = text.indexOf('-');
    if (dash > 0) {
      in.from = number(text.substring(0, dash));
      in.to = number(text.substring(dash + 1));
    }
  }

  private static void result(String text, Reader in) {
    int dash = text.indexOf('-');
    in.resultFrom = number(text.substring(0, dash));
    in.resultTo = number(text.substring(dash + 1));
  }

  private static int number(String text) {
    return Integer.parseInt(text);
  }

  /**
   * @param v values of characters: digits count as themselves, letters as the line says
   */
  boolean holds(int[] v, int length, @Nullable String alphabet) {
    int end = to == 0 ? length : to;
    return switch (op) {
      case WEIGHTED, CROSS_SUMS -> weighted(v, alphabet);
      case MULTIPLE_OF_SUM -> sum(v, weights[0]) % modulus == 0;
      case SUM_IS -> sum(v, weights[0]) % modulus % 100 == number(v, resultFrom, resultTo);
      case NUMBER -> remainder(v, end);
      case MULTIPLE -> remainder(v, from, end, 0) == 0;
      case LUHN -> luhn(v, from, end, 10) % 10 == 0;
      case ISO_11_10 -> iso1110(v, length);
      case ISO_11_2 -> iso112(v, length);
      case ISO_97_10 -> iso97(v, length);
      case VERHOEFF -> verhoeff(v, length);
      case LUHN_36 -> luhn(v, 0, length, 36) % 36 == 0;
      case ODD_26 -> odd26(v, length);
      case KOREAN_COMPANY -> koreanCompany(v);
      case TURKISH_TAX -> turkishTax(v);
      case SOCIAL_SECURITY -> isSocialSecurity(v);
      case US_TAXPAYER -> isTaxpayer(v);
      case YEAR_FIRST -> isDate(v, from + 2, from + 4);
      case DAY_FIRST -> isDate(v, from + 2, from);
      case LONG_YEAR_FIRST -> isDate(v, from + 4, from + 6) && v[from] >= 1 && v[from] <= 2;
    };
  }

  private boolean weighted(int[] v, @Nullable String alphabet) {
    char expected = 0;
    for (int i = 0; i < maps.length; i++) {
      String map = maps[i];
      int sum = sum(v, weights[Math.min(i, weights.length - 1)]);
      expected = map.charAt(sum % map.length());
      boolean fits = is(v[resultFrom], expected, alphabet);
      if (either ? fits : expected != '?') {
        return fits;
      }
    }
    return false;
  }

  private static boolean is(int value, char expected, @Nullable String alphabet) {
    return value >= 0 && value == (alphabet == null ? DIGITS : alphabet).indexOf(expected);
  }

  private int sum(int[] v, String weights) {
    int sum = constant;
    for (int i = 0; i < weights.length(); i++) {
      int product = v[i] * DIGITS.indexOf(weights.charAt(i));
      sum += op == Op.CROSS_SUMS ? product / 10 + product % 10 : product;
    }
    return sum;
  }

  private boolean remainder(int[] v, int end) {
    int remainder = 0;
    for (int i = 0; i < prefix.length(); i++) {
      remainder = (remainder * 10 + prefix.charAt(i) - '0') % modulus;
    }
    remainder = remainder(v, from, end, remainder);
    for (int i = 0; i < suffix.length(); i++) {
      remainder = (remainder * 10 + suffix.charAt(i) - '0') % modulus;
    }
    return switch (relation) {
      case '#' -> is(v[resultFrom], maps[0].charAt(remainder), null);
      case '~' -> modulus - remainder == number(v, resultFrom, resultTo);
      default -> remainder == number(v, resultFrom, resultTo);
    };
  }

  private int remainder(int[] v, int from, int to, int begin) {
    int remainder = begin;
    for (int i = from; i < to; i++) {
      remainder = (remainder * 10 + v[i]) % modulus;
    }
    return remainder;
  }

  private static int number(int[] v, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      number = number * 10 + v[i];
    }
    return number;
  }

  private int luhn(int[] v, int from, int to, int base) {
    int sum = constant;
    for (int i = to - 1; i >= from; i--) {
      int value = (to - 1 - i & 1) == 0 ? v[i] : v[i] * 2;
      // a letter in base 10 is a number above nine: only what was doubled is cut
      sum += base == 10 ? value - (value > v[i] && value > 9 ? 9 : 0) : value / base + value % base;
    }
    return sum;
  }

  private static boolean iso1110(int[] v, int length) {
    int product = 10;
    for (int i = 0; i < length - 1; i++) {
      int sum = (v[i] + product) % 10;
      product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    return (11 - product) % 10 == v[length - 1];
  }

  private static boolean iso112(int[] v, int length) {
    int sum = 0;
    for (int i = 0; i < length - 1; i++) {
      sum = (sum + v[i]) * 2 % 11;
    }
    int check = (12 - sum) % 11;
    return v[length - 1] == (check == 10 ? 33 : check); // X is the ten
  }

  private static boolean iso97(int[] v, int length) {
    int remainder = 0;
    for (int i = 0; i < length; i++) {
      remainder = (remainder * (v[i] > 9 ? 100 : 10) + v[i]) % 97;
    }
    return remainder == 1;
  }

  private static boolean verhoeff(int[] v, int length) {
    int check = 0;
    for (int i = 0; i < length; i++) {
      int permuted = PERMUTATION.charAt(i % 8 * 10 + v[length - 1 - i]) - '0';
      check = DIHEDRAL.charAt(check * 10 + permuted) - '0';
    }
    return check == 0;
  }

  private static boolean odd26(int[] v, int length) {
    int sum = 0;
    for (int i = 0; i < length - 1; i++) {
      int place = v[i] > 9 ? v[i] - 10 : v[i];
      sum += (i & 1) == 0 ? ODD[place] : place;
    }
    return v[length - 1] == 10 + sum % 26;
  }

  private static boolean koreanCompany(int[] v) {
    int sum = v[8] * 5 / 10;
    for (int i = 0; i < 9; i++) {
      sum += v[i] * ("137137135".charAt(i) - '0');
    }
    return (10 - sum % 10) % 10 == v[9];
  }

  private static boolean turkishTax(int[] v) {
    int sum = 0;
    for (int i = 0; i < 9; i++) {
      int place = 9 - i;
      int shifted = (v[i] + place) % 10;
      int scaled = shifted * (1 << place) % 9;
      sum += shifted != 0 && scaled == 0 ? 9 : scaled;
    }
    return (10 - sum % 10) % 10 == v[9];
  }

  private static boolean isSocialSecurity(int[] v) {
    int area = number(v, 0, 3);
    return area != 0 && area != 666 && area < 900 && number(v, 3, 5) != 0 && number(v, 5, 9) != 0;
  }

  private static boolean isTaxpayer(int[] v) {
    int group = number(v, 3, 5);
    return group >= 50 && group <= 99 && group != 89 && group != 93 && (group < 66 || group >= 70);
  }

  private boolean isDate(int[] v, int monthAt, int dayAt) {
    int month = number(v, monthAt, monthAt + 2) % modulus;
    int day = number(v, dayAt, dayAt + 2);
    day -= day > 60 ? 60 : day > 40 ? 40 : 0; // women, or numbers for those who stay a while
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
  }
}
