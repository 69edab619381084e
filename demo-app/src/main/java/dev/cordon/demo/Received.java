package dev.cordon.demo;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A request as a stand-in vendor received it.
 *
 * @param body exactly what came, as UTF-8 text
 * @param status what the stand-in answered
 */
record Received(Vendor vendor, String method, String path, String body, int status) {

  /** Whom the stand-in plays. */
  enum Vendor {
    STRIPE,
    SLACK,
    ZENDESK,
    MODEL
  }

  boolean is(Vendor vendor, String method, String path) {
    return this.vendor == vendor && this.method.equals(method) && this.path.equals(path);
  }

  /** The fields of a form body, decoded. */
  Map<String, String> form() {
    return form(body);
  }

  static Map<String, String> form(String body) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String pair : body.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        fields.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
      }
    }
    return fields;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
