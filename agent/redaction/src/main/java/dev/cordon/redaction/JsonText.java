package dev.cordon.redaction;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Walks a JSON text without recursion and without building anything: each key, string and number
 * goes to the detectors where it stands. Takes several values in a row (one on each line). What a
 * {@link TextIndex} marks is all that is read of most strings; a body in which nothing has to be
 * read costs no memory, for the reader is used again and the text is never made.
 */
final class JsonText {
  /** Deeper fields are scanned like all others but have no path: every order holds for them. */
  static final int MAX_PATH_DEPTH = 64;

  private static final int MAX_TEXTS_IN_TEXT = 2;

  /** Shorter texts are not worth a pass of their own. */
  static final int MIN_CHARS_TO_LOOK_AHEAD = 128;

  /** A shorter number is nobody's. */
  static final int MIN_NUMBER_CHARS = 6;

  /** Fewer digits make no number of a card. */
  private static final int MIN_CARD_DIGITS = 12;

  /** The name of a field that nobody has asked for yet. */
  private static final int NOT_READ = -1;

  /** Under a name with none of these bits only what stands in a value tells. */
  private static final int TELLING_NAMES =
      ~(Names.CARD
          | Names.IDENTIFIER
          | Names.AUTHORIZATION
          | Names.MAYBE_PHONE
          | Names.NEXT_TO_PHONE);

  private static final int MAX_KEPT_DEPTH = 64;

  // few, and of all threads: of ten thousand virtual ones each would keep up to 60 KB
  private static final AtomicReferenceArray<@Nullable JsonText> IDLE =
      new AtomicReferenceArray<>(
          Math.min(64, Integer.highestOneBit(Runtime.getRuntime().availableProcessors()) * 4));
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  // what a byte can be in a literal
  private static final int ENDS = 1;
  private static final int DIGIT = 2;
  private static final int SIGN = 4;
  private static final int OTHER = 8;
  private static final byte[] IN_LITERAL = new byte[256];

  // what was seen of a number
  private static final int POINT = 1;
  private static final int EXPONENT = 2;
  private static final int AFTER_E = 4;
  private static final int NO_NUMBER = 8;

  static {
    for (int c = 0; c < 256; c++) {
      boolean ends = c <= ' ' || c == ',' || c == ']' || c == '}';
      boolean digit = c >= '0' && c <= '9';
      boolean sign = c == '+' || c == '-' || c == '.' || c == 'e' || c == 'E';
      IN_LITERAL[c] = (byte) (ends ? ENDS : digit ? DIGIT : sign ? SIGN : OTHER);
    }
  }

  private final TextIndex index = new TextIndex();
  private final Supplier<FieldPath> here = this::path;
  private final KnownNames known = KnownNames.SHARED;

  // either the view is given, or the bytes of a body, of which a view is made when it is needed
  private @Nullable View view;
  private byte[] source = NO_BYTES;
  private int sourceFrom;
  private @Nullable View valueView;
  private @Nullable RedactionPlan plan;
  private @Nullable Findings findings;

  private FieldPath base = FieldPath.UNKNOWN;
  private int baseName;
  private int kinds;
  private OwnTypes own = OwnTypes.NONE;
  private int wantedOwn; // 0 where no word of an own type stands in plain characters
  private boolean readsKeys;
  private int textDepth;

  private int begin;
  private int to;
  private int shift; // from a place in the text to that of its byte
  private byte[] bytes = NO_BYTES;
  // whether the anchors are known: most strings hold no such place and are not read again
  private boolean marked;
  private boolean wide; // whether a byte may stand for another character

  /** Whether the last string has backslashes or characters that are not of ASCII. */
  private boolean lastOdd;

  private int at;
  private int depth = -1;
  // for each open container: where its current key is (objects) or the index (arrays)
  private int[] keyStarts = new int[16];
  private int[] keyEnds = new int[16];
  private int[] indexes = new int[16]; // -1 in an object
  private int[] names = new int[16]; // what the current key says; an array hands its own down
  private boolean[] quiet = new boolean[16]; // whether a value without anchors is nothing
  private int[] owners = new int[16]; // the nearest object above, -1 without one
  private int[] persons = new int[16]; // what the current key says of a name in its object
  // of the container, as far as the path was asked for since it was opened
  private @Nullable FieldPath[] paths = new @Nullable FieldPath[16];

  private static final byte[] NO_BYTES = new byte[0];

  private JsonText() {}

