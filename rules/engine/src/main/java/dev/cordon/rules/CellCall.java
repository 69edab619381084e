package dev.cordon.rules;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes the body of a call with the fields of a cell, to show it to people. */
final class CellCall {
  /** There is no such call, or none that this class can write. */
  static final class Unbuildable extends Exception {
    private static final long serialVersionUID = 1L;

    Unbuildable(String why) {
      super(why, null, false, false);
    }
  }

  /** A key that stands there twice. */
  private record Twice() {}

  private static final Object NULL = new Object();
  private static final int MAX_CHARS = 100_000;
  private static final Map<String, String> SAMPLES =
      Map.of(
          "email", "bob@example.com",
          "pan", "4111111111111111",
          "phone", "+49 30 90182001",
          "iban", "DE89370400440532013000",
          "ip", "8.8.8.8",
          "ssn", "536-22-1234");

  private final Map<String, Object> root = new LinkedHashMap<>();
  private final List<String> pairs = new ArrayList<>();
  private final Map<String, FieldCells> places;

  /**
   * @param places what is asked of the places, to find texts
   */
  CellCall(Map<String, FieldCells> places) {
    this.places = places;
  }

  /** The fields of a JSON body that is there already. */
  void putAll(Map<String, Object> fields) {
    root.putAll(fields);
  }

  void put(String path, FieldCells.Field field, boolean json) throws Unbuildable {
    if (field.values().isEmpty() && field.flags() == 0) {
      return;
    }
    if (json) {
      putJson(path, field);
    } else {
      putForm(path, field);
    }
  }

  // ---- JSON

  private void putJson(String path, FieldCells.Field field) throws Unbuildable {
    List<Object> values = new ArrayList<>();
    for (FieldCells.Value value : field.values()) {
      values.add(value(path, value));
    }
    if ((field.flags() & FieldValues.OTHER_SOURCE) != 0) {
      values.clear();
      values.add(new Twice());
    }
    List<String> names = new ArrayList<>(List.of(path.split("\\.", -1)));
    if (names.contains("**")) {
      if (values.size() > 1 || names.indexOf("**") != names.lastIndexOf("**")) {
        throw new Unbuildable("several values anywhere");
      }
      names.remove("**");
    }
    boolean twice = (field.flags() & FieldValues.OTHER_SOURCE) != 0;
    put(root, names, 0, values, twice ? 0 : field.flags());
  }

  @SuppressWarnings("unchecked")
  private void put(
      Map<String, Object> into, List<String> names, int at, List<Object> values, int flags)
      throws Unbuildable {
    String name = names.get(at);
    int arrays = 0;
    while (name.endsWith("[]")) {
      name = name.substring(0, name.length() - 2);
      arrays++;
    }
    boolean last = at == names.size() - 1;
    if (arrays == 0) {
      if (last) {
        if (values.size() != 1) {
          throw new Unbuildable(values.size() + " values for one field");
        }
        Object known = into.get(name);
        boolean container =
            known instanceof Map && values.get(0) instanceof Map<?, ?> empty && empty.isEmpty();
        if (!container && into.putIfAbsent(name, values.get(0)) != null) {
          throw new Unbuildable("a field within another");
        }
        return;
      }
      Object next = into.computeIfAbsent(name, any -> new LinkedHashMap<String, Object>());
      if (!(next instanceof Map)) {
        throw new Unbuildable("a field within another");
      }
      put((Map<String, Object>) next, names, at + 1, values, flags);
      return;
    }
    if ((flags & FieldValues.WRONG) != 0 && values.isEmpty()) {
      if (into.putIfAbsent(name, "zq") != null) {
        throw new Unbuildable("a field within another");
      }
      return;
    }
    Object known = into.computeIfAbsent(name, any -> new ArrayList<Object>());
    if (!(known instanceof List)) {
      throw new Unbuildable("a field within another");
    }
    List<Object> list = (List<Object>) known;
    for (Object value : values) {
      Object element = value;
      if (!last) {
        Map<String, Object> object = new LinkedHashMap<>();
        put(object, names, at + 1, List.of(value), 0);
        element = object;
      }
      for (int i = 1; i < arrays; i++) {
        element = new ArrayList<>(List.of(element));
      }
      list.add(element);
    }
    if ((flags & FieldValues.MISSING) != 0) {
      if (last) {
        throw new Unbuildable("an element that is missing");
      }
      list.add(new LinkedHashMap<String, Object>());
    } else if ((flags & FieldValues.WRONG) != 0) {
      list.add("zq");
    }
  }

