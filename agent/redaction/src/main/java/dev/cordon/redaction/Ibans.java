package dev.cordon.redaction;

/** IBANs: country, length, structure of the account number, and 97. */
final class Ibans {
  // country, then the account number behind the check digits: n digits, a letters, c either
  private static final String REGISTRY =
      "AD8n12c AE19n AL8n16c AO21n AT16n AZ4a20c BA16n BE12n BF2c22n BG4a6n8c BH4a14c BI23n BJ2c22n"
          + " BR23n1a1c BY4c4n16c CF23n CG23n CH5n12c CI2c22n CM23n CR18n CV21n CY8n16c CZ20n DE18n"
          + " DJ23n DK14n DO4c20n DZ22n EE16n EG25n ES20n FI14n FK2a12n FO14n FR10n11c2n GA23n"
          + " GB4a14n GE2a16n GI4a15c GL14n GQ23n GR7n16c GT4c20c GW2c19n HN4a20n HR17n HU24n"
          + " IE4a14n IL19n IQ4a15n IR22n IS22n IT1a10n12c JO4a4n18c KM23n KW4a22c KZ3n13c LB4n20c"
          + " LC4a24c LI5n12c LT16n LU3n13c LV4a13c LY21n MA24n MC10n11c2n MD20c ME18n MG23n"
          + " MK3n10c2n ML2c22n MN16n MR23n MT4a5n18c MU4a19n3a MZ21n NE2a22n NI4a20n NL4a10n NO11n"
          + " OM3n16c PK4a16c PL24n PS4a21c PT21n QA4a21c RO4a16c RS18n RU14n15c SA2n18c SC4a20n3a"
          + " SD14n SE20n SI15n SK20n SM1a10n12c SN2a22n SO19n ST21n SV4a20n TD23n TG2a22n TL19n"
          + " TN20n TR6n16c UA6n19c VA18n VG4a16n XK16n YE4a4n18c"
          // islands and territories that use the structure of another country
          + " AX14n BL10n11c2n GF10n11c2n GG4a14n GP10n11c2n IM4a14n JE4a14n MF10n11c2n MQ10n11c2n"
          + " NC10n11c2n PF10n11c2n PM10n11c2n RE10n11c2n TF10n11c2n WF10n11c2n YT10n11c2n";
  private static final String[] STRUCTURES = new String[26 * 26];

  static {
    for (String entry : REGISTRY.split(" ", -1)) {
      STRUCTURES[(entry.charAt(0) - 'A') * 26 + entry.charAt(1) - 'A'] = expand(entry);
    }
  }

  private Ibans() {}

  /** {@code 2c3n} becomes {@code ccnnn}: one character for each of the account number. */
  private static String expand(String entry) {
    StringBuilder structure = new StringBuilder(32);
    int count = 0;
    for (int i = 2; i < entry.length(); i++) {
      char c = entry.charAt(i);
      if (Chars.isDigit(c)) {
        count = count * 10 + c - '0';
      } else {
        structure.append(String.valueOf(c).repeat(count));
        count = 0;
      }
    }
    return structure.toString();
  }

  /** {@code start} is the first letter of the country, {@code i} the first check digit. */
  static long verify(String s, int start, int i, int to) {
    int country = ((s.charAt(start) & 0xDF) - 'A') * 26 + (s.charAt(start + 1) & 0xDF) - 'A';
    String structure = STRUCTURES[country];
    if (structure == null) {
      return Detector.miss(i + 2);
    }
    int remainder = 0;
    int letters = 0; // one bit for upper case, one for lower
    int at = i + 2;
    for (int k = 0; k < structure.length(); k++) {
      at += separatorChars(s, at, to);
      if (at >= to) {
        return Detector.miss(i + 2);
      }
      char c = s.charAt(at++);
      boolean digit = Chars.isDigit(c);
      boolean fits =
          switch (structure.charAt(k)) {
            case 'n' -> digit;
            case 'a' -> Chars.isAsciiLetter(c);
            default -> Chars.isAlphanumeric(c);
          };
      if (!fits) {
        return Detector.miss(i + 2);
      }
      letters |= digit ? 0 : 1 << (c >> 5 & 1);
      remainder = append(remainder, c);
    }
    if (letters == 3 && s.charAt(start) < 'a') {
      return Detector.miss(i + 2); // no one writes half of it in lower case
    }
    remainder = append(remainder, s.charAt(start));
    remainder = append(remainder, s.charAt(start + 1));
    remainder = append(remainder, s.charAt(i));
    remainder = append(remainder, s.charAt(i + 1));
    if (remainder != 1 || !Chars.endsWord(s, at, to) || Chars.isInUuid(s, 0, start, to)) {
      return Detector.miss(i + 2);
    }
    return Detector.hit(Kind.IBAN, i, start, at);
  }

  private static int append(int remainder, char c) {
    if (Chars.isDigit(c)) {
      return (remainder * 10 + c - '0') % 97;
    }
    return (remainder * 100 + (c & 0xDF) - 'A' + 10) % 97;
  }

  private static int separatorChars(String s, int at, int to) {
    if (at >= to) {
      return 0;
    }
    char c = s.charAt(at);
    if (c == ' ' || c == '-' || c == '+' || c == '.') {
      return 1;
    }
    return c == '%' && (s.startsWith("%20", at) || s.startsWith("%2D", at)) ? 3 : 0;
  }
}