  /** False, with nothing found, when the text is not JSON. */
  static boolean scan(View view, int from, int to, FieldPath base, int name, Findings findings) {
    return scan(view, from, to, base, name, findings, 0);
  }

  private static boolean scan(
      View view, int from, int to, FieldPath base, int name, Findings findings, int textDepth) {
    int mark = findings.mark();
    JsonText text = taken();
    try {
      text.view = view;
      text.findings = findings;
      text.base = base;
      text.baseName = name;
      text.textDepth = textDepth;
      text.begin(from, to, findings.plan());
      boolean known = text.index.read(view.text, from, to, text.kinds);
      text.marked = known && !findings.readsTokens() && to - from >= MIN_CHARS_TO_LOOK_AHEAD;
      text.wide = true;
      text.bytes = text.index.bytes;
      text.findWords();
      if (text.marked) {
        view.anchors = text.index.anchors;
        view.anchorsFrom = from;
      }
      if (text.walk()) {
        return true;
      }
    } finally {
      view.anchors = null; // they spoke for this part of it only
      text.release();
    }
    findings.reset(mark);
    return false;
  }

  /**
   * Scans a body in UTF-8.
   *
   * @return null when it is not JSON
   */
  static @Nullable Scan body(byte[] source, RedactionPlan plan) {
    JsonText text = taken();
    try {
      text.source = source;
      text.plan = plan;
      text.base = FieldPath.root();
      text.begin(0, source.length, plan);
      text.index.read(source, 0, text.kinds);
      text.marked = source.length >= MIN_CHARS_TO_LOOK_AHEAD;
      text.bytes = text.index.bytes;
      text.findWords();
      if (!text.walk()) {
        return null;
      }
      Findings findings = text.findings;
      return findings == null ? Scan.clean() : findings.spliced(source, StandardCharsets.UTF_8);
    } finally {
      text.release();
    }
  }

  private static JsonText taken() {
    int slot = slotOfThread();
    JsonText text = IDLE.getAndSet(slot, null);
    if (text == null) {
      text = IDLE.getAndSet(slot ^ 1, null);
    }
    return text == null ? new JsonText() : text;
  }

  private static int slotOfThread() {
    return System.identityHashCode(Thread.currentThread()) & IDLE.length() - 1;
  }

  private void begin(int from, int to, RedactionPlan plan) {
    this.begin = from;
    this.at = from;
    this.to = to;
    this.shift = TextIndex.FIRST - from;
    this.kinds = plan.kinds();
    this.own = plan.own();
    this.wantedOwn = plan.wantedOwn();
    this.readsKeys = (kinds & Kind.KEY_KINDS) != 0;
  }

  /** Looks once for words of own types: most bodies have none, and no string is asked then. */
  private void findWords() {
    if (!own.mayStandIn(bytes, begin + shift, to + shift, wantedOwn)) {
      wantedOwn = 0;
    }
  }

  /** Whether a word of an own type stands in a piece of plain characters. */
  private boolean hasOwn(int start, int end) {
    return wantedOwn != 0 && own.mayStandIn(bytes, start + shift, end + shift, wantedOwn);
  }

  /** Forgets the text; whoever scans the next one may go on with this. */
  private void release() {
    if (!index.isSmall() || names.length > MAX_KEPT_DEPTH) {
      return;
    }
    view = null;
    source = NO_BYTES;
    sourceFrom = 0;
    valueView = null;
    plan = null;
    findings = null;
    base = FieldPath.UNKNOWN;
    baseName = 0;
    textDepth = 0;
    own = OwnTypes.NONE;
    wide = false;
    depth = -1;
    Arrays.fill(paths, null);
    int slot = slotOfThread();
    if (!IDLE.compareAndSet(slot, null, this)) {
      IDLE.compareAndSet(slot ^ 1, null, this);
    }
  }

  /** The text, which a body becomes when the first of its values has to be read. */
  private View view() {
    View made = view;
    if (made == null) {
      made = View.root(TextIndex.text(source, sourceFrom), true, sourceFrom, 1);
      if (marked) {
        made.anchors = index.anchors;
        made.anchorsFrom = begin;
      }
      view = made;
    }
    return made;
  }

  /** The text as one whose values stand in JSON. */
  private View valueView() {
    View made = valueView;
    if (made == null) {
      made = view().within(View.Escaping.JSON);
      valueView = made;
    }
    return made;
  }

