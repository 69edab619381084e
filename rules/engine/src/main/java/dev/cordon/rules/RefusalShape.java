package dev.cordon.rules;

import java.util.Objects;

/**
 * How a vendor words a refusal, so that the vendor's own client library understands it.
 *
 * @param template the body with the placeholders {@code {decision} {rule} {reason} {message}}, and
 *     {@code {id}} for the JSON-RPC request that is answered
 * @param requestId JSON
 */
public record RefusalShape(int status, String contentType, String template, String requestId) {

  public RefusalShape {
    // 200 is for JSON-RPC, whose clients look for errors in the body and nowhere else
    if (status != 200 && (status < 400 || status > 599)) {
      throw new IllegalArgumentException("bad refusal status: " + status + "; use 200, 400 to 599");
    }
    Objects.requireNonNull(requestId, "requestId");
    Objects.requireNonNull(contentType, "contentType");
    if (template.isBlank()) {
      // an empty 403 is a NullPointerException in two vendors' libraries
      throw new IllegalArgumentException("a refusal's body must not be empty");
    }
  }

  public RefusalShape(int status, String contentType, String template) {
    this(status, contentType, template, "null");
  }

  /** The shape as the answer to this request. */
  RefusalShape to(String id) {
    return template.indexOf("{id}") < 0
        ? this
        : new RefusalShape(status, contentType, template, id);
  }

  /**
   * The body; values are escaped as the content type wants it, as JSON strings where it names no
   * XML. Unknown placeholders stay as they are.
   */
  public String render(String decision, String rule, String reason, String message) {
    StringBuilder out = new StringBuilder(template.length() + 128);
    boolean xml = contentType.indexOf("xml") >= 0;
    int at = 0;
    while (at < template.length()) {
      char c = template.charAt(at);
      if (c == '{') {
        int end = template.indexOf('}', at);
        String name = end < 0 ? "" : template.substring(at + 1, end);
        switch (name) {
          case "decision" -> escape(decision, xml, out);
          case "rule" -> escape(rule, xml, out);
          case "reason" -> escape(reason, xml, out);
          case "message" -> escape(message, xml, out);
          case "id" -> out.append(requestId);
          default -> end = -1;
        }
        if (end >= 0) {
          at = end + 1;
          continue;
        }
      }
      out.append(c);
      at++;
    }
    return out.toString();
  }

  private static void escape(String text, boolean xml, StringBuilder out) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain = c >= 0x20 && c < 0x7f; // ASCII whatever charset the content type names
      if (xml) {
        escapeXml(text, i, plain, out);
      } else if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (plain) {
        out.append(c);
      } else {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          out.append("0123456789abcdef".charAt(c >> shift & 15));
        }
      }
    }
  }

  private static void escapeXml(String text, int at, boolean plain, StringBuilder out) {
    char c = text.charAt(at);
    if (plain && c != '<' && c != '>' && c != '&' && c != '"' && c != '\'') {
      out.append(c);
    } else if (Character.isHighSurrogate(c)
        && at + 1 < text.length()
        && Character.isLowSurrogate(text.charAt(at + 1))) {
      out.append("&#").append(text.codePointAt(at)).append(';');
    } else if (c >= 0x20 && !Character.isSurrogate(c) && c < 0xfffe) {
      out.append("&#").append((int) c).append(';');
    } else if (!Character.isLowSurrogate(c) || at == 0) {
      out.append(' '); // XML 1.0 cannot say it
    }
  }
}
