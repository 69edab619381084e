package dev.cordon.rules;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.Deflater;

/** Writes a {@link Bundle}; the same files make the same bytes. */
final class BundleWriter {

  /** One file as it was read. */
  record Source(String name, boolean top, byte[] bytes) {}

  private final Map<String, Integer> texts = new LinkedHashMap<>();
  private int line;

  byte[] write(String name, long serial, String digest, List<Source> layers, List<Source> packs) {
    ByteArrayOutputStream nodes = new ByteArrayOutputStream();
    ByteArrayOutputStream sources = new ByteArrayOutputStream();
    parts(layers, true, nodes, sources);
    parts(packs, false, nodes, sources);

    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(Bundle.MAGIC);
    out.write(Bundle.VERSION);
    out.writeBytes(new byte[Bundle.SUMMED_FROM - Bundle.LENGTH_AT]); // filled in below
    bigEndian(out, serial, 8);
    out.writeBytes(HexFormat.of().parseHex(digest));
    bytes(out, name.getBytes(StandardCharsets.UTF_8));
    number(out, texts.size());
    for (String text : texts.keySet()) {
      bytes(out, text.getBytes(StandardCharsets.UTF_8));
    }
    out.writeBytes(nodes.toByteArray());
    byte[] deflated = deflated(sources.toByteArray());
    number(out, sources.size());
    bytes(out, deflated);

    byte[] body = out.toByteArray();
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    CRC32C sum = new CRC32C();
    sum.update(body, Bundle.SUMMED_FROM, body.length - Bundle.SUMMED_FROM);
    bigEndian(head, body.length, 4);
    bigEndian(head, sum.getValue(), 4);
    System.arraycopy(head.toByteArray(), 0, body, Bundle.LENGTH_AT, head.size());
    return body;
  }

  private void parts(
      List<Source> parts,
      boolean layers,
      ByteArrayOutputStream nodes,
      ByteArrayOutputStream sources) {
    number(nodes, parts.size());
    for (Source part : parts) {
      number(nodes, text(part.name()));
      if (layers) {
        number(nodes, part.top() ? 1 : 0);
      }
      line = 0;
      node(nodes, parsed(part));
      bytes(sources, part.bytes());
    }
  }

  private static YamlNode parsed(Source part) {
    Problems problems = new Problems(part.name());
    String text = RuleFileText.text(part.bytes(), problems);
    YamlNode root = text == null ? null : YamlReader.read(text, problems);
    if (root == null || problems.hasErrors()) {
      throw new IllegalStateException("loaded before, unreadable now: " + part.name());
    }
    return root;
  }

  private void node(ByteArrayOutputStream to, YamlNode node) {
    if (node instanceof YamlNode.Scalar value) {
      value(to, value);
    } else if (node instanceof YamlNode.Items list) {
      to.write(4);
      place(to, list.at());
      number(to, list.items().size());
      for (YamlNode item : list.items()) {
        node(to, item);
      }
    } else if (node instanceof YamlNode.Fields mapping) {
      to.write(5);
      place(to, mapping.at());
      number(to, mapping.fields().size());
      for (YamlNode.Field field : mapping.fields()) {
        value(to, field.key());
        node(to, field.value());
      }
    }
  }

  private void value(ByteArrayOutputStream to, YamlNode.Scalar value) {
    to.write((value.inPlace() ? 1 : 0) | (value.quoted() ? 2 : 0));
    place(to, value.at());
    number(to, text(value.text()));
  }

  private void place(ByteArrayOutputStream to, Position at) {
    int difference = at.line() - line;
    line = at.line();
    number(to, difference << 1 ^ difference >> 31);
    number(to, at.column());
    number(to, at.width());
  }

  private int text(String text) {
    Integer known = texts.putIfAbsent(text, texts.size());
    return known == null ? texts.size() - 1 : known;
  }

  private static byte[] deflated(byte[] bytes) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    try {
      deflater.setInput(bytes);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] buffer = new byte[8192];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }

  private static void bytes(ByteArrayOutputStream to, byte[] bytes) {
    number(to, bytes.length);
    to.writeBytes(bytes);
  }

  private static void number(ByteArrayOutputStream to, int number) {
    int rest = number;
    while (rest >>> 7 != 0) {
      to.write(rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    to.write(rest);
  }

  private static void bigEndian(ByteArrayOutputStream to, long number, int length) {
    for (int shift = 8 * (length - 1); shift >= 0; shift -= 8) {
      to.write((int) (number >> shift));
    }
  }
}
