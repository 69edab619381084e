package dev.cordon.rules;

import dev.cordon.rules.Bundle.DamagedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads what stands in a {@link Bundle}. Believes nothing: no count is larger than the bytes that
 * are left, no node deeper than YAML may be nested.
 */
final class BundleReader {
  private static final int MAX_DEPTH = 33; // one more than the YAML reader's, for its last values

  private final byte[] file;
  private final Texts texts;
  private final int end;
  private int at;
  private int line;

  BundleReader(byte[] file, Texts texts, int from, int end) {
    this.file = file;
    this.texts = texts;
    this.at = from;
    this.end = end;
  }

  /** The same bytes, from another place on. */
  BundleReader in(Area area) {
    return new BundleReader(file, texts, area.from(), area.end());
  }

  int at() {
    return at;
  }

  boolean isDone() {
    return at == end;
  }

  /** Some bytes of the file. */
  record Area(int from, int end) {}

  /** The next area; it stands behind its length. */
  Area area() throws DamagedException {
    int length = bigEndian();
    if (length > end - at) {
      throw damaged("a part longer than what is left");
    }
    at += length;
    return new Area(at - length, at);
  }

  /** Parts of different lengths, each of which can be found without reading the others. */
  record Parts(byte[] file, int count, int offsetsAt, int areaAt, int areaBytes) {

    int offset(int part) {
      return bigEndian(file, offsetsAt + 4 * part);
    }

    Area part(int part) throws DamagedException {
      int from = offset(part) & ~Bundle.WIDE;
      int end = offset(part + 1) & ~Bundle.WIDE;
      if (from > end || end > areaBytes) {
        throw new DamagedException("part " + part + " lies outside of its area");
      }
      return new Area(areaAt + from, areaAt + end);
    }
  }

  /** Likewise, many of them. */
  Parts parts() throws DamagedException {
    int count = bigEndian();
    int bytes = bigEndian();
    if (count > (end - at) / 4 - 1 || bytes > end - at - 4 * (count + 1)) {
      throw damaged("more parts than bytes");
    }
    int offsetsAt = at;
    at += 4 * (count + 1) + bytes;
    return new Parts(file, count, offsetsAt, at - bytes, bytes);
  }

  /** The texts that everything else names by number; made into strings when they are asked for. */
  static final class Texts {
    static final Texts NONE = new Texts(new Parts(new byte[4], 0, 0, 4, 0));

    private final Parts parts;
    private final @Nullable String[] known;

    Texts(Parts parts) {
      this.parts = parts;
      known = new @Nullable String[parts.count()];
    }

    /** Two threads may both make one: they are equal. */
    String text(int number) throws DamagedException {
      if (number >= known.length) {
        throw new DamagedException("a text that is not there");
      }
      String text = known[number];
      if (text == null) {
        Area area = parts.part(number);
        boolean wide = (parts.offset(number) & Bundle.WIDE) != 0;
        text =
            new String(
                parts.file(),
                area.from(),
                area.end() - area.from(),
                wide ? StandardCharsets.UTF_16BE : StandardCharsets.ISO_8859_1);
        known[number] = text;
      }
      return text;
    }
  }

  String text() throws DamagedException {
    return texts.text(number());
  }

  List<String> texts() throws DamagedException {
    int count = count();
    if (count == 0) {
      return List.of();
    }
    String[] all = new String[count];
    for (int i = 0; i < count; i++) {
      all[i] = text();
    }
    return List.of(all);
  }

  Set<String> textSet() throws DamagedException {
    return new LinkedHashSet<>(texts());
  }

  String string(int maxBytes) throws DamagedException {
    int length = number();
    if (length > maxBytes || length > end - at) {
      throw damaged("a text longer than what is left");
    }
    String text = new String(file, at, length, StandardCharsets.UTF_8);
    at += length;
    return text;
  }

  byte[] bytes() throws DamagedException {
    int length = number();
    if (length > end - at) {
      throw damaged("a text longer than what is left");
    }
    at += length;
    return Arrays.copyOfRange(file, at - length, at);
  }

