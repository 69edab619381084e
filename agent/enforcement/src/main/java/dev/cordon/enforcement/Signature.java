package dev.cordon.enforcement;

import dev.cordon.bootstrap.Header;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Recognises requests whose headers, query or form vouch for the bytes of the request: changing
 * them at the transport would send a call that the vendor rejects, or worse, a signature that no
 * longer covers what it says. Where it is not certain it says yes: then the call is refused, not
 * broken.
 *
 * <p>Known: AWS Signature V4 and those made like it (header and query form), OAuth 1.0, Hawk, HTTP
 * Message Signatures (RFC 9421), Digest fields (RFC 9530, RFC 3230), Content-MD5 and other
 * checksums of the body, the headers that vendors name {@code X-...-Signature}, {@code ...-Sign},
 * {@code X-...-Hmac...}, and parameters {@code signature}, {@code sign}, {@code hmac} ... with a
 * value that looks like one. Not known: a signature in a JSON body.
 */
final class Signature {

  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String[] PARAMETERS = {"sig", "api_sig", "sign", "hmac", "mac"};
  private static final int LEAST_CHARS = 20; // 16 bytes in base64 without padding have 22

  private Signature() {}

  /**
   * True when a header, the query or the form is a signature or a digest of the request.
   *
   * @param body of any type; decoded
   */
  static boolean covers(List<Header> headers, String url, byte[] body) {
    boolean form = false;
    for (int i = 0; i < headers.size(); i++) {
      if (isSignature(headers.get(i))) {
        return true;
      }
      form |= isForm(headers.get(i));
    }
    int query = url.indexOf('?');
    if (query >= 0 && hasSignature(url, query + 1)) {
      return true;
    }
    return form && hasSignature(new String(body, StandardCharsets.ISO_8859_1), 0);
  }

  private static boolean isForm(Header header) {
    return header.name().equalsIgnoreCase("Content-Type")
        && header.value().strip().regionMatches(true, 0, FORM, 0, FORM.length());
  }

  private static boolean isSignature(Header header) {
    String name = header.name().toLowerCase(Locale.ROOT);
    return switch (name) {
      case "signature",
          "signature-input",
          "digest",
          "content-digest",
          "repr-digest",
          "content-md5",
          "x-amz-trailer" ->
          true;
      case "authorization" -> signs(header.value().strip().toLowerCase(Locale.ROOT));
      case "x-amz-content-sha256" -> !header.value().startsWith("UNSIGNED");
      case "sign" -> looksLikeOne(header.value());
      default ->
          name.endsWith("signature")
              || name.contains("-signature-")
              || name.contains("hmac")
              || name.contains("-jws")
              || name.endsWith("-digest")
              || isChecksum(name)
              || ((name.endsWith("-sign") || name.endsWith("-mac"))
                  && looksLikeOne(header.value()));
    };
  }

  /** What is computed from the body, as {@code x-amz-checksum-crc32} and {@code x-body-hash}. */
  private static boolean isChecksum(String name) {
    boolean ofBody =
        name.contains("content-")
            || name.contains("body-")
            || name.contains("payload-")
            || name.contains("request-")
            || name.contains("-checksum-")
            || name.startsWith("x-goog-");
    return ofBody
        && (name.endsWith("hash")
            || name.endsWith("md5")
            || name.contains("sha1")
            || name.contains("sha256")
            || name.contains("sha384")
            || name.contains("sha512")
            || name.contains("sha-1")
            || name.contains("sha-256")
            || name.contains("sha-512")
            || name.contains("crc32")
            || name.contains("crc64"));
  }

  private static boolean signs(String authorization) {
    int blank = authorization.indexOf(' ');
    String scheme = blank < 0 ? authorization : authorization.substring(0, blank);
    return switch (scheme) {
      case "aws", "signature", "hawk", "mac", "sharedkey", "sharedkeylite", "oss", "cos" -> true;
      case "oauth" -> authorization.contains("oauth_signature"); // else it is a token
      case "digest" -> authorization.contains("auth-int");
      default ->
          scheme.startsWith("aws4-")
              || scheme.startsWith("goog4-")
              || scheme.contains("hmac")
              || scheme.contains("-rsa-sha");
    };
  }

  /** Whether a parameter that is named like a signature has a value that looks like one. */
  private static boolean hasSignature(String parameters, int from) {
    int start = from;
    while (start < parameters.length()) {
      int end = parameters.indexOf('&', start);
      end = end < 0 ? parameters.length() : end;
      int equals = parameters.indexOf('=', start);
      if (equals >= start
          && equals < end
          && isNamedLikeOne(parameters, start, equals)
          && looksLikeOne(parameters, equals + 1, end)) {
        return true;
      }
      start = end + 1;
    }
    return false;
  }

  private static boolean isNamedLikeOne(String text, int from, int to) {
    if (ends(text, from, to, "signature")) { // X-Amz-Signature, oauth_signature
      return true;
    }
    for (String name : PARAMETERS) {
      if (name.length() == to - from && ends(text, from, to, name)) {
        return true;
      }
    }
    return false;
  }

  private static boolean ends(String text, int from, int to, String with) {
    int at = to - with.length();
    return at >= from && text.regionMatches(true, at, with, 0, with.length());
  }

  private static boolean looksLikeOne(String value) {
    return looksLikeOne(value.replace('+', '-'), 0, value.length());
  }

  /** Hexadecimal or base64, perhaps escaped; no words, between which there is {@code +}. */
  private static boolean looksLikeOne(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c == '%' && text.startsWith("%20", i)) {
        return false;
      }
      boolean one =
          (c >= '0' && c <= '9')
              || (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || "/=_-%.:,".indexOf(c) >= 0;
      if (!one) {
        return false;
      }
    }
    return to - from >= LEAST_CHARS;
  }
}