  private Findings findings() {
    Findings made = findings;
    if (made == null) {
      made = new Findings(Objects.requireNonNull(plan));
      findings = made;
    }
    return made;
  }

  /** Whether it is worth trying: an object or an array between the blanks. */
  static boolean looksLikeJson(String s, int from, int to) {
    int first = from;
    while (first < to && s.charAt(first) <= ' ') {
      first++;
    }
    return first < to && (s.charAt(first) == '{' || s.charAt(first) == '[');
  }

  private boolean walk() {
    boolean any = false;
    while (skipBlanks()) {
      if (!topLevelValue()) {
        return false;
      }
      any = true;
    }
    return any;
  }

  private boolean topLevelValue() {
    int bottom = depth;
    if (!openOrScalar()) {
      return false;
    }
    while (depth > bottom) {
      if (!skipBlanks()) {
        return false;
      }
      boolean inObject = indexes[depth] < 0;
      byte c = bytes[at + shift];
      boolean empty = keyStarts[depth] < 0;
      if (c == (inObject ? '}' : ']')) {
        at++;
        depth--;
        continue;
      }
      if (!empty) {
        if (c != ',') {
          return false;
        }
        at++;
        if (!skipBlanks()) {
          return false;
        }
      }
      if (inObject) {
        if (!key()) {
          return false;
        }
      } else {
        if (!empty) {
          indexes[depth]++;
        }
        keyStarts[depth] = 0; // no longer empty
      }
      if (!openOrScalar()) {
        return false;
      }
    }
    return true;
  }

  private boolean key() {
    if (bytes[at + shift] != '"') {
      return false;
    }
    int start = at + 1;
    int end = stringEnd();
    if (end < 0) {
      return false;
    }
    keyStarts[depth] = start;
    keyEnds[depth] = end;
    persons[depth] = NOT_READ;
    boolean isName = end - start == 4 && readsKeys && isWord(start, NAME);
    KnownNames.Known said =
        marked && !lastOdd ? known.find(bytes, start + shift, end + shift, kinds) : null;
    if (isQuiet(said, start, end) && !hasOwn(start, end)) {
      if (isName) {
        int person = nameOfPerson();
        names[depth] = person == 0 ? NOT_READ : person;
        quiet[depth] = person == 0;
      } else if (said != null) {
        names[depth] = said.said();
        quiet[depth] = !readsKeys || !said.tells();
      } else {
        String s = view().text;
        boolean tells = readsKeys && Ids.ofKey(s, start, end) != 0;
        names[depth] = tells ? Names.ofField(s, start, end, kinds) : NOT_READ;
        quiet[depth] = !tells;
      }
    } else {
      names[depth] = nameOf(view(), start, end, !lastOdd, kinds);
      quiet[depth] = false;
      if (isName) {
        names[depth] |= nameOfPerson();
      }
      string(start, end, 0, false);
    }
    at = end + 1;
    if (!skipBlanks() || bytes[at + shift] != ':') {
      return false;
    }
    at++;
    return skipBlanks();
  }

  /**
   * What a key says. Its escapes are undone and its letters read if it is not of plain characters
   * only.
   */
  static int nameOf(View view, int start, int end, boolean plain, int kinds) {
    if (plain) {
      return KnownNames.SHARED.ofField(view.text, start, end, kinds);
    }
    View characters = Escapes.characters(view, start, end);
    View key = Escapes.json(characters, 0, characters.text.length());
    return Names.ofField(key.text, 0, key.text.length(), kinds);
  }

  /** What the object says about its {@code name}: the nearest key above tells. */
  private int nameOfPerson() {
    int level = owners[depth];
    if (level < 0) {
      return 0;
    }
    int start = keyStarts[level] + shift;
    KnownNames.Known said = known.find(bytes, start, keyEnds[level] + shift, kinds);
    if (said != null) {
      return said.ofName();
    }
    if (persons[level] == NOT_READ) {
      persons[level] = Ids.ofNameIn(view().text, keyStarts[level], keyEnds[level]);
    }
    return persons[level];
  }

  private boolean openOrScalar() {
    switch (bytes[at + shift]) {
      case '{' -> push(-1);
      case '[' -> push(0);
      case '"' -> {
        int start = at + 1;
        int end = stringEnd();
        if (end < 0) {
          return false;
        }
        if (isQuery(start, end)) {
          string(start, end, currentName(), true);
        } else if (hasOwn(start, end)
            || (!isTime(start, end)
                && !isUuid(start, end)
                && (depth < 0
                    || (!quiet[depth] && names[depth] != 0)
                    || !isQuiet(start, end)
                    || mayHoldBase64(start, end)))) {
          string(start, end, currentName(), false);
        }
        at = end + 1;
      }
      default -> {
        return literal();
      }
    }
    return true;
  }

