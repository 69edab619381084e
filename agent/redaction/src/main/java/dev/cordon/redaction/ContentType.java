package dev.cordon.redaction;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A media type with the two parameters that matter. Anything goes in, nothing is thrown. */
record ContentType(String essence, @Nullable String charset, @Nullable String boundary) {
  private static final int MAX_CHARS = 1024;

  private static final String[] BINARY_PREFIXES = {"image/", "audio/", "video/", "font/", "model/"};
  private static final String[] BINARY = {
    "application/octet-stream",
    "application/zip",
    "application/gzip",
    "application/pdf",
    "application/protobuf",
    "application/x-protobuf",
    "application/avro",
    "application/cbor",
    "application/msgpack",
    "application/x-msgpack",
    "application/x-java-serialized-object"
  };

  private static final ContentType JSON = new ContentType("application/json", null, null);

  static ContentType parse(@Nullable String header) {
    if (header != null && header.equals(JSON.essence)) {
      return JSON; // most of what is sent
    }
    if (header == null || header.length() > MAX_CHARS) {
      return new ContentType("", null, null);
    }
    int semicolon = header.indexOf(';');
    String essence =
        (semicolon < 0 ? header : header.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    String charset = parameter(header, semicolon, "charset");
    return new ContentType(
        essence,
        charset == null ? null : charset.toLowerCase(Locale.ROOT),
        parameter(header, semicolon, "boundary"));
  }

  /** The value of a parameter such as {@code name} in {@code form-data; name="a b"}. */
  static @Nullable String parameter(String header, int from, String name) {
    int at = from;
    while (at >= 0 && at < header.length()) {
      int start = at + 1;
      while (start < header.length() && header.charAt(start) <= ' ') {
        start++;
      }
      int next = nextParameter(header, start);
      if (header.regionMatches(true, start, name, 0, name.length())) {
        int equals = start + name.length();
        while (equals < next && header.charAt(equals) <= ' ') {
          equals++;
        }
        if (equals < next && header.charAt(equals) == '=') {
          return unquote(header.substring(equals + 1, next).strip());
        }
      }
      at = next;
    }
    return null;
  }

  private static int nextParameter(String header, int from) {
    boolean quoted = false;
    for (int i = from; i < header.length(); i++) {
      char c = header.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '\\' && quoted) {
        i++;
      } else if (c == ';' && !quoted) {
        return i;
      }
    }
    return header.length();
  }

  private static String unquote(String value) {
    if (value.length() < 2 || value.charAt(0) != '"' || !value.endsWith("\"")) {
      return value;
    }
    return value.substring(1, value.length() - 1).replace("\\\"", "\"");
  }

  boolean isJson() {
    return essence.endsWith("/json")
        || essence.endsWith("+json")
        || essence.endsWith("/x-ndjson")
        || essence.endsWith("/jsonl")
        || essence.endsWith("/json-seq");
  }

  boolean isForm() {
    return essence.equals("application/x-www-form-urlencoded");
  }

  boolean isMultipart() {
    return essence.startsWith("multipart/");
  }

  boolean isXml() {
    return essence.endsWith("/xml") || essence.endsWith("+xml") || essence.equals("text/html");
  }

  boolean isText() {
    return essence.startsWith("text/") || isGraphQl() || isJson();
  }

  boolean isGraphQl() {
    return essence.equals("application/graphql");
  }

  /** What is sent where nobody said what it is. */
  boolean isOctetStream() {
    return essence.equals("application/octet-stream");
  }

  /** An event stream as a browser reads it. */
  boolean isEventStream() {
    return essence.equals("text/event-stream");
  }

  boolean isBinary() {
    for (String prefix : BINARY_PREFIXES) {
      if (essence.startsWith(prefix)) {
        return !isXml();
      }
    }
    for (String binary : BINARY) {
      if (essence.equals(binary)) {
        return true;
      }
    }
    return essence.startsWith("application/grpc") || essence.startsWith("application/vnd.ms-");
  }
}
