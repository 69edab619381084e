package dev.cordon.bootstrap;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What the caller gets instead of the vendor's response.
 *
 * @param decisionId the id under which the journal holds the decision
 * @param status the HTTP status, 403 unless a pack says otherwise
 * @param statusText the reason phrase
 * @param headers all response headers, Content-Type and Cordon-Decision among them; Content-Length
 *     not
 * @param body never empty
 * @param exception true when the rule file asks for an exception instead of a response
 * @param message one line for an exception: the rule, the reason, the way out; never the payload
 */
public record Refusal(
    String decisionId,
    int status,
    String statusText,
    List<Header> headers,
    byte[] body,
    boolean exception,
    String message) {

  /** The refusal in the form of an IOException, for callers that cannot be given a response. */
  public CallDenied toException() {
    return new CallDenied(message, decisionId);
  }

  /** The first value of a header, or {@code fallback}. */
  public String header(String name, String fallback) {
    for (Header header : headers) {
      if (header.name().equalsIgnoreCase(name)) {
        return header.value();
      }
    }
    return fallback;
  }

  @Override
  public String toString() {
    return "Refusal[" + decisionId + ", " + status + ", " + message + "]";
  }

  /** The body as text, for clients that want a String. */
  public String bodyText() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
