package dev.cordon.redaction;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The words that anchor a value, by three of their letters. The prefilter asks whether three
 * letters belong to any; whoever goes on from there compares the whole word. There are two: the
 * hundreds of words of {@link Ids} cost time and memory, and few look for what they announce.
 */
final class Lexicon {
  /** What a word is good for. */
  static final int BEARER = 1;

  static final int BASIC = 2;
  static final int KEY_BLOCK = 3;
  static final int JWT = 4;
  static final int SLACK = 5;
  static final int SLACK_URL = 6;
  static final int AWS_ID = 7;
  static final int GOOGLE_API_KEY = 8;
  static final int GOOGLE_CLIENT = 9;
  static final int AWS_NAME = 10;
  static final int UNDERSCORE = 11;

  /** Says that a telephone number may follow. */
  static final int PHONE_WORD = 12;

  static final int AT_ENTITY = 13;

  static final int YA29 = 14;

  static final int ESCAPE = 15;

  /** The prefix of a shape of {@link Shapes}, whose number is the anchor. */
  static final int SHAPE = 16;

  /** The same for a name. */
  static final int NAMED_SHAPE = 17;

  static final int NAME_OF_SECRET = 18;

  /** Says that a number of {@link Ids} may follow; the anchor is its group. */
  static final int ID_WORD = 19;

  /** The beginning of an address of a crypto currency. */
  static final int WALLET = 20;

  /** The header that carries credentials. */
  static final int AUTHORIZATION = 21;

  static final int ACTIONS = 22;

  /** How far before its three letters the window of a word can begin. */
  static final int WINDOW_BEFORE_CHARS = 3;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long CASES = ONES * 0x20;
  private static final long HIGHS = 0x8080808080808080L;

  private static final int HASH_BITS = 16;
  private static final int MAX_ENTRIES = 2560; // both grow if they must
  private static final int MAX_WORDS = 640;
  private static final int MAX_WORD_CHARS = 64;
  private static final int CHAIN_BITS = 12;

  /** What can follow a word of three letters in a token. */
  private static final String TOKEN_CHARS = "abcdefghijklmnopqrstuvwxyz0123456789-_";

  /** What can follow a name of three letters. */
  private static final String NAME_ENDS = TOKEN_CHARS + " .:=\"'/(<>";

  /** Most frequent letters of English text first: a word is looked up by its rarest letters. */
  private static final String BY_FREQUENCY = "etaoinsrhldcumfpgwybvkxjqz";

  /**
   * Three letters each that stand everywhere in English, logs and JSON: looking around them in vain
   * would cost more than all else.
   */
  private static final String COMMON =
      "odedertoccodersithurlthuttphtttpsub.apicomcatocaertrtoseruserepepopi.posentlo-ocoion"
          + "tiors.nts ththeevetarvenicestaonsticals fackelseatiervfalhe vicketollaterviickinglow"
          + "etsce crmavarm.es foriveconlabtseexexecec-folest ofull ancriscrorgvatataameof ripone"
          + "ptisonbelted remenissberipttornamommabeuesistnd ectsub coredssusueandubsbscreaor at "
          + " nunotledgismbeer agelleresmitnulrecownookherite insitlesjsohatoununlallwervednlaord"
          + "datstsuntshanteampextritrgaed timontimebodrrehooowe fois  ishintinendfrostowarobjlag"
          + "pennneacetp-3-1bjejeciesupdpdamapstictiverintlogproerrrorinfnfoarndebebubugreqqueequ"
          + "spocessucucctraranmesesssagclilieienacccousenndehantchureinelinbleablperstrtririnval"
          + "aluluekeyaddddrdrelis";

  private static final int COMMON_PENALTY = 64; // more than four letters can be worth

  private static final byte[] RARITY = new byte[128];
  private static final long[] IS_COMMON = new long[1 << (CHAIN_BITS - 6)];

  static {
    for (int i = 0; i < COMMON.length(); i += 3) {
      int chain = chain(trigram(COMMON, i));
      IS_COMMON[chain >>> 6] |= 1L << chain;
    }
    Arrays.fill(RARITY, (byte) 20);
    RARITY[' '] = 0; // the end of any word
    RARITY['.'] = 4;
    for (int i = 0; i < BY_FREQUENCY.length(); i++) {
      char lower = BY_FREQUENCY.charAt(i);
      RARITY[lower] = (byte) i;
      RARITY[lower & 0xDF] = (byte) i;
    }
  }

  private static final Lexicon PLAIN = new Lexicon();

  /** Made when the first plan looks for such a kind. */
  private static final class WithIds {
    static final Lexicon LEXICON = new Lexicon(PLAIN);
  }

