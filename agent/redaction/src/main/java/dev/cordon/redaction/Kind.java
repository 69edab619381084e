package dev.cordon.redaction;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What a detector can find. The name, in brackets, is the placeholder. */
public enum Kind {
  EMAIL,
  PHONE,
  /** A payment card number. */
  CARD,
  IBAN,
  /** A US social security number. */
  SSN,
  /** An IPv4 or IPv6 address. */
  IP_ADDRESS,
  MAC_ADDRESS,
  /** An address of a crypto currency. */
  WALLET,
  /** What a state gives to a person, also a passport or a driving licence. */
  NATIONAL_ID,
  TAX_ID,
  HEALTH_ID,
  COMPANY_ID,
  BANK_ACCOUNT,
  /** Told by its key alone, as are the next two. */
  NAME,
  ADDRESS,
  BIRTH_DATE,
  /** The credentials behind {@code Bearer}, not the word. */
  BEARER,
  /** The credentials behind {@code Basic}, not the word. */
  BASIC,
  /** A value that its name tells: {@code password=...}, {@code "client_secret": "..."}. */
  SECRET,
  /** User and password of a URL. */
  URL_CREDENTIALS,
  /** A whole PEM, OpenSSH or PGP block. */
  PRIVATE_KEY,
  JWT,
  /** A credential of any other vendor, by its prefix and length. */
  API_KEY,
  STRIPE_KEY,
  SLACK_TOKEN,
  GITHUB_TOKEN,
  AWS_KEY,
  GOOGLE_KEY,
  /** A type of the rule file's own, see {@link OwnTypes}. */
  CUSTOM;

  private static final Kind[] ALL = values();

  /** Bits of the kinds that {@link Ids} finds. */
  static final int ID_KINDS =
      SSN.bit()
          | NATIONAL_ID.bit()
          | TAX_ID.bit()
          | HEALTH_ID.bit()
          | COMPANY_ID.bit()
          | BANK_ACCOUNT.bit()
          | MAC_ADDRESS.bit()
          | WALLET.bit();

  /** Bits of credentials. */
  static final int SECRET_KINDS = bits(ofType("secret"));

  private static final int NUMBER_KINDS =
      CARD.bit()
          | PHONE.bit()
          | IBAN.bit()
          | SSN.bit()
          | NATIONAL_ID.bit()
          | TAX_ID.bit()
          | HEALTH_ID.bit()
          | COMPANY_ID.bit()
          | BANK_ACCOUNT.bit();

  /** No kind: also addresses that name nobody outside a network. Logs are full of them. */
  static final int PRIVATE_ADDRESSES = 1 << 30;

  /** No kind: text that looks like a token of a prompt, whoever wrote it. */
  static final int TOKEN_SHAPE = 1 << 29;

  /** Bits of the kinds for which every key of a body must be read. */
  static final int KEY_KINDS = ID_KINDS | NAME.bit() | ADDRESS.bit() | BIRTH_DATE.bit();

  private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');
  private final String placeholder = "[" + name() + "]";

  /** The kinds that a type of a rule file stands for; empty for a type nobody knows. */
  public static Set<Kind> ofType(String ruleFileType) {
    return switch (ruleFileType) {
      case "email" -> EnumSet.of(EMAIL);
      case "phone" -> EnumSet.of(PHONE);
      case "pan", "card" -> EnumSet.of(CARD);
      case "ssn" -> EnumSet.of(SSN);
      case "ip" -> EnumSet.of(IP_ADDRESS);
      case "mac" -> EnumSet.of(MAC_ADDRESS);
      case "wallet" -> EnumSet.of(WALLET);
      case "national-id" -> EnumSet.of(NATIONAL_ID, SSN);
      case "tax-id" -> EnumSet.of(TAX_ID);
      case "health-id" -> EnumSet.of(HEALTH_ID);
      case "company-id" -> EnumSet.of(COMPANY_ID);
      case "bank-account" -> EnumSet.of(BANK_ACCOUNT, IBAN);
      case "name" -> EnumSet.of(NAME);
      case "address" -> EnumSet.of(ADDRESS);
      case "birth-date" -> EnumSet.of(BIRTH_DATE);
      case "password" -> EnumSet.of(SECRET, URL_CREDENTIALS);
      case "iban" -> EnumSet.of(IBAN);
      case "jwt" -> EnumSet.of(JWT);
      case "private-key" -> EnumSet.of(PRIVATE_KEY);
      // a bearer value is both: a rule file that names either must stop it
      case "token" -> EnumSet.of(BEARER, BASIC, JWT);
      case "secret" -> EnumSet.range(BEARER, GOOGLE_KEY);
      default -> EnumSet.noneOf(Kind.class);
    };
  }

