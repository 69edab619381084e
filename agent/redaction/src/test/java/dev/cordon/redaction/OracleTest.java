package dev.cordon.redaction;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The detectors against a second implementation that is slow and obvious, on random candidates near
 * the line between what is one and what is none. {@code -Dcordon.seed=N} for the same ones again.
 */
class OracleTest {
  private static final int RUNS = Integer.getInteger("cordon.oracle.runs", 40_000);

  private final long seed = Long.getLong("cordon.seed", System.nanoTime());
  private final Random random = new Random(seed);

  // ---- cards

  private static final Map<String, String> SCHEMES =
      Map.of(
          "Visa", "4\\d{12}|4\\d{15}|4\\d{17,18}",
          "Mastercard", "5[1-5]\\d{14}|(222[1-9]|22[3-9]\\d|2[3-6]\\d\\d|27[01]\\d|2720)\\d{12}",
          "American Express", "3[47]\\d{13}",
          "Diners Club", "(30[0-5]|309|36\\d|38\\d|39\\d)(\\d{11}|\\d{13})",
          "Discover and UnionPay",
              "(6011|64[4-9]\\d|65\\d\\d|62\\d\\d|81\\d\\d)(\\d{12}|\\d{14,15})",
          "UnionPay, short", "62\\d{12,15}",
          "JCB", "35(2[89]|[3-8]\\d)(\\d{12}|\\d{14,15})",
          "Mir, Troy", "(220[0-5]|9792)(\\d{12}|\\d{14,15})",
          "Maestro", "(50|60(?!11)|63|67|56|57|58)\\d{10,17}",
          "UATP", "1\\d{14}");

  @Test
  void aCardIsANumberOfASchemeWithItsCheckDigit() {
    Redactor redactor = Redactor.forLogs(EnumSet.of(Kind.CARD));
    int cards = 0;
    for (int i = 0; i < RUNS; i++) {
      String digits =
          digits(
              new String[] {
                    "4", "51", "2221", "34", "36", "6011", "62", "3528", "22", "50", "1", "7", "0",
                    "9"
                  }
                  [random.nextInt(14)],
              11 + random.nextInt(10));
      if (random.nextInt(4) > 0) {
        digits = withLuhn(digits);
      }
      boolean expected = isCard(digits);
      cards += expected ? 1 : 0;
      check(redactor, "card " + digits + " end", expected ? "card [CARD] end" : null);
    }
    assertEquals(true, cards > RUNS / 10, "seed " + seed + ": " + cards);
  }

  private static boolean isCard(String digits) {
    if (digits.length() < 12 || digits.length() > 19 || luhn(digits) != 0) {
      return false;
    }
    for (String scheme : SCHEMES.values()) {
      if (digits.matches(scheme)) {
        return true;
      }
    }
    return false;
  }

