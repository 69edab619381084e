package dev.cordon.rules;

import java.util.List;

/** How the server will read a body, as far as that is certain. */
enum BodyFormat {
  NONE,
  JSON,
  FORM,
  MULTIPART,
  XML,
  /** A GraphQL document alone. */
  GRAPHQL,
  /** Another format, or one that servers may disagree on. */
  OTHER;

  static BodyFormat of(CallFacts facts) {
    switch (facts.bodyState()) {
      case NONE -> {
        return NONE;
      }
      case TOO_LARGE, UNREADABLE -> {
        return OTHER;
      }
      case READ -> {}
    }
    byte[] body = facts.body();
    if (body.length == 0) {
      return NONE;
    }
    String type = "";
    List<String> headers = facts.headers();
    boolean found = false;
    for (int i = 0; i + 1 < headers.size(); i += 2) {
      if (Fold.same("content-type", headers.get(i))) {
        if (found) {
          return OTHER; // twice: servers differ in which one they take
        }
        found = true;
        type = headers.get(i + 1);
      }
    }
    return of(type, body);
  }

  private static BodyFormat of(String type, byte[] body) {
    int end = type.indexOf(';');
    if (end >= 0 && !isUtf8(type, end)) {
      return OTHER;
    }
    end = end < 0 ? type.length() : end;
    int start = 0;
    while (start < end && type.charAt(start) <= ' ') {
      start++;
    }
    while (end > start && type.charAt(end - 1) <= ' ') {
      end--;
    }
    boolean looksLikeJson = looksLikeJson(body);
    if (end - start >= 4 && Fold.same("json", type, end - 4, end)) {
      return JSON;
    }
    if (Fold.same("application/x-www-form-urlencoded", type, start, end)) {
      return looksLikeJson ? OTHER : FORM; // some servers look at the body, not at the header
    }
    if (Fold.same("text/xml", type, start, end)
        || Fold.same("application/xml", type, start, end)
        || (end - start >= 4 && Fold.same("+xml", type, end - 4, end))) {
      return looksLikeJson ? OTHER : XML;
    }
    if (Fold.same("multipart/form-data", type, start, end)) {
      return MULTIPART;
    }
    if (Fold.same("application/graphql", type, start, end)) {
      return GRAPHQL;
    }
    boolean untyped =
        start == end
            || Fold.same("text/plain", type, start, end)
            || Fold.same("application/octet-stream", type, start, end)
            || Fold.same("*/*", type, start, end);
    return untyped && looksLikeJson ? JSON : OTHER;
  }

  /** True when the parameters after a media type name no charset but UTF-8, however often. */
  private static boolean isUtf8(String type, int parameters) {
    String rest = Fold.lower(type.substring(parameters)).replace("\"", "").replace(" ", "");
    int charset = rest.indexOf("charset=");
    while (charset >= 0) {
      int start = charset + "charset=".length();
      int end = rest.indexOf(';', start);
      String name = end < 0 ? rest.substring(start) : rest.substring(start, end);
      if (!name.equals("utf-8") && !name.equals("utf8") && !name.equals("us-ascii")) {
        return false;
      }
      charset = rest.indexOf("charset=", start);
    }
    return true;
  }

  private static boolean looksLikeJson(byte[] body) {
    for (byte b : body) {
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return b == '{' || b == '[';
      }
    }
    return false;
  }
}
