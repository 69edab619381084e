package dev.cordon.enforcement;

import dev.cordon.bootstrap.Header;
import java.util.List;
import java.util.Locale;

/**
 * Recognises requests whose headers or query vouch for the bytes of the request: changing them at
 * the transport would send a call that the vendor rejects, or worse, a signature that no longer
 * covers what it says.
 *
 * <p>Known: AWS Signature V4 (header and query form), HTTP Message Signatures (RFC 9421), Digest
 * fields (RFC 9530, RFC 3230), Content-MD5, and the HMAC headers that vendors name {@code
 * X-...-Signature} or {@code X-...-Hmac...}.
 */
final class Signature {

  private Signature() {}

  /** True when a header or the query is a signature or a digest of the request. */
  static boolean covers(List<Header> headers, String url) {
    for (int i = 0; i < headers.size(); i++) {
      if (isSignature(headers.get(i))) {
        return true;
      }
    }
    int query = url.indexOf('?');
    return query >= 0
        && (url.indexOf("X-Amz-Signature=", query) >= 0
            || url.indexOf("X-Goog-Signature=", query) >= 0);
  }

  private static boolean isSignature(Header header) {
    String name = header.name().toLowerCase(Locale.ROOT);
    return switch (name) {
      case "signature",
          "signature-input",
          "digest",
          "content-digest",
          "repr-digest",
          "content-md5" ->
          true;
      case "authorization" -> signs(header.value());
      case "x-amz-content-sha256" -> !header.value().startsWith("UNSIGNED");
      default ->
          (name.endsWith("signature") || name.contains("-signature-") || name.contains("hmac"));
    };
  }

  private static boolean signs(String authorization) {
    return authorization.startsWith("AWS4-")
        || authorization.startsWith("AWS ")
        || authorization.startsWith("Signature ")
        || authorization.regionMatches(true, 0, "hmac", 0, 4)
        || authorization.startsWith("OAuth "); // OAuth 1.0 signs form bodies
  }
}
