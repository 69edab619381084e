package dev.cordon.rules;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/** Writes a {@link Bundle}; the same files make the same bytes. */
final class BundleWriter {

  /** One file as it was read. */
  record Source(String name, boolean top, byte[] bytes) {}

  private final Map<String, Integer> texts = new LinkedHashMap<>();

  byte[] write(
      RuleFile compiled,
      String digest,
      List<YamlNode> cases,
      List<Source> layers,
      Map<String, Integer> layersByPath,
      List<Source> packs,
      long epochDay) {
    Out files = new Out(this);
    Out sources = new Out(this);
    parts(files, layers, true, sources);
    parts(files, packs, false, sources);
    CompiledWriter writer = new CompiledWriter(this, compiled, layersByPath, epochDay);
    Out model = writer.model();
    List<byte[]> rules = writer.rules();
    List<byte[]> calls = writer.packCalls();
    Out tests = new Out(this);
    tests.nodes(cases);

    Out out = new Out(this);
    out.raw(Bundle.MAGIC);
    out.octet(Bundle.VERSION);
    out.raw(new byte[Bundle.SUMMED_FROM - Bundle.LENGTH_AT]); // filled in below
    out.bigEndian(compiled.serial(), 8);
    out.raw(HexFormat.of().parseHex(digest));
    out.bytes(compiled.name().getBytes(StandardCharsets.UTF_8));
    textArea(out);
    area(out, rules);
    area(out, calls);
    out.area(files);
    out.area(model);
    out.area(tests);
    byte[] deflated = deflated(sources.toByteArray());
    out.bigEndian(sources.size(), 4);
    out.bigEndian(deflated.length, 4);
    out.raw(deflated);

    byte[] body = out.toByteArray();
    Out head = new Out(this);
    CRC32C sum = new CRC32C();
    sum.update(body, Bundle.SUMMED_FROM, body.length - Bundle.SUMMED_FROM);
    head.bigEndian(body.length, 4);
    head.bigEndian(sum.getValue(), 4);
    System.arraycopy(head.toByteArray(), 0, body, Bundle.LENGTH_AT, head.size());
    return body;
  }

  private static void parts(Out files, List<Source> parts, boolean layers, Out sources) {
    files.number(parts.size());
    for (Source part : parts) {
      files.text(part.name());
      if (layers) {
        files.flag(part.top());
      }
      sources.bytes(part.bytes());
    }
  }

  /** The texts that all else names by number; written when nothing can add to them any more. */
  private void textArea(Out out) {
    Out offsets = new Out(this);
    Out area = new Out(this);
    for (String text : texts.keySet()) {
      boolean latin = true;
      for (int i = 0; i < text.length() && latin; i++) {
        latin = text.charAt(i) < 0x100;
      }
      offsets.bigEndian(area.size() | (latin ? 0 : Bundle.WIDE), 4);
      // not UTF-8: it has no half surrogates, and takes longer to read in a cold JVM
      area.raw(text.getBytes(latin ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_16BE));
    }
    offsets.bigEndian(area.size(), 4);
    out.bigEndian(texts.size(), 4);
    out.bigEndian(area.size(), 4);
    out.raw(offsets.toByteArray());
    out.raw(area.toByteArray());
  }

  private void area(Out out, List<byte[]> parts) {
    Out offsets = new Out(this);
    Out area = new Out(this);
    for (byte[] part : parts) {
      offsets.bigEndian(area.size(), 4);
      area.raw(part);
    }
    offsets.bigEndian(area.size(), 4);
    out.bigEndian(parts.size(), 4);
    out.bigEndian(area.size(), 4);
    out.raw(offsets.toByteArray());
    out.raw(area.toByteArray());
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

  /** Bytes that are being written. */
  static final class Out {
    private final BundleWriter writer;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int line;

    Out(BundleWriter writer) {
      this.writer = writer;
    }

    byte[] toByteArray() {
      return bytes.toByteArray();
    }

    int size() {
      return bytes.size();
    }

    void raw(byte[] raw) {
      bytes.writeBytes(raw);
    }

    void octet(int octet) {
      bytes.write(octet);
    }

    void flag(boolean flag) {
      bytes.write(flag ? 1 : 0);
    }

    /** 0: not said. */
    void maybe(@Nullable Boolean flag) {
      bytes.write(flag == null ? 0 : flag ? 2 : 1);
    }

    void number(long number) {
      long rest = number;
      while (rest >>> 7 != 0) {
        bytes.write((int) rest & 0x7f | 0x80);
        rest >>>= 7;
      }
      bytes.write((int) rest);
    }

    void bytes(byte[] part) {
      number(part.length);
      raw(part);
    }

    void area(Out part) {
      bigEndian(part.size(), 4);
      raw(part.toByteArray());
    }

    void bigEndian(long number, int length) {
      for (int shift = 8 * (length - 1); shift >= 0; shift -= 8) {
        bytes.write((int) (number >> shift));
      }
    }

    void text(String text) {
      Integer known = writer.texts.putIfAbsent(text, writer.texts.size());
      number(known == null ? writer.texts.size() - 1 : known);
    }

    void texts(Iterable<String> all) {
      int count = 0;
      for (String unused : all) {
        count++;
      }
      number(count);
      for (String text : all) {
        text(text);
      }
    }

    void place(Position at) {
      int difference = at.line() - line;
      line = at.line();
      number((difference << 1 ^ difference >> 31) & 0xffffffffL);
      number(at.column());
      number(at.width());
    }

    void nodes(List<YamlNode> nodes) {
      number(nodes.size());
      for (YamlNode node : nodes) {
        node(node);
      }
    }

    private void node(YamlNode node) {
      if (node instanceof YamlNode.Scalar value) {
        value(value);
      } else if (node instanceof YamlNode.Items list) {
        octet(4);
        place(list.at());
        nodes(list.items());
      } else if (node instanceof YamlNode.Fields mapping) {
        octet(5);
        place(mapping.at());
        number(mapping.fields().size());
        for (YamlNode.Field field : mapping.fields()) {
          value(field.key());
          node(field.value());
        }
      }
    }

    private void value(YamlNode.Scalar value) {
      octet((value.inPlace() ? 1 : 0) | (value.quoted() ? 2 : 0));
      place(value.at());
      text(value.text());
    }
  }
}