  /** Of things that take at least a byte each. */
  int count() throws DamagedException {
    int count = number();
    if (count > end - at) {
      throw damaged("more parts than bytes");
    }
    return count;
  }

  /** From 0 on. */
  int number() throws DamagedException {
    long number = longNumber();
    if (number < 0 || number > Integer.MAX_VALUE) {
      throw damaged("a number out of range");
    }
    return (int) number;
  }

  /** From 0 on, less than the given one. */
  int number(int below) throws DamagedException {
    int number = number();
    if (number >= below) {
      throw damaged("a number out of range");
    }
    return number;
  }

  long longNumber() throws DamagedException {
    int next = octet();
    if (next < 0x80) {
      return next; // nearly all of them
    }
    long number = next & 0x7f;
    for (int shift = 7; shift < 63; shift += 7) {
      next = octet();
      number |= (next & 0x7fL) << shift;
      if (next < 0x80) {
        return number;
      }
    }
    throw damaged("a number out of range");
  }

  boolean flag() throws DamagedException {
    int flag = octet();
    if (flag > 1) {
      throw damaged("neither yes nor no");
    }
    return flag == 1;
  }

  /** Null: not said. */
  @Nullable Boolean maybe() throws DamagedException {
    int flag = octet();
    if (flag > 2) {
      throw damaged("neither yes nor no");
    }
    return flag == 0 ? null : Boolean.valueOf(flag == 2);
  }

  <E> E of(E[] values) throws DamagedException {
    return values[number(values.length)];
  }

  /** Of four bytes, from 0 on. */
  int bigEndian() throws DamagedException {
    if (end - at < 4) {
      throw damaged("it ends early");
    }
    int number = bigEndian(file, at);
    at += 4;
    if (number < 0) {
      throw damaged("a number out of range");
    }
    return number;
  }

  long bigEndianLong() throws DamagedException {
    if (end - at < 8) {
      throw damaged("it ends early");
    }
    long number = (long) bigEndian(file, at) << 32 | bigEndian(file, at + 4) & 0xffffffffL;
    at += 8;
    return number;
  }

  static int bigEndian(byte[] bytes, int at) {
    return bytes[at] << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | bytes[at + 3] & 0xff;
  }

  Position place() throws DamagedException {
    int difference = (int) longNumber();
    line += difference >>> 1 ^ -(difference & 1);
    int column = number();
    int width = number();
    if (line < 1 || column < 1 || width < 1) {
      throw damaged("a place outside the text");
    }
    return new Position(line, column, width);
  }

  List<YamlNode> nodes(int depth) throws DamagedException {
    int count = count();
    List<YamlNode> nodes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      nodes.add(node(depth));
    }
    return nodes;
  }

  private YamlNode node(int depth) throws DamagedException {
    if (depth > MAX_DEPTH) {
      throw damaged("nested too deep");
    }
    int kind = octet();
    if (kind < 4) {
      return value(kind);
    }
    Position place = place();
    switch (kind) {
      case 4 -> {
        return new YamlNode.Items(nodes(depth + 1), place);
      }
      case 5 -> {
        int count = count();
        List<YamlNode.Field> fields = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
          int keyKind = octet();
          if (keyKind > 3) {
            throw damaged("a key that is no value");
          }
          YamlNode.Scalar key = value(keyKind);
          fields.add(new YamlNode.Field(key, node(depth + 1)));
        }
        return new YamlNode.Fields(fields, place);
      }
      default -> throw damaged("an unknown kind of node");
    }
  }

  private YamlNode.Scalar value(int kind) throws DamagedException {
    Position place = place();
    return new YamlNode.Scalar(text(), (kind & 1) != 0, (kind & 2) != 0, place);
  }

  int octet() throws DamagedException {
    if (at >= end) {
      throw damaged("it ends early");
    }
    return file[at++] & 0xff;
  }

  DamagedException damaged(String what) {
    return new DamagedException(what + " (at byte " + at + ")");
  }
}
