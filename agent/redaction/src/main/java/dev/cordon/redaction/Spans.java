package dev.cordon.redaction;

import java.util.Arrays;

/** Hits in one text, in order of discovery until {@link #merge}. Grown only when there are any. */
final class Spans {
  /** The text has look-alike characters: fold it and scan again. */
  static final Spans FOLD_FIRST = new Spans(0);

  private int[] starts;
  private int[] ends;
  private int[] kinds; // bits
  private int[] named; // ordinal of the kind that names the span; from CUSTOM on an own type
  private int[] owns; // bits of own types
  private int size;

  Spans() {
    this(4);
  }

  private Spans(int capacity) {
    starts = new int[capacity];
    ends = new int[capacity];
    kinds = new int[capacity];
    named = new int[capacity];
    owns = new int[capacity];
  }

  void add(int kind, int start, int end) {
    add(kind, 1 << kind, 0, start, end);
  }

  void addOwn(int type, int start, int end) {
    add(Kind.CUSTOM.ordinal() + type, Kind.CUSTOM.bit(), 1 << type, start, end);
  }

  private void add(int name, int kindBits, int own, int start, int end) {
    if (size == starts.length) {
      int capacity = size * 2;
      starts = Arrays.copyOf(starts, capacity);
      ends = Arrays.copyOf(ends, capacity);
      kinds = Arrays.copyOf(kinds, capacity);
      named = Arrays.copyOf(named, capacity);
      owns = Arrays.copyOf(owns, capacity);
    }
    // a verifier that looked back may report a span that begins before the last one
    int at = size;
    while (at > 0 && starts[at - 1] > start) {
      starts[at] = starts[at - 1];
      ends[at] = ends[at - 1];
      kinds[at] = kinds[at - 1];
      named[at] = named[at - 1];
      owns[at] = owns[at - 1];
      at--;
    }
    starts[at] = start;
    ends[at] = end;
    kinds[at] = kindBits;
    named[at] = name;
    owns[at] = own;
    size++;
  }

  /** What looks like a token of this kind: kept by every merge, see {@link Kind#TOKEN_SHAPE}. */
  void addToken(int kind, int start, int end) {
    add(kind, start, end);
    for (int i = size - 1; i >= 0; i--) {
      if (starts[i] == start && ends[i] == end && named[i] == kind) {
        kinds[i] = Kind.TOKEN_SHAPE;
        return;
      }
    }
  }

  /** Keeps what is given, without types of a rule file's own, and joins as below. */
  void merge(int allowedKinds) {
    merge(allowedKinds, 0);
  }

  /** Keeps the kinds given and joins what overlaps: the longest names it, then the most special. */
  void merge(int allowedKinds, int allowedOwn) {
    int kept = 0;
    int longest = 0;
    for (int i = 0; i < size; i++) {
      boolean wanted =
          owns[i] == 0
              ? (kinds[i] & (allowedKinds | Kind.TOKEN_SHAPE)) != 0
              : (owns[i] & allowedOwn) != 0;
      if (!wanted) {
        continue;
      }
      int length = ends[i] - starts[i];
      if (kept > 0 && starts[i] < ends[kept - 1]) {
        int last = kept - 1;
        if (length > longest || (length == longest && named[i] > named[last])) {
          longest = length;
          named[last] = named[i];
        }
        ends[last] = Math.max(ends[last], ends[i]);
        kinds[last] |= kinds[i];
        owns[last] |= owns[i];
      } else {
        starts[kept] = starts[i];
        ends[kept] = ends[i];
        kinds[kept] = kinds[i];
        named[kept] = named[i];
        owns[kept] = owns[i];
        longest = length;
        kept++;
      }
    }
    size = kept;
  }

  int size() {
    return size;
  }

  int start(int i) {
    return starts[i];
  }

  int end(int i) {
    return ends[i];
  }

  int kindBits(int i) {
    return kinds[i];
  }

  Kind kind(int i) {
    return Kind.at(Math.min(named[i], Kind.CUSTOM.ordinal()));
  }

  /** Bits of the own types in it. */
  int ownBits(int i) {
    return owns[i];
  }

  /** The own type that names it; -1 if a kind does. */
  int own(int i) {
    return named[i] < Kind.CUSTOM.ordinal() ? -1 : named[i] - Kind.CUSTOM.ordinal();
  }

  /** As the journal counts it. */
  String label(int i, OwnTypes types) {
    return own(i) < 0 ? kind(i).label() : types.name(own(i));
  }

  /** What stands in brackets in its place. */
  String placeholder(int i, OwnTypes types) {
    return own(i) < 0 ? kind(i).name() : types.placeholder(own(i));
  }
}
