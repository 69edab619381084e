package dev.cordon.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What SARIF 2.1.0 (OASIS standard, sections 3.13 to 3.58) demands of the objects that Cordon
 * writes: which properties they must have, which they may, and of what type. An object has no other
 * properties than those of its table.
 */
final class SarifShape {
  // NAME! is required; string, integer>=N, boolean, uri, a|b for an enumeration, OBJECT, OBJECT[]
  private static final Map<String, Map<String, String>> SHAPES =
      Map.of(
          "log",
          shape("$schema uri", "version! 2.1.0", "runs! run[]"),
          "run",
          shape(
              "tool! tool",
              "invocations invocation[]",
              "columnKind utf16CodeUnits|unicodeCodePoints",
              "results result[]"),
          "tool",
          shape("driver! toolComponent"),
          "toolComponent",
          shape("name! string", "version string", "informationUri uri", "rules descriptor[]"),
          "descriptor",
          shape("id! string", "helpUri uri"),
          "invocation",
          shape("executionSuccessful! boolean", "toolExecutionNotifications notification[]"),
          "notification",
          shape("message! message", "level none|note|warning|error"),
          "message",
          shape("text! string"),
          "result",
          shape(
              "message! message",
              "ruleId string",
              "ruleIndex integer>=-1",
              "level none|note|warning|error",
              "locations location[]",
              "properties bag"),
          "location",
          shape("physicalLocation physicalLocation"));

  private static final Map<String, Map<String, String>> PLACES =
      Map.of(
          "physicalLocation",
          shape("artifactLocation! artifactLocation", "region region"),
          "artifactLocation",
          shape("uri uri"),
          "region",
          shape(
              "startLine integer>=1",
              "startColumn integer>=1",
              "endLine integer>=1",
              "endColumn integer>=1",
              "snippet artifactContent"),
          "artifactContent",
          shape("text string"),
          "bag",
          shape("tags string[]"));

  private SarifShape() {}

  private static Map<String, String> shape(String... properties) {
    Map<String, String> shape = new LinkedHashMap<>();
    for (String property : properties) {
      int space = property.indexOf(' ');
      shape.put(property.substring(0, space), property.substring(space + 1));
    }
    return shape;
  }

  /** Fails where a report is not of the shape; returns its results. */
  static List<Map<String, Object>> check(String report) throws IOException {
    Map<String, Object> log = ReadJson.object(report);
    check("log", log, "log");
    List<Map<String, Object>> results = new ArrayList<>();
    for (Object one : list(log.get("runs"))) {
      Map<String, Object> run = map(one);
      List<?> rules = list(map(map(run.get("tool")).get("driver")).get("rules"));
      assertEquals(rules.size(), new HashSet<>(rules).size(), "rules are unique");
      for (Object result : list(run.get("results"))) {
        results.add(map(result));
        check(map(result), rules);
      }
    }
    return results;
  }

  /**
   * What the standard says in words: an index is that of the rule, a region ends after it begins.
   */
  private static void check(Map<String, Object> result, List<?> rules) {
    int index = (int) number(result, "ruleIndex");
    assertEquals(map(rules.get(index)).get("id"), result.get("ruleId"));
    for (Object location : list(result.get("locations"))) {
      Map<String, Object> region = map(map(map(location).get("physicalLocation")).get("region"));
      if (!region.containsKey("endLine")) {
        assertTrue(number(region, "endColumn") > number(region, "startColumn"), "" + region);
      }
    }
  }

  private static void check(String name, Map<String, Object> object, String at) {
    Map<String, String> known = SHAPES.get(name);
    Map<String, String> shape = known == null ? Objects.requireNonNull(PLACES.get(name)) : known;
    Map<String, String> types = new LinkedHashMap<>();
    shape.forEach(
        (property, type) -> {
          boolean required = property.endsWith("!");
          String plain = required ? property.substring(0, property.length() - 1) : property;
          types.put(plain, type);
          assertTrue(!required || object.containsKey(plain), at + " has no " + plain);
        });
    object.forEach(
        (property, value) -> {
          String type = types.getOrDefault(property, "");
          assertNotEquals("", type, at + "." + property + " is no property of " + name);
          check(type, value, at + "." + property);
        });
  }

  private static void check(String type, Object value, String at) {
    if (type.endsWith("[]")) {
      for (Object item : list(value)) {
        check(type.substring(0, type.length() - 2), item, at + "[]");
      }
    } else if (type.startsWith("integer>=")) {
      assertTrue(value instanceof Long, at + " is no integer");
      assertTrue((Long) value >= Long.parseLong(type.substring(9)), at + " is " + value);
    } else if (type.equals("boolean")) {
      assertTrue(value instanceof Boolean, at + " is no boolean");
    } else if (SHAPES.containsKey(type) || PLACES.containsKey(type)) {
      check(type, map(value), at);
    } else {
      assertTrue(value instanceof String, at + " is no string");
      if (type.equals("uri")) {
        URI.create((String) value);
      } else if (!type.equals("string")) {
        assertTrue(List.of(type.split("\\|")).contains(value), at + " is " + value);
      }
    }
  }

  private static long number(Map<String, Object> object, String property) {
    return (Long) Objects.requireNonNull(object.get(property), property);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(@Nullable Object value) {
    Object object = Objects.requireNonNull(value, "no object");
    assertTrue(object instanceof Map, () -> object + " is no object");
    return (Map<String, Object>) object;
  }

  private static List<?> list(@Nullable Object value) {
    Object array = Objects.requireNonNull(value, "no array");
    assertTrue(array instanceof List, () -> array + " is no array");
    return (List<?>) array;
  }
}
