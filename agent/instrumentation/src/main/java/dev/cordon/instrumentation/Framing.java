package dev.cordon.instrumentation;

import dev.cordon.bootstrap.Header;
import java.util.List;

/** Whether a server and a client can disagree about where a request ends. */
public final class Framing {
  /** The length of a body that is sent in chunks. */
  public static final long CHUNKED = -1;

  private Framing() {}

  /**
   * True when a header of the application, sent as it is, contradicts the body: a server would read
   * a second request, which nobody decided, out of the rest.
   *
   * @param bodyBytes 0 without a body, {@link #CHUNKED} where the client sets Transfer-Encoding
   */
  public static boolean contradicts(List<Header> headers, long bodyBytes) {
    for (int i = 0; i < headers.size(); i++) {
      Header header = headers.get(i);
      if (header.name().equalsIgnoreCase("Content-Length")) {
        if (bodyBytes == CHUNKED || !header.value().trim().equals(Long.toString(bodyBytes))) {
          return true;
        }
      } else if (header.name().equalsIgnoreCase("Transfer-Encoding")
          && (bodyBytes != CHUNKED || !header.value().trim().equalsIgnoreCase("chunked"))) {
        return true;
      }
    }
    return false;
  }
}
