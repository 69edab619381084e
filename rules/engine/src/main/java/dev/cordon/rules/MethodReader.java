package dev.cordon.rules;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the method of a call, and every method that it asks the server to take it for. */
final class MethodReader {
  private static final String[] HEADERS = {
    "X-HTTP-Method-Override",
    "X-HTTP-Method",
    "X-Method-Override",
    "X-Original-Method",
    "X-Method",
    "X-HTTP-Verb-Override",
    "Method-Override",
    "HTTP-Method-Override",
    "X-Verb-Override"
  };

  /**
   * Frameworks and gateways have these, and they may be something else: count where a method is
   * named.
   */
  private static final String[] HEADERS_OR_OTHERS = {
    "X-Verb",
    "X-HTTP-Verb",
    "HTTP-Verb",
    "HTTP-Method",
    "X-Real-Method",
    "X-Forwarded-Method",
    "X-Request-Method",
    "X-Requested-Method",
    "X-Rewrite-Method",
    "X-Override-Method",
    "Override-Method",
    "Original-Method",
    "Request-Method",
    "-method", // _method, as it is read
    "X--method"
  };

  // servers that honour them serve another path than the one decided here
  private static final String[] PATH_HEADERS = {
    "X-Original-URL",
    "X-Rewrite-URL",
    "X-Override-URL",
    "X-Original-URI",
    "X-Rewrite-URI",
    "X-Forwarded-URI",
    "X-Forwarded-Path"
  };

  private static final String[] PARAMETERS = {
    "_HttpMethod",
    "_method",
    "X-HTTP-Method-Override",
    "X-HTTP-Method",
    "X-Method-Override",
    "$httpMethod",
    "httpMethod",
    "http_method",
    "method_override",
    "_http_method",
    "__method"
  };

  /** Also a field like any other: counts where it names a method. */
  private static final String PARAMETER_OR_FIELD = "method";

  private final CallFacts facts;
  private final Target target;
  private final BodyFormat format;
  private final List<String> packParameters;

  /**
   * @param packParameters by which the vendors of the call's packs take a call for another
   */
  MethodReader(CallFacts facts, Target target, BodyFormat format, List<String> packParameters) {
    this.facts = facts;
    this.target = target;
    this.format = format;
    this.packParameters = packParameters;
  }

  /**
   * As bits of {@link Methods}. What answers GET answers HEAD on most servers, and does all that it
   * does: the answer alone is not sent. So HEAD is GET, too.
   */
  int read() {
    int mask = asked();
    return (mask & Methods.HEAD) == 0 ? mask : mask | Methods.GET;
  }

  private int asked() {
    int mask = Methods.bit(facts.method()) | inHeaders();
    if (target.queryEnd > target.queryStart) {
      mask |= inPairs(FormReader.query(facts.url(), target).andSemicolons());
    }
    if ((mask & Methods.POST) == 0) {
      return mask;
    }
    return mask
        | switch (format) {
          case FORM -> inPairs(FormReader.body(facts.body()).andSemicolons());
          case JSON -> !packParameters.isEmpty() || mayOverride(facts.body()) ? inJson() : 0;
          case MULTIPART -> inParts();
          case NONE, XML, GRAPHQL, OTHER -> 0;
        };
  }

  private int inHeaders() {
    int mask = 0;
    List<String> headers = facts.headers();
    for (int i = 0; i + 1 < headers.size(); i += 2) {
      if (!mayTellAMethod(headers.get(i))) {
        continue;
      }
      String name = asServersRead(headers.get(i));
      for (String known : HEADERS) {
        if (Fold.same(known, name)) {
          mask |= Methods.bit(headers.get(i + 1).strip());
        }
      }
      for (String known : HEADERS_OR_OTHERS) {
        if (Fold.same(known, name)) {
          mask |= methodOrField(headers.get(i + 1));
        }
      }
      for (String known : PATH_HEADERS) {
        if (Fold.same(known, name)) {
          mask |= Methods.OTHER;
        }
      }
    }
    return mask;
  }

