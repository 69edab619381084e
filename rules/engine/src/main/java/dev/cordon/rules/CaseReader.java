package dev.cordon.rules;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the cases of a rule file or a pack: calls, and what is to become of them. */
final class CaseReader {
  private static final List<String> EXPECTATIONS =
      List.of("expect", "rule", "reason", "class", "operation", "destination", "money", "redacts");
  private static final String FORM = "write DESTINATION METHOD /path, or METHOD https://host/path";

  private final Problems problems;
  private final String ownDestination;
  private final Function<String, @Nullable String> origins;

  /**
   * @param ownDestination of calls that name none, as in the cases of a pack; mostly empty
   * @param origins {@code https://host} of a destination; null when there is none of that name
   */
  CaseReader(Problems problems, String ownDestination, Function<String, @Nullable String> origins) {
    this.problems = problems;
    this.ownDestination = ownDestination;
    this.origins = origins;
  }

  /**
   * A call, and what is to become of it.
   *
   * @param call as it is written
   * @param now the time of the call; null: the time at which the case is run
   * @param expected by key; at least one
   * @param seen texts that came before the call, by where they came from
   */
  record Case(
      Position at,
      String call,
      CallFacts facts,
      @Nullable Instant now,
      Map<String, String> expected,
      Map<Origins.Source, List<String>> seen) {}

  /** The cases that can be read; problems tell of the others. */
  List<Case> read(List<YamlNode> nodes) {
    List<Case> cases = new ArrayList<>();
    for (YamlNode node : nodes) {
      Case one = read(Section.of("the case", node, problems));
      if (one != null) {
        cases.add(one);
      }
    }
    return cases;
  }

  private @Nullable Case read(Section section) {
    YamlNode.Scalar callNode = section.required("call", FORM);
    List<String> headers = new ArrayList<>();
    Section headerSection = section.section("headers");
    for (YamlNode.Field field : headerSection.takeAll()) {
      headers.add(field.key().text());
      headers.add(plain(field.value()));
    }
    byte[] body = body(section, headers);
    Caller caller =
        new Caller(
            section.text("actor", ""),
            section.text("bot", ""),
            section.text("channel", ""),
            section.text("run", ""));
    Instant now = now(section.scalar("now"));
    Map<Origins.Source, List<String>> seen = seen(section.section("seen"));
    Map<String, String> expected = new LinkedHashMap<>();
    for (String key : EXPECTATIONS) {
      YamlNode.Scalar value = section.scalar(key);
      if (value != null) {
        expected.put(key, value.text());
      }
    }
    check(section, "expect", "allow", "deny", "approve", "escalate", "forbid", "redact");
    check(section, "class", "read", "write", "write-high", "unknown");
    check(section, "redacts", "true", "false");
    section.done();
    if (callNode == null) {
      return null;
    }
    if (expected.isEmpty()) {
      problems.error(
          section.at(), "CRD150", "a case that expects nothing", "add: expect: deny, or rule: ID");
    }
    String[] words = callNode.text().strip().split(" +", -1);
    String url = url(callNode, words);
    if (url == null) {
      return null;
    }
    CallFacts facts =
        new CallFacts(
            words[words.length - 2],
            url,
            headers,
            body.length == 0 ? BodyState.NONE : BodyState.READ,
            body,
            caller);
    return new Case(section.at(), callNode.text(), facts, now, expected, seen);
  }

  private static Map<Origins.Source, List<String>> seen(Section section) {
    Map<Origins.Source, List<String>> seen = new EnumMap<>(Origins.Source.class);
    for (Origins.Source source : Origins.Source.values()) {
      List<String> texts = new ArrayList<>();
      for (YamlNode.Scalar text : section.scalars(source.word())) {
        texts.add(text.text());
      }
      if (!texts.isEmpty()) {
        seen.put(source, texts);
      }
    }
    section.done();
    return seen;
  }

  private static void check(Section section, String key, String... words) {
    section.oneOf(key, words[0], words);
  }