  private boolean mayHoldBase64(int start, int end) {
    if (end - start < Base64Text.MIN_CHARS
        || !Base64Text.mayStandIn(bytes, start + shift, end + shift)) {
      return false;
    }
    return findings().mayHoldBase64(view().text, start, end);
  }

  /** Finds the anchors of what is read next: a view knows those only that somebody asked for. */
  private void find(int start, int end) {
    if (marked) {
      index.find(start - begin, end - begin);
    }
  }

  /** Whether this can be the text of a GraphQL request. */
  private boolean isQuery(int start, int end) {
    return depth >= 0
        && keyEnds[depth] - keyStarts[depth] == 5
        && indexes[depth] < 0
        && end - start > 2
        && isWord(keyStarts[depth], QUER)
        && bytes[keyStarts[depth] + 4 + shift] == 'y';
  }

  private int currentName() {
    if (depth < 0) {
      return baseName;
    }
    if (names[depth] == NOT_READ) {
      names[depth] = known.ofField(view().text, keyStarts[depth], keyEnds[depth], kinds);
    }
    return names[depth];
  }

  /** Whether nothing in this string, of plain characters only, can anchor a value. */
  private boolean isQuiet(int start, int end) {
    return marked && !lastOdd && index.isQuiet(start - begin, end - begin);
  }

  /** The same of a key about which something may be remembered. */
  private boolean isQuiet(KnownNames.@Nullable Known said, int start, int end) {
    return said == null || said.dashed()
        ? isQuiet(start, end)
        : !index.isAnchored() || !said.hasWord(start - begin & 1);
  }

  /**
   * Whether nothing anchors a value from {@code first} to before {@code last}, where there is one
   * more character.
   */
  static boolean isQuiet(long[] anchors, int first, int last) {
    int block = first >>> 6;
    long bits = anchors[block] & -1L << first;
    while (block < last >>> 6) {
      if (bits != 0) {
        return false;
      }
      bits = anchors[++block];
    }
    return (bits & ~(-1L << last)) == 0;
  }

