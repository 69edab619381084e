package dev.cordon.redaction;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Lays out what {@link Tables} holds: all words with the three letters they are looked up by, and
 * the keys of {@code id-words.txt}. Runs when Cordon is built; in a JVM that is starting it would
 * take longer than all else the redactor does there. Where nothing was laid out (classes that no
 * Maven has seen), it runs then all the same.
 */
final class TableMaker {
  private static final String ID_WORDS = "id-words.txt";
  private static final int MAX_WORD_CHARS = 64;
  private static final int SHORT_WORD_CHARS = 3; // these are looked for before a number only

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
  private static final long[] IS_COMMON = new long[1 << (Lexicon.CHAIN_BITS - 6)];

  static {
    for (int i = 0; i < COMMON.length(); i += 3) {
      int chain = Lexicon.chain(Lexicon.trigram(COMMON, i));
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

  private record Entry(int trigram, int offset, int word, boolean plain) {}

  /** Numbers as {@link Tables} reads them. */
  private static final class Section {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    void writeByte(int value) {
      bytes.write(value);
    }

    void writeChar(int value) {
      if (value < 0 || value > Character.MAX_VALUE) {
        throw new IllegalStateException("the tables have no room for " + value);
      }
      bytes.write(value);
      bytes.write(value >>> 8);
    }

    void writeInt(int value) {
      writeChar(value & 0xFFFF);
      writeChar(value >>> 16);
    }

    void writeLong(long value) {
      writeInt((int) value);
      writeInt((int) (value >>> 32));
    }
  }

  private final List<String> words = new ArrayList<>();
  private final Section actions = new Section();
  private final Section anchors = new Section();
  private final List<Entry> entries = new ArrayList<>();
  private boolean plain = true; // no word of a number

  // the lines of ShapeTable
  private final List<String> shapeWords = new ArrayList<>();
  private final Section signs = new Section();
  private final Section parts = new Section();

  // the lines of the words of numbers
  private final int[] keyHashes = new int[1 << Ids.KEY_BITS];
  private final int[] keyGroups = new int[1 << Ids.KEY_BITS];
  private final List<String> idWords = new ArrayList<>();
  private final List<Integer> idGroups = new ArrayList<>();
  private final Section groupsAt = new Section();
  private final StringBuilder groupNames = new StringBuilder();
  private int personGroup;

  /** Of the word that is added. */
  private final char[] letters = new char[MAX_WORD_CHARS];

  private TableMaker() {}

  /**
   * @param args the directory of the classes
   */
  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[0], "dev", "cordon", "redaction", Tables.RESOURCE);
    byte[] made = make();
    if (!Files.exists(file) || !Arrays.equals(made, Files.readAllBytes(file))) {
      Files.write(file, made);
    }
  }

  static byte[] make() {
    TableMaker maker = new TableMaker();
    maker.readShapes(ShapeTable.TEXT);
    maker.readIdWords(idWords());
    maker.addPlain();
    maker.plain = false;
    maker.addIds();
    return maker.laidOut();
  }