  /** By its first letter; most headers of most calls begin with another one. */
  private static boolean mayTellAMethod(String header) {
    for (int i = 0; i < header.length(); i++) {
      if (header.charAt(i) > ' ') {
        return "xmhor_-".indexOf(Fold.lower(header.charAt(i))) >= 0;
      }
    }
    return false;
  }

  /** Gateways to CGI, WSGI and PHP take an underscore for a hyphen, and blanks away. */
  private static String asServersRead(String headerName) {
    return headerName.indexOf('_') < 0 && headerName.indexOf(' ') < 0
        ? headerName
        : headerName.strip().replace('_', '-');
  }

  private int inPairs(FormReader pairs) {
    int mask = 0;
    while (pairs.next()) {
      if (isOverride(pairs)) {
        mask |= method(pairs.value());
      } else if (pairs.keyIs(PARAMETER_OR_FIELD)) {
        mask |= methodOrField(pairs.value());
      }
    }
    return mask;
  }

  private boolean isOverride(FormReader pairs) {
    for (String name : PARAMETERS) {
      if (pairs.keyIs(name)) {
        return true;
      }
    }
    for (int i = 0; i < packParameters.size(); i++) {
      if (pairs.keyIs(packParameters.get(i))) {
        return true;
      }
    }
    String key = pairs.isOddKey() ? pairs.key() : null;
    return key != null && isOverride(FormReader.asPhp(key));
  }

  private boolean isOverride(String key) {
    String loosely = Fold.loosely(key);
    for (String name : PARAMETERS) {
      if (Fold.same(name, loosely)) {
        return true;
      }
    }
    for (int i = 0; i < packParameters.size(); i++) {
      if (Fold.same(packParameters.get(i), loosely)) {
        return true;
      }
    }
    return false;
  }

  private static int method(@Nullable String value) {
    return value == null ? Methods.OTHER : Methods.bit(value.strip());
  }

  /** Refund methods, payment methods: no method of HTTP, no override. */
  private static int methodOrField(@Nullable String value) {
    int method = method(value);
    return method == Methods.OTHER && value != null ? 0 : method;
  }

  // ---- bodies

  /** Some frameworks look for it in JSON, too. Few bodies have the word: others are not parsed. */
  static boolean mayOverride(byte[] body) {
    if (body.length > 1 && (isWide(body[0]) || body[1] == 0)) {
      return true; // UTF-16 or UTF-32: there are servers that see it by its first bytes
    }
    for (int i = 0; i + 5 < body.length; i++) {
      int c = body[i];
      if (c == '\\' && body[i + 1] == 'u' && body[i + 2] == '0' && body[i + 3] == '0') {
        if (body[i + 4] >= '2' && body[i + 4] <= '7' && body[i + 4] != '3') {
          return true; // an escaped letter, _ or $
        }
      } else if ((c | 0x20) == 'm'
          && (body[i + 1] | 0x20) == 'e'
          && (body[i + 2] | 0x20) == 't'
          && (body[i + 3] | 0x20) == 'h') {
        return true;
      }
    }
    return false;
  }

  private static boolean isWide(byte first) {
    return first == 0 || first == (byte) 0xfe || first == (byte) 0xff;
  }

  private int inJson() {
    int mask = 0;
    try (JsonParser parser = FieldValues.JSON.createParser(facts.body())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return 0;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean overrides = isOverride(parser.currentName());
        JsonToken token = parser.nextToken();
        if (overrides) {
          mask |= token == JsonToken.VALUE_STRING ? method(parser.getText()) : Methods.OTHER;
        }
        parser.skipChildren();
      }
      return mask;
    } catch (IOException | RuntimeException e) {
      return mask | Methods.OTHER; // what comes behind the fault cannot be told
    }
  }

  private int inParts() {
    int mask = 0;
    try {
      MultipartReader parts = MultipartReader.of(facts);
      while (parts.next()) {
        if (isOverride(parts.name()) || isOverride(FormReader.asPhp(parts.name()))) {
          mask |= method(parts.text());
        } else if (Fold.same(PARAMETER_OR_FIELD, parts.name())) {
          mask |= methodOrField(parts.text());
        }
      }
      return mask;
    } catch (JsonKeys.Unclear e) {
      return mask | Methods.OTHER;
    }
  }
}