  /** One bit for each hash of three letters. */
  final long[] known;

  private final char[] heads;
  private char[] next;
  private int[] trigrams;
  private byte[] offsets;
  private char[] wordOf;

  // up to eight letters of the word around the three, in lower case, zeros where it has none
  private long[] windows;
  private int entries = 1; // 0 ends a chain

  private String[] words;
  private byte[] actions;
  private char[] anchors;
  private int wordCount;

  /** Of the word that is added. */
  private final char[] letters = new char[MAX_WORD_CHARS];

  // no string is put together with a plus sign here: the first one of a JVM costs ten milliseconds
  private Lexicon() {
    known = new long[1 << HASH_BITS - 6];
    heads = new char[1 << CHAIN_BITS];
    next = new char[MAX_ENTRIES];
    trigrams = new int[MAX_ENTRIES];
    offsets = new byte[MAX_ENTRIES];
    wordOf = new char[MAX_ENTRIES];
    windows = new long[MAX_ENTRIES];
    words = new String[MAX_WORDS];
    actions = new byte[MAX_WORDS];
    anchors = new char[MAX_WORDS];
    add("bearer", BEARER, 0);
    add("basic", BASIC, 0);
    add("--begin ", KEY_BLOCK, 2);
    for (String header : new String[] {"eyJ", "eyA", "ewo"}) {
      add(header, JWT, header.startsWith("ew") ? 1 : 2);
    }
    for (String kind : "a b c d e o p r s".split(" ", -1)) {
      add("xox".concat(kind).concat("-"), SLACK, 0);
    }
    add("xoxe.xox", SLACK, 0);
    add("xapp-", SLACK, 0);
    add("xwfp-", SLACK, 0);
    for (String path : new String[] {"/services/", "/workflows/", "/triggers/"}) {
      add("hooks.slack.com".concat(path), SLACK_URL, 15);
      add("hooks.slack-gov.com".concat(path), SLACK_URL, 19);
    }
    for (String id : new String[] {"AKIA", "ASIA", "ABIA"}) {
      add(id, AWS_ID, 0);
    }
    add("AIza", GOOGLE_API_KEY, 0);
    add("GOCSPX-", GOOGLE_CLIENT, 5);
    for (String joint : new String[] {"", "_", "-", "."}) {
      add("secret".concat(joint).concat("key"), AWS_NAME, 6 + joint.length());
      add("access".concat(joint).concat("key"), AWS_NAME, 6 + joint.length());
      add("session".concat(joint).concat("token"), AWS_NAME, 9 + joint.length());
    }
    for (String prefix : new String[] {"sk_live", "sk_test", "rk_live", "rk_test"}) {
      add(prefix, UNDERSCORE, 2);
    }
    add("whsec_", UNDERSCORE, 5);
    for (String kind : "p o u s r".split(" ", -1)) {
      add("gh".concat(kind).concat("_"), UNDERSCORE, 3);
    }
    add("github_pat_", UNDERSCORE, 6);
    for (String chain : new String[] {"bc1q", "bc1p", "ltc1"}) {
      add(chain, WALLET, 0);
    }
    for (String at : new String[] {"&#64;", "&#x40;", "&commat;"}) {
      add(at, AT_ENTITY, 0);
    }
    add("\\u0040", ESCAPE, 0);
    add("\\u002b", ESCAPE, 0);
    add("ya29.", YA29, 2);
    for (int shape = 0; shape < Shapes.WORDS.length; shape++) {
      add(Shapes.WORDS[shape], Shapes.isNamed(shape) ? NAMED_SHAPE : SHAPE, shape);
    }
    add("authorization", AUTHORIZATION, 0);
    for (String word :
        new String[] {
          "passw",
          "passphrase",
          "pwd",
          "secret",
          "token",
          "api_key",
          "apikey",
          "api-key",
          "api.key",
          "credential",
          "creds",
          "access_key",
          "accesskey",
          "auth_key",
          "authkey",
          "private_key",
          "private-key",
          "signing_key",
          "signingkey",
          "encryption_key",
          "client_key",
          "master_key",
          "account_key",
          "accountkey"
        }) {
      add(word, NAME_OF_SECRET, 0);
    }
    for (String word :
        new String[] {
          "phone",
          "msisdn",
          "mobil",
          "tel",
          "fax",
          "whatsapp",
          "wa.me",
          "handy",
          "rufnummer",
          "cell",
          "sms",
          "telefon",
          "t\u00e9l",
          "t\u00e9l\u00e9copie",
          "tel\u00e9f",
          "mobiel",
          "movil",
          "m\u00f3vil",
          "celular",
          "festnetz",
          "durchwahl",
          "call me",
          "call us",
          "reach me",
          "reach us",
          "text me",
          "ring me",
          "contact me",
          "r\u00fcckruf",
          "zur\u00fcckruf",
          "erreichbar",
          "rappeler",
          "ll\u00e1mame",
          "bellen"
        }) {
      add(word, PHONE_WORD, 0);
    }
  }