  private @Nullable String url(YamlNode.Scalar node, String[] words) {
    String last = words[words.length - 1];
    boolean absolute = words.length == 2 && last.contains("://");
    boolean path = last.startsWith("/");
    String name = words.length == 3 ? words[0] : ownDestination;
    if (absolute) {
      return last;
    }
    if (!path || words.length < 2 || words.length > 3 || name.isEmpty()) {
      problems.error(node.at(), "CRD150", "'" + node.text() + "' is not the call of a case", FORM);
      return null;
    }
    String origin = origins.apply(name);
    if (origin == null) {
      problems.error(
          node.part(0, name.length()), "CRD124", "unknown destination '" + name + "'", FORM);
      return null;
    }
    return origin + last;
  }

  private @Nullable Instant now(YamlNode.@Nullable Scalar node) {
    if (node == null) {
      return null;
    }
    try {
      return Instant.parse(node.text());
    } catch (DateTimeParseException e) {
      problems.error(
          node.at(), "CRD144", "'" + node.text() + "' is no time", "write YYYY-MM-DDTHH:MM:SSZ");
      return null;
    }
  }

  // ---- bodies

  private byte[] body(Section section, List<String> headers) {
    YamlNode json = section.take("body");
    YamlNode form = section.take("form");
    YamlNode.Scalar raw = section.scalar("raw");
    YamlNode.Scalar type = section.scalar("type");
    int given = (json == null ? 0 : 1) + (form == null ? 0 : 1) + (raw == null ? 0 : 1);
    if (given > 1) {
      problems.error(section.at(), "CRD150", "several bodies", "use one of body, form, raw");
    }
    StringBuilder text = new StringBuilder();
    String usual = "application/json";
    if (json != null) {
      json(json, text);
    } else if (form != null) {
      usual = "application/x-www-form-urlencoded";
      for (YamlNode.Field field : Section.of("form", form, problems).takeAll()) {
        List<YamlNode> values =
            field.value() instanceof YamlNode.Items list ? list.items() : List.of(field.value());
        for (YamlNode value : values) {
          text.append(text.length() == 0 ? "" : "&").append(encoded(field.key().text()));
          text.append('=').append(encoded(plain(value)));
        }
      }
    } else if (raw != null) {
      text.append(raw.text());
    }
    boolean typed = false;
    for (int i = 0; i < headers.size(); i += 2) {
      typed |= Fold.same(headers.get(i), "content-type");
    }
    if (text.length() > 0 && !typed) {
      headers.add("Content-Type");
      headers.add(type == null ? usual : type.text());
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private String plain(YamlNode node) {
    if (node instanceof YamlNode.Scalar scalar) {
      return scalar.text();
    }
    problems.error(node.at(), "CRD113", "this must be a single value, it is " + node.what());
    return "";
  }

  private static void json(YamlNode node, StringBuilder out) {
    if (node instanceof YamlNode.Fields mapping) {
      out.append('{');
      for (YamlNode.Field field : mapping.fields()) {
        string(field.key().text(), out);
        out.append(':');
        json(field.value(), out);
        out.append(',');
      }
      close(out, '}');
    } else if (node instanceof YamlNode.Items list) {
      out.append('[');
      for (YamlNode item : list.items()) {
        json(item, out);
        out.append(',');
      }
      close(out, ']');
    } else if (node instanceof YamlNode.Scalar scalar) {
      if (scalar.quoted() || !isJson(scalar.text())) {
        string(scalar.text(), out);
      } else {
        out.append(scalar.text().isEmpty() ? "null" : scalar.text());
      }
    }
  }

  private static void close(StringBuilder out, char bracket) {
    int last = out.length() - 1;
    if (out.charAt(last) == ',') {
      out.setLength(last);
    }
    out.append(bracket);
  }

  /** A number, a truth value or null, as JSON writes them. */
  private static boolean isJson(String text) {
    return text.isEmpty()
        || text.matches("true|false|null|-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
  }

  private static void string(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20) {
        out.append("\\u00").append(c < 0x10 ? "0" : "").append(Integer.toHexString(c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