  private static int luhn(String digits) {
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      String product = String.valueOf(i % 2 == 0 ? digit : digit * 2);
      for (char c : product.toCharArray()) {
        sum += c - '0';
      }
    }
    return sum % 10;
  }

  private static String withLuhn(String digits) {
    String front = digits.substring(0, digits.length() - 1);
    for (char c = '0'; c <= '9'; c++) {
      if (luhn(front + c) == 0) {
        return front + c;
      }
    }
    throw new IllegalStateException(digits);
  }

  // ---- IBANs

  private static final Map<String, String> IBANS =
      Map.of(
          "DE", "\\d{18}",
          "GB", "[A-Z]{4}\\d{14}",
          "FR", "\\d{10}[A-Z0-9]{11}\\d\\d",
          "NL", "[A-Z]{4}\\d{10}",
          "NO", "\\d{11}",
          "MT", "[A-Z]{4}\\d{5}[A-Z0-9]{18}",
          "ES", "\\d{20}",
          "PL", "\\d{24}");

  @Test
  void anIbanHasTheFormOfItsCountryAndTheRemainderOne() {
    Redactor redactor = Redactor.forLogs(EnumSet.of(Kind.IBAN));
    List<String> countries = new ArrayList<>(IBANS.keySet());
    int ibans = 0;
    for (int i = 0; i < RUNS; i++) {
      String country = countries.get(random.nextInt(countries.size()));
      StringBuilder account = new StringBuilder();
      Matcher part =
          Pattern.compile("(\\\\d|\\[[A-Z0-9-]+\\])(\\{\\d+\\})?")
              .matcher(IBANS.getOrDefault(country, "").replace("\\d\\d", "\\d{2}"));
      while (part.find()) {
        int count =
            part.group(2) == null ? 1 : Integer.parseInt(part.group(2).replaceAll("\\D", ""));
        String alphabet =
            part.group(1).equals("\\d")
                ? "0123456789"
                : part.group(1).contains("0") ? "0123456789ABCXYZ" : "ABCDXYZ";
        for (int k = 0; k < count; k++) {
          account.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
      }
      String iban =
          country
              + String.format(Locale.ROOT, "%02d", 98 - mod97(account + country + "00"))
              + account;
      if (random.nextInt(2) == 0) { // one character is another one
        int at = random.nextInt(iban.length());
        char c = "0123456789ABXZ".charAt(random.nextInt(14));
        iban = iban.substring(0, at) + c + iban.substring(at + 1);
      }
      boolean expected = isIban(iban);
      ibans += expected ? 1 : 0;
      if (IBANS.containsKey(iban.substring(0, 2)) || expected) { // the others are not in our table
        check(redactor, "to " + iban + " end", expected ? "to [IBAN] end" : null);
      }
    }
    assertEquals(true, ibans > RUNS / 4, "seed " + seed + ": " + ibans);
  }

  private static boolean isIban(String iban) {
    String form = IBANS.get(iban.substring(0, 2));
    return form != null
        && iban.substring(2, 4).matches("\\d\\d")
        && iban.substring(4).matches(form)
        && mod97(iban.substring(4) + iban.substring(0, 4)) == 1;
  }

  private static int mod97(String text) {
    StringBuilder number = new StringBuilder();
    for (char c : text.toCharArray()) {
      number.append(Character.digit(c, 36));
    }
    return new BigInteger(number.toString()).mod(BigInteger.valueOf(97)).intValue();
  }

  // ---- mail addresses

  @Test
  void anAddressHasALocalPartAndLabelsTheLastOfWhichIsATopLevelDomain() {
    Redactor redactor = Redactor.forLogs(EnumSet.of(Kind.EMAIL));
    String[] pieces = {"a", "b7", ".", "-", "_", "+", "@", "@", "co", "uk", "9", "com", ".de"};
    int found = 0;
    for (int i = 0; i < RUNS; i++) {
      StringBuilder text = new StringBuilder();
      for (int k = 2 + random.nextInt(8); k > 0; k--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      boolean expected = hasAddress(text.toString());
      found += expected ? 1 : 0;
      String line = "to " + text + " end";
      boolean actual = !redactor.line(line).equals(line);
      assertEquals(expected, actual, () -> "seed " + seed + ": " + line);
    }
    assertEquals(true, found > RUNS / 100, "seed " + seed + ": " + found);
  }

  /** Some at sign with a local part before it and labels behind it. */
  private static boolean hasAddress(String text) {
    for (int at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
      String[] before = text.substring(0, at + 1).split("(?<=@)");
      String local = before[before.length - 1];
      if (!local.matches("[A-Za-z0-9_%+'~.-]*[A-Za-z0-9_][A-Za-z0-9_%+'~.-]*@")) {
        continue;
      }
      String host = text.substring(at + 1).split("[^A-Za-z0-9.-]", -1)[0];
      String[] labels = host.split("[.]", -1);
      for (int i = 0; i < labels.length; i++) {
        if (labels[i].isEmpty() || labels[i].startsWith("-")) {
          break;
        }
        if (i > 0 && labels[i].matches("[A-Za-z]{2,24}")) {
          return true;
        }
      }
    }
    return false;
  }

  // ---- addresses of machines

  @Test
  void anAddressOfFourNumbersHasNoneAbove255() {
    Redactor redactor = Redactor.forLogs(EnumSet.of(Kind.IP_ADDRESS));
    for (int i = 0; i < RUNS; i++) {
      StringBuilder text = new StringBuilder();
      int parts = random.nextInt(6) == 0 ? 3 + random.nextInt(3) : 4;
      for (int k = 0; k < parts; k++) {
        String part = String.valueOf(11 + random.nextInt(random.nextInt(5) == 0 ? 400 : 160));
        text.append(k == 0 ? "" : ".").append(random.nextInt(20) == 0 ? "0" : "").append(part);
      }
      String[] numbers = text.toString().split("[.]", -1);
      boolean expected = numbers.length == 4;
      for (String number : numbers) {
        expected &= !number.startsWith("0") && Integer.parseInt(number) <= 255;
      }
      int first = Integer.parseInt(numbers[0]);
      boolean nobody = first == 127 || first >= 224 || first == 172 || first == 192 || first == 169;
      if (!nobody) {
        check(redactor, "from " + text + " end", expected ? "from [IP_ADDRESS] end" : null);
      }
    }
  }

  @Test
  void aWholeTextIsAnAddressOfVersionSixIfTheJdkReadsItAsOne() {
    Redactor redactor = Redactor.forLogs(EnumSet.of(Kind.IP_ADDRESS));
    int found = 0;
    for (int i = 0; i < RUNS; i++) {
      StringBuilder text = new StringBuilder();
      int groups = 1 + random.nextInt(9);
      for (int k = 0; k < groups; k++) {
        text.append(Integer.toHexString(random.nextInt(1 << 4 * (1 + random.nextInt(4)))));
        text.append(k + 1 < groups ? random.nextInt(8) == 0 ? "::" : ":" : "");
      }
      if (random.nextInt(10) == 0) {
        text.append(random.nextBoolean() ? "::" : ":203.0.113.9");
      }
      String address = text.toString();
      if (address.indexOf(':') < 0) {
        continue;
      }
      boolean expected = isVersionSix(address);
      found += expected ? 1 : 0;
      boolean whole = redactor.line(address).equals("[IP_ADDRESS]");
      assertEquals(expected, whole, () -> "seed " + seed + ": " + address);
    }
    assertEquals(true, found > RUNS / 100, "seed " + seed + ": " + found);
  }

  private static boolean isVersionSix(String address) {
    try {
      InetAddress.getByName("[" + address + "]"); // a literal in brackets is never looked up
      return true;
    } catch (UnknownHostException e) {
      return false;
    }
  }

  // ---- social security numbers

  @Test
  void aSocialSecurityNumberIsOneOfThoseThatWereGivenOut() {
    Redactor redactor = Redactor.forLogs(EnumSet.of(Kind.SSN));
    int found = 0;
    for (int i = 0; i < RUNS; i++) {
      String area =
          String.format(
              Locale.ROOT,
              "%03d",
              random.nextInt(4) == 0 ? 660 + random.nextInt(12) : random.nextInt(1000));
      String group =
          String.format(Locale.ROOT, "%02d", random.nextInt(random.nextBoolean() ? 3 : 100));
      String serial =
          String.format(Locale.ROOT, "%04d", random.nextInt(random.nextBoolean() ? 3 : 10_000));
      String one = random.nextInt(10) == 0 ? " " : "-";
      String two = random.nextInt(10) == 0 ? " " : "-";
      boolean expected =
          one.equals(two)
              && !area.equals("000")
              && !area.equals("666")
              && area.charAt(0) != '9'
              && !group.equals("00")
              && !serial.equals("0000");
      found += expected ? 1 : 0;
      check(
          redactor,
          "is " + area + one + group + two + serial + ", end",
          expected ? "is [SSN], end" : null);
    }
    assertEquals(true, found > RUNS / 10, "seed " + seed + ": " + found);
  }

  /** Null expects the text itself. */
  private void check(Redactor redactor, String text, @Nullable String expected) {
    assertEquals(
        expected == null ? text : expected,
        redactor.line(text),
        () -> "seed " + seed + ": " + text);
  }

  private String digits(String prefix, int length) {
    StringBuilder digits = new StringBuilder(prefix);
    while (digits.length() < length) {
      digits.append((char) ('0' + random.nextInt(10)));
    }
    return digits.substring(0, length);
  }
}