  /** The same words and those of {@link Ids}. */
  private Lexicon(Lexicon plain) {
    known = plain.known.clone();
    heads = plain.heads.clone();
    int size = plain.entries + 3 * Ids.WORDS.length;
    next = Arrays.copyOf(plain.next, size);
    trigrams = Arrays.copyOf(plain.trigrams, size);
    offsets = Arrays.copyOf(plain.offsets, size);
    wordOf = Arrays.copyOf(plain.wordOf, size);
    windows = Arrays.copyOf(plain.windows, size);
    entries = plain.entries;
    wordCount = plain.wordCount;
    words = Arrays.copyOf(plain.words, wordCount + 2 * Ids.WORDS.length);
    actions = Arrays.copyOf(plain.actions, words.length);
    anchors = Arrays.copyOf(plain.anchors, words.length);
    for (int word = 0; word < Ids.WORDS.length; word++) {
      String text = Ids.WORDS[word];
      add(text, ID_WORD, Ids.WORD_GROUPS[word]);
      String capitals = capitals(text);
      if (!capitals.equals(text)) {
        add(capitals, ID_WORD, Ids.WORD_GROUPS[word]);
      }
      if (text.indexOf(' ') > 0 && text.charAt(0) < 0x80) {
        add(text.replace(' ', '_'), ID_WORD, Ids.WORD_GROUPS[word]);
      }
    }
  }

  /**
   * A word of Greek, Cyrillic and the like as it is written in capitals, without accents as Greek
   * is then: its letters have other bytes in the two cases, which the prefilter does not fold. All
   * other words are given back as they are.
   */
  private static String capitals(String word) {
    boolean wide = false;
    for (int i = 0; i < word.length(); i++) {
      wide |= word.charAt(i) >= 0x100 && Character.isLowerCase(word.charAt(i));
    }
    if (!wide) {
      return word;
    }
    StringBuilder capitals = new StringBuilder(word.length());
    for (int i = 0; i < word.length(); i++) {
      char c = Character.toUpperCase(word.charAt(i));
      int accent = ACCENTED.indexOf(c);
      capitals.append(accent < 0 ? c : UNACCENTED.charAt(accent));
    }
    return capitals.toString();
  }

  private static final String ACCENTED = "\u0386\u0388\u0389\u038a\u038c\u038e\u038f";
  private static final String UNACCENTED = "\u0391\u0395\u0397\u0399\u039f\u03a5\u03a9";

  /**
   * @param kinds bits of the kinds that are looked for
   */
  static Lexicon of(int kinds) {
    return (kinds & Kind.ID_KINDS) == 0 ? PLAIN : WithIds.LEXICON;
  }

  /** Of the lower three bytes, in any letter case. */
  static int hash(int trigram) {
    return (trigram & 0xDFDFDF) * 0xC1BBBD6F >>> 32 - HASH_BITS;
  }

  private static int chain(int trigram) {
    return trigram * 0x9E3779B1 >>> 32 - CHAIN_BITS;
  }

  /** The byte that stands for a character: itself, or what is left of one that has no byte. */
  static byte narrow(char c) {
    return c < 0x100 ? (byte) c : (byte) (0x80 | (c ^ c >> 7) & 0x7F);
  }

  /**
   * @param word as it is written; compared without case
   * @param anchor where in the word its verifier wants to begin
   */
  private void add(String word, int action, int anchor) {
    if (wordCount == words.length) {
      words = Arrays.copyOf(words, wordCount * 2);
      actions = Arrays.copyOf(actions, wordCount * 2);
      anchors = Arrays.copyOf(anchors, wordCount * 2);
    }
    words[wordCount] = word;
    actions[wordCount] = (byte) action;
    anchors[wordCount] = (char) anchor;
    if (word.length() == 3) {
      entry(trigram(word, 0), 0, wordCount);
      boolean token = action == JWT || action == SHAPE;
      String follow = token ? TOKEN_CHARS : NAME_ENDS;
      for (int i = 0; i < follow.length(); i++) {
        entry(trigram(word.charAt(1), word.charAt(2), follow.charAt(i)), 1, wordCount);
      }
    } else {
      int offset = rarest(word);
      entry(trigram(word, offset), offset, wordCount);
      entry(trigram(word, offset + 1), offset + 1, wordCount);
    }
    wordCount++;
  }