  /**
   * The kinds to look for in a call. A grant of OAuth carries its {@code client_secret} in the
   * body, and only the name tells it from any other text: too little to stop a call or to break it,
   * so {@code secret} does not stand for such values here; {@code password} does.
   */
  public static Set<Kind> inCalls(Set<String> ruleFileTypes) {
    EnumSet<Kind> kinds = EnumSet.noneOf(Kind.class);
    for (String type : ruleFileTypes) {
      kinds.addAll(ofType(type));
    }
    if (!ruleFileTypes.contains("password")) {
      kinds.removeAll(ofType("password"));
    }
    return kinds;
  }

  /** Lower case, for journals and counters: {@code private-key}. */
  public String label() {
    return label;
  }

  /** The class of its values. */
  public DataClass dataClass() {
    return switch (this) {
      case IP_ADDRESS, MAC_ADDRESS, COMPANY_ID -> DataClass.INTERNAL;
      case EMAIL, PHONE, NAME, ADDRESS, BIRTH_DATE -> DataClass.CONFIDENTIAL;
      case CARD,
          IBAN,
          SSN,
          WALLET,
          NATIONAL_ID,
          TAX_ID,
          HEALTH_ID,
          BANK_ACCOUNT,
          BEARER,
          BASIC,
          SECRET,
          URL_CREDENTIALS,
          API_KEY,
          PRIVATE_KEY,
          JWT,
          STRIPE_KEY,
          SLACK_TOKEN,
          GITHUB_TOKEN,
          AWS_KEY,
          GOOGLE_KEY,
          CUSTOM ->
          DataClass.RESTRICTED;
    };
  }

  String placeholder() {
    return placeholder;
  }

  int bit() {
    return 1 << ordinal();
  }

  /** Whether such a value is a credential: nothing that could be opened again takes its place. */
  boolean isSecret() {
    return (SECRET_KINDS & bit()) != 0;
  }

  /** Whether its last characters tell its owner which one it is, and nobody else the rest. */
  boolean isNumber() {
    return (NUMBER_KINDS & bit()) != 0;
  }

  /** Whether such a value can be the address a call is meant for. */
  boolean namesRecipient() {
    return switch (this) {
      case EMAIL, PHONE, IBAN -> true;
      case CARD,
          SSN,
          IP_ADDRESS,
          MAC_ADDRESS,
          WALLET,
          NATIONAL_ID,
          TAX_ID,
          HEALTH_ID,
          COMPANY_ID,
          BANK_ACCOUNT,
          NAME,
          ADDRESS,
          BIRTH_DATE,
          BEARER,
          BASIC,
          SECRET,
          URL_CREDENTIALS,
          API_KEY,
          PRIVATE_KEY,
          JWT,
          STRIPE_KEY,
          SLACK_TOKEN,
          GITHUB_TOKEN,
          AWS_KEY,
          GOOGLE_KEY,
          CUSTOM ->
          false;
    };
  }

  /** Whether the name of one stands here. */
  static boolean isName(String s, int start, int end) {
    for (Kind kind : ALL) {
      if (kind.name().length() == end - start && s.startsWith(kind.name(), start)) {
        return true;
      }
    }
    return false;
  }

  static Kind at(int ordinal) {
    return ALL[ordinal];
  }

  static int bits(Set<Kind> kinds) {
    int bits = 0;
    for (Kind kind : kinds) {
      bits |= kind.bit();
    }
    return bits;
  }
}
