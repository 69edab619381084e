package dev.cordon.rules;

import java.io.StringReader;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * What must hold for any input, whatever it is. {@link FuzzTest} runs each target on its seeds and
 * on changed seeds; Jazzer runs one of them by {@link #fuzzerTestOneInput}, see
 * docs/rule-language.md.
 */
public final class FuzzTargets {
  private FuzzTargets() {}

  /** A target by the name of the folder of its seeds. */
  enum Target {
    URL {
      @Override
      void run(byte[] data) {
        url(text(data));
      }
    },
    HOST {
      @Override
      void run(byte[] data) {
        url("https://" + text(data) + "/x");
      }
    },
    JSON {
      @Override
      void run(byte[] data) throws Exception {
        decide("application/json", "https://api.example.com/x", data);
      }
    },
    FORM {
      @Override
      void run(byte[] data) throws Exception {
        form(data);
        decide("application/x-www-form-urlencoded", "https://api.example.com/x", data);
      }
    },
    MULTIPART {
      @Override
      void run(byte[] data) throws Exception {
        decide("multipart/form-data; boundary=XX", "https://api.example.com/x", data);
      }
    },
    XML {
      @Override
      void run(byte[] data) throws Exception {
        xml(data);
        decide("application/xml", "https://api.example.com/x", data);
      }
    },
    SOAP {
      @Override
      void run(byte[] data) throws Exception {
        decide("text/xml", "https://soap.example.com/x", data);
      }
    },
    RPC {
      @Override
      void run(byte[] data) throws Exception {
        decide("application/json", "https://mcp.example.com/x", data);
      }
    },
    GRAPHQL {
      @Override
      void run(byte[] data) throws Exception {
        GraphQlAgainstReferenceTest.compare(text(data), text(data));
        decide("application/graphql", "https://shop.example.com/graphql", data);
        decide("application/json", "https://shop.example.com/graphql", data);
      }
    },
    YAML {
      @Override
      void run(byte[] data) throws Exception {
        yaml(data);
      }
    };

    abstract void run(byte[] data) throws Exception;
  }

  /** For Jazzer; the target is named by {@code -Dcordon.fuzz=XML}. */
  public static void fuzzerTestOneInput(byte[] data) throws Exception {
    Target.valueOf(System.getProperty("cordon.fuzz", "URL")).run(data);
  }

  private static String text(byte[] data) {
    return new String(data, StandardCharsets.UTF_8);
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  // ---- URL

  private static void url(String url) {
    dev.cordon.rules.Target read = dev.cordon.rules.Target.parse(url);
    if (read.hostMalformed) {
      check(read.host.isEmpty() && read.ip == null, "a malformed host is no host");
    } else if (read.ip == null) {
      check(
          read.host.equals(dev.cordon.rules.Target.canonicalName(read.host)),
          "the one spelling of a host is its own");
      check(!read.host.endsWith(".") && !read.host.isEmpty(), "a host");
    }
    check(read.hostMalformed || (read.port >= 0 && read.port <= 0xffff), "a port");
    StringBuilder again = new StringBuilder("https://api.example.com");
    for (int i = 0; i < read.segments; i++) {
      String segment = read.path.substring(read.starts[i], read.ends[i]);
      check(!segment.isEmpty() && !segment.equals(".") && !segment.equals(".."), "dot-free");
      check(segment.indexOf('/') < 0, "one segment");
      again.append('/').append(encoded(segment));
    }
    if (!read.pathMalformed) {
      dev.cordon.rules.Target second = dev.cordon.rules.Target.parse(again.toString());
      check(!second.pathMalformed, "what one reading has, its encoded form has: " + again);
      check(second.segments == read.segments, "as many segments");
      for (int i = 0; i < read.segments; i++) {
        check(
            second
                .path
                .substring(second.starts[i], second.ends[i])
                .equals(read.path.substring(read.starts[i], read.ends[i])),
            "the same segments");
      }
    }
  }

  private static String encoded(String segment) {
    StringBuilder out = new StringBuilder();
    for (byte b : segment.getBytes(StandardCharsets.UTF_8)) {
      out.append(String.format(Locale.ROOT, "%%%02X", b & 0xff));
    }
    return out.toString();
  }

  // ---- bodies

  private static void form(byte[] data) {
    FormReader pairs = FormReader.body(data);
    while (pairs.next()) {
      String key = pairs.key();
      String value = pairs.value();
      if (key != null) {
        check(
            !key.contains("\ufffd") || text(data).contains("\ufffd") || text(data).contains("%"),
            key);
      }
      if (value != null && value.indexOf('+') < 0 && value.indexOf('%') < 0) {
        check(value.equals(URLDecoder.decode(value, StandardCharsets.UTF_8)), "decoded once");
      }
    }
  }

  /** What our reader takes, the JDK's parser takes for the same elements and texts. */
  private static void xml(byte[] data) throws XMLStreamException {
    List<String> ours = new ArrayList<>();
    try {
      XmlReader xml = XmlReader.of(data);
      for (int event = xml.next(); event != XmlReader.DONE; event = xml.next()) {
        switch (event) {
          case XmlReader.START -> {
            StringBuilder start = new StringBuilder("<" + xml.name());
            for (int i = 0; i < xml.attributes(); i++) {
              if (!xml.isDeclaration(i)) {
                start.append(' ').append(xml.attributeName(i)).append('=');
                start.append(xml.attributeValue(i));
              }
            }
            ours.add(start.toString());
          }
          case XmlReader.END -> ours.add(">" + xml.name());
          default -> add(ours, xml.text());
        }
      }
    } catch (JsonKeys.Unclear e) {
      return; // unknown
    }
    List<String> theirs = new ArrayList<>();
    XMLInputFactory factory = XMLInputFactory.newFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    XMLStreamReader xml = factory.createXMLStreamReader(new StringReader(withoutMark(text(data))));
    while (xml.hasNext()) {
      switch (xml.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          StringBuilder start = new StringBuilder("<" + xml.getLocalName());
          for (int i = 0; i < xml.getAttributeCount(); i++) {
            start.append(' ').append(xml.getAttributeLocalName(i)).append('=');
            start.append(xml.getAttributeValue(i));
          }
          theirs.add(start.toString());
        }
        case XMLStreamConstants.END_ELEMENT -> theirs.add(">" + xml.getLocalName());
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> add(theirs, xml.getText());
        default -> {}
      }
    }
    check(ours.equals(theirs), ours + "\n" + theirs);
  }

  private static String withoutMark(String text) {
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }

  private static void add(List<String> events, String text) {
    if (text.isEmpty()) {
      return;
    }
    int last = events.size() - 1;
    if (last >= 0 && events.get(last).startsWith("=")) {
      events.set(last, events.get(last) + text);
    } else {
      events.add("=" + text);
    }
  }

  // ---- decisions

  private static final class Rules {
    static final RuleSet ALL = load();

    private static RuleSet load() {
      try {
        Path file = Files.createTempFile("fuzz", ".yaml");
        Files.write(
            file,
            List.of(
                "version: 1",
                "name: fuzz",
                "owner: t@example.com",
                "destinations:",
                "  api: { hosts: [api.example.com] }",
                "  shop: { hosts: [shop.example.com], protocol: graphql }",
                "  mcp: { hosts: [mcp.example.com], protocol: json-rpc }",
                "  soap: { hosts: [soap.example.com], protocol: soap }",
                "classify: { read: [shop graphql query *, mcp rpc tools/call find_*, soap soap query] }",
                "rules:",
                "  - { id: a, to: api, call: POST /x, when: ['a.b[].c = 1', '**.t exists', amount > 5], then: allow }",
                "  - { id: b, to: api, call: POST /x, fields: { root: a, allow: [b.c, t] }, then: allow }",
                "  - { id: c, to: shop, call: graphql mutation *, when: ['arguments.**.a = 1', variables.input.a exists], then: allow }",
                "  - { id: d, to: mcp, call: rpc tools/call *, when: ['params.arguments.a[].b.length > 3'], then: allow }",
                "  - { id: e, to: soap, call: soap *, when: ['Envelope.Body.**.a[].@b = x', 'Envelope.Body.create.a = 1'], then: allow }"));
        RuleSet rules = RuleSet.load(file);
        Files.delete(file);
        return rules;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static void decide(String type, String url, byte[] body) {
    CallFacts facts =
        new CallFacts("POST", url, List.of("Content-Type", type), BodyState.READ, body);
    Decision decision = Rules.ALL.decide(facts);
    check(decision.reason() != Reason.ENGINE_ERROR, "an engine error");
    check(decision.fieldNames().size() <= 16, "16 names");
    Explanation explanation = Rules.ALL.explain(facts); // tells the fault itself
    check(explanation.decision().effect() == decision.effect(), "the same decision");
  }

  // ---- rule files

  private static void yaml(byte[] data) throws Exception {
    Path file = Files.createTempFile("fuzz", ".yaml");
    try {
      Files.write(file, data);
      for (Problem problem : RuleSet.check(file)) {
        check(!problem.toString().isEmpty(), "a problem says what it is");
      }
    } finally {
      Files.delete(file);
    }
  }
}
