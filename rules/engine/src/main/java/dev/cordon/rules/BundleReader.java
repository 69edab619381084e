package dev.cordon.rules;

import dev.cordon.rules.Bundle.DamagedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads what stands in a {@link Bundle}. Believes nothing: no count is larger than the bytes that
 * are left, no node deeper than YAML may be nested.
 */
final class BundleReader {
  private static final int MAX_DEPTH = 33; // one more than the YAML reader's, for its last values
  private static final int MAX_PARTS = 64;
  private static final int MAX_TEXT_BYTES = RuleFileText.MAX_BYTES;

  /** What a bundle holds, and where its texts are. */
  record Content(
      List<Bundle.Part> layers,
      List<Bundle.Part> packs,
      int sourceBytes,
      int sourcesAt,
      int deflatedBytes) {}

  private final byte[] file;
  private final int end;
  private int at;
  private int line;
  private String[] texts = {};

  BundleReader(byte[] file, int from, int end) {
    this.file = file;
    this.at = from;
    this.end = end;
  }

  int at() {
    return at;
  }

  Content content() throws DamagedException {
    texts = new String[count()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = string(MAX_TEXT_BYTES);
    }
    List<Bundle.Part> layers = parts(true);
    List<Bundle.Part> packs = parts(false);
    int tops = 0;
    for (Bundle.Part layer : layers) {
      tops += layer.top() ? 1 : 0;
    }
    if (tops != 1) {
      throw damaged("not one file on top");
    }
    int sourceBytes = number();
    int deflated = number();
    if (sourceBytes > Bundle.MAX_SOURCE_BYTES || deflated != end - at) {
      throw damaged("texts of another length than it says");
    }
    return new Content(layers, packs, sourceBytes, at, deflated);
  }

  private List<Bundle.Part> parts(boolean layers) throws DamagedException {
    int count = count();
    if (count > MAX_PARTS) {
      throw damaged("more than " + MAX_PARTS + " files");
    }
    List<Bundle.Part> parts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String name = text();
      boolean top = layers && number() == 1;
      line = 0;
      parts.add(new Bundle.Part(name, top, node(1)));
    }
    return parts;
  }

  private YamlNode node(int depth) throws DamagedException {
    if (depth > MAX_DEPTH) {
      throw damaged("nested too deep");
    }
    int kind = next();
    if (kind < 4) {
      return value(kind);
    }
    Position place = place();
    int count = count();
    switch (kind) {
      case 4 -> {
        List<YamlNode> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
          items.add(node(depth + 1));
        }
        return new YamlNode.Items(items, place);
      }
      case 5 -> {
        List<YamlNode.Field> fields = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
          int keyKind = next();
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

  private Position place() throws DamagedException {
    int difference = number();
    line += difference >>> 1 ^ -(difference & 1);
    int column = number();
    int width = number();
    if (line < 1 || column < 1 || width < 1) {
      throw damaged("a place outside the text");
    }
    return new Position(line, column, width);
  }

  private String text() throws DamagedException {
    int number = number();
    if (number >= texts.length) {
      throw damaged("a text that is not there");
    }
    return texts[number];
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
  private int count() throws DamagedException {
    int count = number();
    if (count > end - at) {
      throw damaged("more parts than bytes");
    }
    return count;
  }

  /** From 0 on. */
  private int number() throws DamagedException {
    int number = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      int next = next();
      number |= (next & 0x7f) << shift;
      if (next < 0x80) {
        if (number < 0 || (shift == 28 && next > 7)) {
          break;
        }
        return number;
      }
    }
    throw damaged("a number out of range");
  }

  private int next() throws DamagedException {
    if (at >= end) {
      throw damaged("it ends early");
    }
    return file[at++] & 0xff;
  }

  private DamagedException damaged(String what) {
    return new DamagedException(what + " (at byte " + at + ")");
  }
}