  private int rarest(String word) {
    word.getChars(0, word.length(), letters, 0);
    int best = 0;
    int bestScore = Integer.MIN_VALUE;
    int last = word.length() - 3;
    int score = 0; // of four letters, the last of which is added as the window moves on
    int penalty = penalty(0);
    for (int i = -3; i < last; i++) {
      score += rarity(letters[i + 3]);
      if (i < 0) {
        continue;
      }
      int next = penalty(i + 1);
      if (score - penalty - next > bestScore
          && !anchorsOtherwise(letters[i])
          && !anchorsOtherwise(letters[i + 1])) {
        bestScore = score - penalty - next;
        best = i;
      }
      score -= rarity(letters[i]);
      penalty = next;
    }
    return best;
  }

  private int penalty(int at) {
    int chain = chain(trigram(letters[at], letters[at + 1], letters[at + 2]));
    return (IS_COMMON[chain >>> 6] >>> chain & 1) == 0 ? 0 : COMMON_PENALTY;
  }

  private static int rarity(char c) {
    return c < 128 ? RARITY[c] : 20;
  }

  private static boolean anchorsOtherwise(char c) {
    return (c >= '0' && c <= '9') || c == '@';
  }

  private void entry(int trigram, int offset, int word) {
    if (entries == next.length) {
      int size = entries * 2;
      next = Arrays.copyOf(next, size);
      trigrams = Arrays.copyOf(trigrams, size);
      offsets = Arrays.copyOf(offsets, size);
      wordOf = Arrays.copyOf(wordOf, size);
      windows = Arrays.copyOf(windows, size);
    }
    int hash = hash(trigram);
    known[hash >>> 6] |= 1L << hash;
    int chain = chain(trigram);
    next[entries] = heads[chain];
    trigrams[entries] = trigram;
    offsets[entries] = (byte) offset;
    wordOf[entries] = (char) word;
    windows[entries] = window(words[word], offset, trigram);
    heads[chain] = (char) entries++;
  }

  private static long window(String word, int offset, int trigram) {
    int before = Math.min(offset, WINDOW_BEFORE_CHARS);
    long window = (long) trigram << 8 * before; // its last letter may stand behind the word
    int first = offset - before;
    for (int i = first; i < Math.min(word.length(), first + 8); i++) {
      window |= (long) folded(word.charAt(i)) << 8 * (i - first);
    }
    return window;
  }

  /**
   * Whether a word may stand around the three letters at {@code at}: false most of the time, and
   * never if one does. The three bytes before must be there, and five behind.
   */
  boolean mayStand(byte[] bytes, int at) {
    int entry = heads[chain(((int) INTS.get(bytes, at) | 0x202020) & 0xFFFFFF)];
    while (entry != 0) {
      long window = windows[entry];
      int before = Math.min(offsets[entry], WINDOW_BEFORE_CHARS);
      long text = (long) LONGS.get(bytes, at - before);
      long differs = ((text | CASES) ^ window) & (window >>> 5 & ONES) * 0xFF;
      // a letter that is none of ASCII may be another one in the other case
      if (differs == 0 || (differs & ~(((text & HIGHS) >>> 7) * 0xFF)) == 0) {
        return true;
      }
      entry = next[entry];
    }
    return false;
  }

  private static int trigram(String s, int at) {
    return trigram(s.charAt(at), s.charAt(at + 1), s.charAt(at + 2));
  }

  private static int trigram(char first, char second, char third) {
    return folded(first) | folded(second) << 8 | folded(third) << 16;
  }

  private static int folded(char c) {
    return (narrow(c) | 0x20) & 0xFF;
  }

  /** The first entry for the three letters at {@code at}, 0 if there is none. */
  int first(String s, int at, int to) {
    if (at + 3 > to) {
      return 0;
    }
    int trigram = trigram(s, at);
    return matching(heads[chain(trigram)], trigram);
  }

  int after(int entry) {
    return matching(next[entry], trigrams[entry]);
  }

  private int matching(int from, int trigram) {
    int entry = from;
    while (entry != 0 && trigrams[entry] != trigram) {
      entry = next[entry];
    }
    return entry;
  }

  /** Where the word of this entry begins if it stands here, -1 if it does not. */
  int start(int entry, String s, int from, int at, int to) {
    String word = words[wordOf[entry]];
    int start = at - offsets[entry];
    if (start < from || start + word.length() > to) {
      return -1;
    }
    return s.regionMatches(true, start, word, 0, word.length()) ? start : -1;
  }

  int action(int entry) {
    return actions[wordOf[entry]];
  }

  int anchor(int entry) {
    return anchors[wordOf[entry]];
  }

  int length(int entry) {
    return words[wordOf[entry]].length();
  }
}