  /** The lines of {@code id-words.txt}. */
  static List<String> idWords() {
    try (InputStream in = TableMaker.class.getResourceAsStream(ID_WORDS)) {
      if (in == null) {
        throw new IllegalStateException(ID_WORDS + " is not beside the classes of the redactor");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().filter(line -> !line.isBlank() && line.charAt(0) != '#').toList();
    } catch (IOException e) {
      throw new IllegalStateException(ID_WORDS + " cannot be read", e);
    }
  }

  // ---- the texts

  private void readShapes(String text) {
    for (int line = 0; line < text.length(); line = text.indexOf('\n', line) + 1) {
      boolean signed = text.charAt(line + 1) == ' ';
      signs.writeByte(signed ? text.charAt(line) : ' ');
      int word = signed ? line + 2 : line;
      int end = text.indexOf(' ', word);
      parts.writeChar(end);
      shapeWords.add(text.substring(word, end));
    }
  }

  private boolean isNamed(int shape) {
    int sign = signs.bytes.toByteArray()[shape];
    return sign == '~' || sign == '!';
  }

  private void readIdWords(List<String> lines) {
    groupsAt.writeChar(0); // group 0 is none
    int group = 0;
    for (String line : lines) {
      group++;
      boolean keys = line.charAt(0) == '=';
      int colon = line.indexOf(": ");
      for (String word : line.substring(keys ? 1 : 0, colon).split(",", -1)) {
        addKey(word, group);
        boolean wide = word.length() == 3 && word.charAt(0) > 0x7F;
        if (!keys && (word.length() > SHORT_WORD_CHARS || wide)) {
          idWords.add(word);
          idGroups.add(group);
        }
      }
      groupsAt.writeChar(groupNames.length());
      groupNames.append(line, colon + 2, line.length()).append('\n');
      if (line.startsWith("@n", colon + 2)) {
        personGroup = group;
      }
    }
    groupsAt.writeChar(groupNames.length());
    if (group > Ids.ONE_GROUP) {
      throw new IllegalStateException(
          ID_WORDS + " has more lines than Ids can tell apart: " + group);
    }
  }

  private void addKey(String word, int group) {
    int hash = 0;
    for (int i = word.length() - 1; i >= 0; i--) {
      hash = Ids.hash(hash, word.charAt(i));
    }
    int slot = Ids.slot(hash);
    while (keyGroups[slot] != 0 && keyHashes[slot] != hash) {
      slot = slot + 1 & (1 << Ids.KEY_BITS) - 1;
    }
    keyHashes[slot] = hash;
    keyGroups[slot] = group;
  }

  // ---- the words

  private void addPlain() {
    add("bearer", Lexicon.BEARER, 0);
    add("basic", Lexicon.BASIC, 0);
    add("--begin ", Lexicon.KEY_BLOCK, 2);
    for (String header : new String[] {"eyJ", "eyA", "ewo"}) {
      add(header, Lexicon.JWT, header.startsWith("ew") ? 1 : 2);
    }
    for (String kind : "a b c d e o p r s".split(" ", -1)) {
      add("xox".concat(kind).concat("-"), Lexicon.SLACK, 0);
    }
    add("xoxe.xox", Lexicon.SLACK, 0);
    add("xapp-", Lexicon.SLACK, 0);
    add("xwfp-", Lexicon.SLACK, 0);
    for (String path : new String[] {"/services/", "/workflows/", "/triggers/"}) {
      add("hooks.slack.com".concat(path), Lexicon.SLACK_URL, 15);
      add("hooks.slack-gov.com".concat(path), Lexicon.SLACK_URL, 19);
    }
    for (String id : new String[] {"AKIA", "ASIA", "ABIA"}) {
      add(id, Lexicon.AWS_ID, 0);
    }
    add("AIza", Lexicon.GOOGLE_API_KEY, 0);
    add("GOCSPX-", Lexicon.GOOGLE_CLIENT, 5);
    for (String joint : new String[] {"", "_", "-", "."}) {
      add("secret".concat(joint).concat("key"), Lexicon.AWS_NAME, 6 + joint.length());
      add("access".concat(joint).concat("key"), Lexicon.AWS_NAME, 6 + joint.length());
      add("session".concat(joint).concat("token"), Lexicon.AWS_NAME, 9 + joint.length());
    }
    for (String prefix : new String[] {"sk_live", "sk_test", "rk_live", "rk_test"}) {
      add(prefix, Lexicon.UNDERSCORE, 2);
    }
    add("whsec_", Lexicon.UNDERSCORE, 5);
    for (String kind : "p o u s r".split(" ", -1)) {
      add("gh".concat(kind).concat("_"), Lexicon.UNDERSCORE, 3);
    }
    add("github_pat_", Lexicon.UNDERSCORE, 6);
    for (String chain : new String[] {"bc1q", "bc1p", "ltc1"}) {
      add(chain, Lexicon.WALLET, 0);
    }
    for (String at : new String[] {"&#64;", "&#x40;", "&commat;"}) {
      add(at, Lexicon.AT_ENTITY, 0);
    }
    add("\\u0040", Lexicon.ESCAPE, 0);
    add("\\u002b", Lexicon.ESCAPE, 0);
    add("ya29.", Lexicon.YA29, 2);
    for (int shape = 0; shape < shapeWords.size(); shape++) {
      add(shapeWords.get(shape), isNamed(shape) ? Lexicon.NAMED_SHAPE : Lexicon.SHAPE, shape);
    }
    add("authorization", Lexicon.AUTHORIZATION, 0);
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
      add(word, Lexicon.NAME_OF_SECRET, 0);
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
      add(word, Lexicon.PHONE_WORD, 0);
    }
  }