  /**
   * Whether all of a string is a time such as {@code 2026-11-22T10:20:30.123Z} under a name that
   * announces nothing: most bodies have some, and the detectors would leave each after two looks.
   */
  private boolean isTime(int start, int end) {
    int length = end - start;
    if ((length != 20 && length != 24) || !marked || depth < 0 || names[depth] == NOT_READ) {
      return false;
    }
    if ((names[depth] & TELLING_NAMES) != 0) {
      return false;
    }
    int first = start + shift;
    int century = bytes[first] << 8 | bytes[first + 1];
    if (century != ('2' << 8 | '0') && century != ('1' << 8 | '9')) {
      return false;
    }
    String form = length == 20 ? SECONDS : MILLISECONDS;
    for (int i = 2; i < length; i++) {
      byte b = bytes[first + i];
      char wanted = form.charAt(i);
      if (wanted == '0' ? !Prefilter.isDigit(b) : b != wanted) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether all of a string is a UUID under a name that announces nothing: no detector takes 36
   * characters of its form, a letter among them, for anything.
   */
  private boolean isUuid(int start, int end) {
    if (end - start != 36 || !marked || depth < 0 || names[depth] == NOT_READ) {
      return false;
    }
    if ((names[depth] & ~Names.IDENTIFIER) != 0) {
      return false;
    }
    boolean letter = false;
    for (int i = 0; i < 36; i++) {
      byte b = bytes[start + shift + i];
      boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      boolean small = b >= 'a' && b <= 'f';
      if (dash ? b != '-' : !small && !Prefilter.isDigit(b)) {
        return false;
      }
      letter |= small;
    }
    return letter;
  }

  private static final String SECONDS = "0000-00-00T00:00:00Z";
  private static final String MILLISECONDS = "0000-00-00T00:00:00.000Z";

  private void push(int index) {
    int name = index < 0 ? 0 : currentName();
    at++;
    depth++;
    if (depth == keyStarts.length) {
      int size = depth * 2;
      keyStarts = Arrays.copyOf(keyStarts, size);
      keyEnds = Arrays.copyOf(keyEnds, size);
      indexes = Arrays.copyOf(indexes, size);
      names = Arrays.copyOf(names, size);
      quiet = Arrays.copyOf(quiet, size);
      owners = Arrays.copyOf(owners, size);
      persons = Arrays.copyOf(persons, size);
      paths = Arrays.copyOf(paths, size);
    }
    keyStarts[depth] = -1;
    keyEnds[depth] = -1;
    indexes[depth] = index;
    names[depth] = name;
    quiet[depth] = false;
    owners[depth] = depth == 0 ? -1 : indexes[depth - 1] < 0 ? depth - 1 : owners[depth - 1];
    paths[depth] = null;
  }

  private boolean literal() {
    int start = at;
    int i = start + shift;
    int stop = to + shift;
    int seen = 0;
    while (i < stop) {
      int is = IN_LITERAL[bytes[i] & 0xFF];
      if (is == ENDS) {
        break;
      }
      seen |= is;
      i++;
    }
    at = i - shift;
    byte first = bytes[start + shift];
    if (at > start && (seen & OTHER) == 0 && (first == '-' || Prefilter.isDigit(first))) {
      if (seen != DIGIT && !isNumber(start, at)) {
        find(start, at);
        findings().scan(view(), start, at, currentName(), here); // a date, a telephone number
      } else if ((at - start >= MIN_NUMBER_CHARS && first != '-' && !isNobodys(start, seen))
          || hasOwn(start, at)) {
        find(start, at);
        findings().scanNumber(view(), start, at, currentName(), here);
      }
      return true;
    }
    return at - start == 4
        ? isWord(start, TRUE) || isWord(start, NULL)
        : at - start == 5 && isWord(start, FALS) && bytes[start + 4 + shift] == 'e';
  }

  /** Whether digits in a row are too few for a card, and nothing announces another number. */
  private boolean isNobodys(int start, int seen) {
    return seen == DIGIT
        && at - start < MIN_CARD_DIGITS
        && marked
        && depth >= 0
        && names[depth] != NOT_READ
        && (names[depth] & TELLING_NAMES) == 0;
  }

  private static final int NAME = four("name");
  private static final int QUER = four("quer");
  private static final int TRUE = four("true");
  private static final int NULL = four("null");
  private static final int FALS = four("fals");

  private static int four(String word) {
    return word.charAt(0) | word.charAt(1) << 8 | word.charAt(2) << 16 | word.charAt(3) << 24;
  }

  /** Whether these four characters stand here. */
  private boolean isWord(int start, int four) {
    return (int) INTS.get(bytes, start + shift) == four;
  }

  /** A number, or what some readers take for one: {@code 2026-11-22}. */
  static boolean isLikeNumber(String s, int from, int to) {
    if (from == to || (s.charAt(from) != '-' && !Chars.isDigit(s.charAt(from)))) {
      return false;
    }
    for (int i = from + 1; i < to; i++) {
      if (!Chars.isDigit(s.charAt(i)) && "+-.eE".indexOf(s.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * @param from of what {@link #isLikeNumber}
   */
  static boolean isNumber(String s, int from, int to) {
    int state = 0;
    for (int i = from + 1; i < to && state != NO_NUMBER; i++) {
      state = inNumber(state, s.charAt(i));
    }
    return state != NO_NUMBER;
  }

  private boolean isNumber(int from, int to) {
    int state = 0;
    for (int i = from + 1 + shift; i < to + shift && state != NO_NUMBER; i++) {
      state = inNumber(state, bytes[i]);
    }
    return state != NO_NUMBER;
  }

  /** What is so far a number, with one character more: [415-555-0132] is none, but a text. */
  private static int inNumber(int state, int c) {
    if (c >= '0' && c <= '9') {
      return state & ~AFTER_E;
    }
    if (c == '-' || c == '+') {
      return (state & AFTER_E) != 0 ? state & ~AFTER_E : NO_NUMBER;
    }
    if (c == '.') {
      return (state & (POINT | EXPONENT)) == 0 ? state | POINT : NO_NUMBER;
    }
    return (c | 0x20) == 'e' && (state & EXPONENT) == 0 ? state | EXPONENT | AFTER_E : NO_NUMBER;
  }

  static boolean isWord(String s, int from, int to) {
    int length = to - from;
    return length == 4 && (s.startsWith("true", from) || s.startsWith("null", from))
        || length == 5 && s.startsWith("false", from);
  }

  /** Position of the closing quote of the string that opens here, -1 if it has none. */
  private int stringEnd() {
    int first = at + 1 - begin;
    int limit = to - begin;
    int end = next(index.quotes, first, limit);
    if (end < limit && isQuiet(index.odd, first, end)) {
      lastOdd = false;
      return end + begin;
    }
    lastOdd = true;
    int i = at + 1;
    while (i < to) {
      byte b = bytes[i + shift];
      if (b == '"') {
        return i;
      }
      i += b == '\\' ? 2 : 1;
    }
    return -1;
  }

  /** The place of the next bit, {@code limit} or more if there is none. */
  private static int next(long[] bits, int first, int limit) {
    int block = first >>> 6;
    if (first >= limit) {
      return limit;
    }
    long word = bits[block] & -1L << first;
    while (word == 0) {
      if (++block << 6 >= limit) {
        return limit;
      }
      word = bits[block];
    }
    return (block << 6) + Long.numberOfTrailingZeros(word);
  }

  /** Scans what stands between two quotes of this text. */
  private void string(int start, int end, int name, boolean query) {
    if (!lastOdd) {
      find(start, end);
    }
    if (lastOdd || query) {
      string(view(), start, end, name, here, findings(), textDepth, query);
    } else if (start < end) {
      if (textDepth >= MAX_TEXTS_IN_TEXT
          || !looksLikeJson(view().text, start, end)
          || !scan(
              view().within(View.Escaping.JSON),
              start,
              end,
              path(),
              name,
              findings(),
              textDepth + 1)) {
        findings().scan(valueView(), start, end, name, here);
      }
    }
  }

  /**
   * Scans what stands between two quotes.
   *
   * @param textDepth how many texts this one stands in
   */
  static void string(
      View view,
      int start,
      int end,
      int name,
      Supplier<FieldPath> here,
      Findings findings,
      int textDepth) {
    string(view, start, end, name, here, findings, textDepth, false);
  }

  private static void string(
      View view,
      int start,
      int end,
      int name,
      Supplier<FieldPath> here,
      Findings findings,
      int textDepth,
      boolean query) {
    if (start == end) {
      return;
    }
    String s = view.text;
    View value = view.within(View.Escaping.JSON);
    int from = start;
    int until = end;
    boolean escaped = false;
    boolean ascii = true;
    for (int i = start; i < end; i++) {
      char c = s.charAt(i);
      escaped |= c == '\\';
      ascii &= c < 128;
    }
    if (!ascii || escaped) {
      View decoded = ascii ? view : Escapes.characters(view, start, end);
      from = ascii ? start : 0;
      until = ascii ? end : decoded.text.length();
      if (escaped) {
        value = Escapes.json(decoded, from, until);
        from = 0;
        until = value.text.length();
      } else {
        value = decoded.within(View.Escaping.JSON);
      }
    }
    if (textDepth < MAX_TEXTS_IN_TEXT
        && looksLikeJson(value.text, from, until)
        && scan(value, from, until, here.get(), name, findings, textDepth + 1)) {
      return;
    }
    if (query && GraphQlText.looksLikeOne(value.text, from, until)) {
      GraphQlText.scan(value, from, until, here.get(), findings, textDepth);
      return;
    }
    findings.scan(value, from, until, name, here);
  }

  private FieldPath path() {
    if (depth >= MAX_PATH_DEPTH) {
      return FieldPath.UNKNOWN;
    }
    if (depth < 0) {
      return base;
    }
    int known = depth;
    while (known > 0 && paths[known] == null) {
      known--;
    }
    FieldPath path = known == 0 ? base : Objects.requireNonNull(paths[known]);
    for (int level = known; level < depth; level++) {
      path = step(path, level);
      paths[level + 1] = path;
    }
    return step(path, depth);
  }

  private FieldPath step(FieldPath path, int level) {
    if (indexes[level] >= 0) {
      return path.index(indexes[level]);
    }
    if (keyStarts[level] < 0) {
      return path;
    }
    int start = keyStarts[level];
    int end = keyEnds[level];
    View decoded = Escapes.characters(view(), start, end);
    return path.name(Escapes.json(decoded, 0, decoded.text.length()).text);
  }

  private boolean skipBlanks() {
    while (at < to) {
      byte b = bytes[at + shift];
      if (b > ' ' || (b < 0 && !(wide && isByteOrderMark()))) {
        return true;
      }
      at++;
    }
    return false;
  }

  private boolean isByteOrderMark() {
    return view().text.charAt(at) == 0xFEFF;
  }
}