  private Object value(String path, FieldCells.Value value) throws Unbuildable {
    Object object = value.object();
    return switch (value.kind()) {
      case FieldValues.NUMBER -> BigDecimal.valueOf(value.number());
      case FieldValues.TRUE -> true;
      case FieldValues.FALSE -> false;
      case FieldValues.NULL -> NULL;
      case FieldValues.OBJECT -> new LinkedHashMap<String, Object>();
      case FieldValues.ARRAY -> {
        List<Object> list = new ArrayList<>();
        for (long i = 0; i < Math.min(value.number(), MAX_CHARS); i++) {
          list.add(BigDecimal.ZERO);
        }
        yield list;
      }
      default -> object == null ? NULL : text("body " + path, object);
    };
  }

  /** The fields of one of our own JSON objects: objects and texts only. */
  static Map<String, Object> read(String json) throws Unbuildable {
    try (JsonParser parser = FieldValues.JSON.createParser(json)) {
      parser.nextToken();
      return object(parser);
    } catch (IOException e) {
      throw new Unbuildable("no object");
    }
  }

  private static Map<String, Object> object(JsonParser parser) throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      fields.put(
          name,
          token == JsonToken.START_OBJECT
              ? object(parser)
              : token == JsonToken.VALUE_NUMBER_INT ? parser.getDecimalValue() : parser.getText());
    }
    return fields;
  }

  /** A String, a number, or a text of which only some things are supposed. */
  Object text(String place, Object object) throws Unbuildable {
    return object instanceof Supposed supposed ? real(supposed, places.get(place)) : object;
  }

  private static String real(Supposed wanted, @Nullable FieldCells place) throws Unbuildable {
    List<String> tries = new ArrayList<>(List.of("zq", "Zq 7", "9zq", "z_q"));
    tries.addAll(SAMPLES.values());
    if (place != null) {
      for (String source : place.patterns.keySet()) {
        tries.add(new PatternSample(source).text());
      }
    }
    for (String text : new ArrayList<>(tries)) {
      if (place != null && !place.lengths.isEmpty() && text.length() <= wanted.length()) {
        long more = Math.min(wanted.length() - text.length(), MAX_CHARS);
        tries.add(
            text + " ".repeat((int) Math.min(more, 1)) + "z".repeat((int) Math.max(0, more - 1)));
        tries.add(text + "0".repeat((int) more));
        tries.add(text + text.substring(text.length() - 1).repeat((int) more));
      }
    }
    if (wanted.length() == 0) {
      tries.add("");
    }
    if (wanted.length() == 1) {
      tries.addAll(List.of("z", "Z", "_", "?"));
    }
    String near = wanted.near();
    if (near != null && place != null) {
      tries.clear(); // other texts are not near it
      for (String text : place.texts) {
        if (near.equals(Fold.nearly(text))) {
          addNear(text, wanted.length(), tries);
        }
      }
    }
    for (String text : tries) {
      if (place == null || is(text, wanted, place)) {
        return text;
      }
    }
    throw new Unbuildable("no such text was found");
  }

  /** In the other case, and with blanks: within, since header values lose those at their ends. */
  private static void addNear(String text, long length, List<String> tries) {
    List<String> cases =
        List.of(text, text.toUpperCase(Locale.ROOT), text.toLowerCase(Locale.ROOT));
    for (String one : cases) {
      tries.add(one);
      for (long blanks : new long[] {1, length - one.length()}) {
        if (blanks > 0 && blanks <= MAX_CHARS) {
          String some = " ".repeat((int) blanks);
          int middle = one.length() / 2;
          tries.add(one.substring(0, middle) + some + one.substring(middle));
          tries.add(one + some);
        }
      }
    }
  }

  private static boolean is(String text, Supposed wanted, FieldCells place) {
    if (place.texts.contains(text) || Literal.decimal(text) != null) {
      return false;
    }
    String near = Fold.nearly(text);
    boolean isNear = wanted.near() != null;
    if (isNear
        ? !near.equals(wanted.near())
        : place.texts.stream().anyMatch(other -> near.equals(Fold.nearly(other)))) {
      return false;
    }
    if (!place.lengths.isEmpty() && text.codePointCount(0, text.length()) != wanted.length()) {
      return false;
    }
    for (NamedPattern pattern : place.patterns.values()) {
      Boolean matches = pattern.matches(text);
      if (matches == null
          ? wanted.matches(pattern) != null
          : !matches.equals(wanted.matches(pattern))) {
        return false;
      }
    }
    for (Map.Entry<String, Detector> type : place.types.entrySet()) {
      if (type.getValue().isIn(text, type.getKey()) != wanted.has(type.getKey())) {
        return false;
      }
    }
    return true;
  }

  /** Something of the type; null when none is known. */
  static @Nullable String sample(String type) {
    return SAMPLES.get(type);
  }

  String json() {
    StringBuilder out = new StringBuilder();
    write(root, out);
    return out.toString();
  }

  private static void write(Object value, StringBuilder out) {
    if (value instanceof Map<?, ?> map) {
      out.append('{');
      String comma = "";
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        for (int i = entry.getValue() instanceof Twice ? 2 : 1; i > 0; i--) {
          out.append(comma);
          string(String.valueOf(entry.getKey()), out);
          out.append(':');
          write(entry.getValue() instanceof Twice ? BigDecimal.valueOf(i) : entry.getValue(), out);
          comma = ",";
        }
      }
      out.append('}');
    } else if (value instanceof List<?> list) {
      out.append('[');
      String comma = "";
      for (Object element : list) {
        out.append(comma);
        write(element, out);
        comma = ",";
      }
      out.append(']');
    } else if (value instanceof BigDecimal number) {
      out.append(number.toPlainString());
    } else if (value instanceof Boolean) {
      out.append(value);
    } else if (value instanceof String text) {
      string(text, out);
    } else {
      out.append("null");
    }
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

  // ---- forms

  private void putForm(String path, FieldCells.Field field) throws Unbuildable {
    String key = bracketed(path.replace("**.", ""));
    if ((field.flags() & FieldValues.OTHER_SOURCE) != 0) {
      pairs.add(key + "=1");
      pairs.add(key + "=2");
      return;
    }
    if (field.flags() != 0) {
      throw new Unbuildable("arrays of a form have no more than their values");
    }
    for (FieldCells.Value value : field.values()) {
      if (value.kind() == FieldValues.OBJECT) {
        pairs.add(key + "[zq]=1");
      } else if (value.object() != null) {
        pairs.add(key + "=" + encoded(String.valueOf(text("body " + path, value.object()))));
      }
    }
  }

  private static String bracketed(String path) {
    StringBuilder out = new StringBuilder();
    for (String part : path.split("\\.", -1)) {
      String name = part;
      String arrays = "";
      while (name.endsWith("[]")) {
        name = name.substring(0, name.length() - 2);
        arrays += "[]";
      }
      out.append(out.length() == 0 ? encoded(name) : "[" + encoded(name) + "]").append(arrays);
    }
    return out.toString();
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  String form() {
    return String.join("&", pairs);
  }

  void putKeys(List<String> keys, Set<String> held, boolean json) throws Unbuildable {
    for (String key : keys) {
      FieldCells.Field field =
          new FieldCells.Field(List.of(new FieldCells.Value(FieldValues.STRING, 0, "x")), 0);
      put(key, field, json);
    }
    int number = 0;
    for (String type : held) {
      String sample = SAMPLES.get(type);
      if (sample == null) {
        throw new Unbuildable("no example of the type is known");
      }
      FieldCells.Field field =
          new FieldCells.Field(List.of(new FieldCells.Value(FieldValues.STRING, 0, sample)), 0);
      put("zq" + number++, field, json);
    }
  }
}