  private void addIds() {
    for (int word = 0; word < idWords.size(); word++) {
      String text = idWords.get(word);
      int group = idGroups.get(word);
      add(text, Lexicon.ID_WORD, group);
      String capitals = capitals(text);
      if (!capitals.equals(text)) {
        add(capitals, Lexicon.ID_WORD, group);
      }
      if (text.indexOf(' ') > 0 && text.charAt(0) < 0x80) {
        add(text.replace(' ', '_'), Lexicon.ID_WORD, group);
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
   * @param word as it is written; compared without case
   * @param anchor where in the word its verifier wants to begin
   */
  private void add(String word, int action, int anchor) {
    words.add(word);
    actions.writeByte(action);
    anchors.writeChar(anchor);
    if (word.length() == 3) {
      entry(Lexicon.trigram(word, 0), 0, words.size() - 1);
      boolean token = action == Lexicon.JWT || action == Lexicon.SHAPE;
      String follow = token ? TOKEN_CHARS : NAME_ENDS;
      for (int i = 0; i < follow.length(); i++) {
        entry(
            Lexicon.trigram(word.charAt(1), word.charAt(2), follow.charAt(i)), 1, words.size() - 1);
      }
    } else {
      int offset = rarest(word);
      entry(Lexicon.trigram(word, offset), offset, words.size() - 1);
      entry(Lexicon.trigram(word, offset + 1), offset + 1, words.size() - 1);
    }
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
    int chain = Lexicon.chain(Lexicon.trigram(letters[at], letters[at + 1], letters[at + 2]));
    return (IS_COMMON[chain >>> 6] >>> chain & 1) == 0 ? 0 : COMMON_PENALTY;
  }

  private static int rarity(char c) {
    return c < 128 ? RARITY[c] : 20;
  }

  private static boolean anchorsOtherwise(char c) {
    return (c >= '0' && c <= '9') || c == '@';
  }

  private void entry(int trigram, int offset, int word) {
    entries.add(new Entry(trigram, offset, word, plain));
  }

  private static long window(String word, int offset, int trigram) {
    int before = Math.min(offset, Lexicon.WINDOW_BEFORE_CHARS);
    long window = (long) trigram << 8 * before; // its last letter may stand behind the word
    int first = offset - before;
    for (int i = first; i < Math.min(word.length(), first + 8); i++) {
      window |= (long) Lexicon.folded(word.charAt(i)) << 8 * (i - first);
    }
    return window;
  }

  // ---- the layout

  private byte[] laidOut() {
    long[][] known = new long[2][1 << Lexicon.HASH_BITS - 6];
    int[][] heads = new int[2][1 << Lexicon.CHAIN_BITS];
    List<List<Entry>> chains = new ArrayList<>();
    for (int chain = 0; chain < heads[0].length; chain++) {
      chains.add(new ArrayList<>());
    }
    for (Entry entry : entries) {
      int hash = Lexicon.hash(entry.trigram());
      known[1][hash >>> 6] |= 1L << hash;
      if (entry.plain()) {
        known[0][hash >>> 6] |= 1L << hash;
      }
      // what comes last is asked first; and so all plain ones stand behind those of numbers
      chains.get(Lexicon.chain(entry.trigram())).add(0, entry);
    }
    Section windows = new Section();
    Section offsets = new Section();
    Section trigrams = new Section();
    Section wordOf = new Section();
    windows.writeLong(0); // entry 0 is none
    offsets.writeByte(0);
    trigrams.writeInt(0);
    wordOf.writeChar(0);
    int number = 1;
    for (int chain = 0; chain < chains.size(); chain++) {
      List<Entry> all = chains.get(chain);
      for (int i = 0; i < all.size(); i++, number++) {
        Entry entry = all.get(i);
        heads[1][chain] = i == 0 ? number : heads[1][chain];
        heads[0][chain] = entry.plain() && heads[0][chain] == 0 ? number : heads[0][chain];
        String word = words.get(entry.word());
        windows.writeLong(window(word, entry.offset(), entry.trigram()));
        offsets.writeByte(entry.offset() | (i + 1 == all.size() ? Lexicon.LAST : 0));
        trigrams.writeInt(entry.trigram());
        wordOf.writeChar(entry.word());
      }
    }
    Section wordsAt = new Section();
    Section wordTexts = new Section();
    for (String word : words) {
      wordsAt.writeChar(wordTexts.bytes.size());
      wordTexts.bytes.writeBytes(word.getBytes(StandardCharsets.UTF_8));
    }
    wordsAt.writeChar(wordTexts.bytes.size());
    Section groups = new Section();
    groups.bytes.writeBytes(groupNames.toString().getBytes(StandardCharsets.ISO_8859_1));
    Section counts = new Section();
    counts.writeInt(words.size());
    counts.writeInt(words.indexOf(shapeWords.get(0)));
    counts.writeInt(shapeWords.size());
    counts.writeInt(personGroup);
    return joined(
        List.of(
            longs(known[0]),
            longs(known[1]),
            chars(heads[0]),
            chars(heads[1]),
            windows,
            offsets,
            trigrams,
            wordOf,
            wordsAt,
            wordTexts,
            actions,
            anchors,
            signs,
            parts,
            ints(keyHashes),
            chars(keyGroups),
            groupsAt,
            groups,
            counts));
  }

  private static Section longs(long[] values) {
    Section section = new Section();
    for (long value : values) {
      section.writeLong(value);
    }
    return section;
  }

  private static Section ints(int[] values) {
    Section section = new Section();
    for (int value : values) {
      section.writeInt(value);
    }
    return section;
  }

  private static Section chars(int[] values) {
    Section section = new Section();
    for (int value : values) {
      section.writeChar(value);
    }
    return section;
  }

  /** Where each section begins, and the sections. */
  private static byte[] joined(List<Section> sections) {
    int size = sections.size() * Integer.BYTES;
    for (Section section : sections) {
      size += section.bytes.size();
    }
    ByteBuffer joined = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    int at = sections.size() * Integer.BYTES;
    for (Section section : sections) {
      joined.putInt(at);
      at += section.bytes.size();
    }
    for (Section section : sections) {
      joined.put(section.bytes.toByteArray());
    }
    return joined.array();
  }
}
