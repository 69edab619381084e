package dev.cordon.rules;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the application itself said in a call: an answer that repeats it tells nothing of where it
 * came from. Keyed hashes of the texts and of the pieces that they may be cut into, never a text.
 * Immutable.
 */
public final class Said {
  static final Said NOTHING = new Said(new long[0], 0);
  private static final int MAX_HASHES = 1 << 14;
  private static final char NO_CHAR = '\uffff';

  /** How a text is cut: finer each time, by what servers take for an end of a value. */
  private enum Cut {
    AT_QUOTES,
    BETWEEN_WORDS,
    AT_ALL_BUT_NAMES
  }

  private static final Cut[] CUTS = Cut.values();

  private final long[] hashes;

  private Said(long[] hashes, int count) {
    this.hashes = Arrays.copyOf(hashes, count);
    Arrays.sort(this.hashes);
  }

  /**
   * What stands in the path, the query, the headers and the body of a call, to whose answer a
   * source belongs; null when that cannot be told: no whole value of the answer counts then.
   */
  public static @Nullable Said in(CallFacts facts, Origins origins, Origins.Source source) {
    Collector said = new Collector(origins, source);
    said.url(facts.url());
    List<String> headers = facts.headers();
    for (int i = 1; i < headers.size(); i += 2) {
      said.text(headers.get(i));
    }
    boolean read =
        switch (BodyFormat.of(facts)) {
          case NONE -> true;
          case JSON -> said.json(facts.body());
          case FORM -> said.form(facts.body());
          case MULTIPART, XML, GRAPHQL, OTHER -> false;
        };
    return read && !said.full ? new Said(said.hashes, said.count) : null;
  }

  /** Whether the hash is that of a text, or of a piece of one. */
  boolean has(long hash) {
    return Arrays.binarySearch(hashes, hash) >= 0;
  }

  /** Bounded by the size of what is sent, which has been read, and by {@link #MAX_HASHES}. */
  private static final class Collector implements OriginReader.Texts {
    private final OriginText hashing;
    private final StringBuilder leaf = new StringBuilder();
    long[] hashes = new long[64];
    int count;
    boolean full;

    Collector(Origins origins, Origins.Source source) {
      hashing = origins.hasher(source, this::add);
    }

    private void add(long hash) {
      if (count == MAX_HASHES) {
        full = true;
        return;
      }
      if (count == hashes.length) {
        hashes = Arrays.copyOf(hashes, 2 * count);
      }
      hashes[count++] = hash;
    }

    @Override
    public void put(char c) {
      leaf.append(c);
    }

    @Override
    public void end() {
      text(leaf.toString());
      leaf.setLength(0);
    }

    /** A text and what it may be cut into: {@code id=eq.ch_1} is heard as {@code ch_1}, too. */
    void text(String text) {
      hash(text, 0, text.length());
      for (Cut cut : CUTS) {
        int start = 0;
        for (int i = 0; i <= text.length() && !full; i++) {
          if (i == text.length() || cuts(cut, text.charAt(i))) {
            if (i - start < text.length()) {
              hash(text, start, i);
            }
            start = i + 1;
          }
        }
      }
    }

    private static boolean cuts(Cut cut, char c) {
      return switch (cut) {
        case AT_QUOTES -> c == '"' || c == '\'' || c == '`';
        case BETWEEN_WORDS -> OriginText.isBetweenWords(c);
        case AT_ALL_BUT_NAMES -> !Character.isLetterOrDigit(c) && c != '_' && c != '-';
      };
    }

    private void hash(String text, int from, int to) {
      if (to - from < OriginText.MIN_CHARS) {
        return;
      }
      for (int i = from; i < to; i++) {
        hashing.put(text.charAt(i));
      }
      hashing.end();
    }

    void url(String url) {
      hash(url, 0, url.length());
      int authority = Math.max(0, url.indexOf("://") + 3);
      int path = url.indexOf('/', authority);
      if (path >= 0) {
        hash(url, path, url.length());
      }
      int fragment = url.indexOf('#', authority);
      int end = fragment < 0 ? url.length() : fragment;
      int query = url.indexOf('?', authority);
      boolean hasQuery = query >= 0 && query < end;
      pieces(url, authority, hasQuery ? query : end, '/', NO_CHAR);
      if (hasQuery) {
        pieces(url, query + 1, end, '&', '=');
      }
    }

    /** Each piece as it is written and decoded, with {@code +} for itself and for a blank. */
    private void pieces(String text, int from, int to, char cut, char firstCut) {
      int start = from;
      boolean first = true;
      for (int i = from; i <= to; i++) {
        char c = i == to ? cut : text.charAt(i);
        if (c == cut || (first && c == firstCut)) {
          piece(text.substring(start, i));
          start = i + 1;
          first = c == cut;
        }
      }
    }

    private void piece(String written) {
      text(written);
      boolean plus = written.indexOf('+') >= 0;
      boolean escaped = written.indexOf('%') >= 0;
      if (escaped) {
        text(decoded(written));
      }
      if (plus) {
        String spaced = written.replace('+', ' ');
        text(escaped ? decoded(spaced) : spaced);
      }
    }

    /** What is no escape stands for itself. */
    private static String decoded(String written) {
      byte[] in = written.getBytes(StandardCharsets.UTF_8);
      byte[] out = new byte[in.length];
      int length = 0;
      for (int i = 0; i < in.length; i++) {
        int value =
            in[i] == '%' && i + 2 < in.length
                ? Target.hex((char) (in[i + 1] & 0xff), (char) (in[i + 2] & 0xff))
                : -1;
        out[length++] = value < 0 ? in[i] : (byte) value;
        i += value < 0 ? 0 : 2;
      }
      return new String(out, 0, length, StandardCharsets.UTF_8);
    }

    /** False when not all of it could be read. */
    boolean json(byte[] body) {
      if (!FieldValues.isPlainUtf8(body)) {
        return false;
      }
      text(new String(body, StandardCharsets.UTF_8)); // some servers read 'a' and a as "a"
      OriginReader reader = OriginReader.ofAll(this);
      reader.feed(body, 0, body.length);
      return reader.endsWhole();
    }

    boolean form(byte[] body) {
      if (!FieldValues.isPlainUtf8(body)) {
        return false;
      }
      String text = new String(body, StandardCharsets.UTF_8);
      pieces(text, 0, text.length(), '&', '=');
      return true;
    }
  }
}
