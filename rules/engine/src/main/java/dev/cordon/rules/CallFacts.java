package dev.cordon.rules;

import java.util.List;
import java.util.Objects;

/**
 * One outgoing call as the decision point sees it. Nothing is copied: the caller does not change
 * the list or the array while a decision is made.
 *
 * @param method as it will be sent
 * @param url absolute, path and query as they go on the wire
 * @param headers name, value, name, value ...
 * @param bodyState whether {@code body} is the body
 * @param body content-decoded; empty unless {@code bodyState} is READ
 * @param caller who makes the call
 */
public record CallFacts(
    String method,
    String url,
    List<String> headers,
    BodyState bodyState,
    byte[] body,
    Caller caller) {

  private static final byte[] NO_BODY = {};

  public CallFacts {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(url, "url");
    Objects.requireNonNull(headers, "headers");
    Objects.requireNonNull(bodyState, "bodyState");
    Objects.requireNonNull(body, "body");
    Objects.requireNonNull(caller, "caller");
  }

  /** A call of an unknown caller. */
  public CallFacts(
      String method, String url, List<String> headers, BodyState bodyState, byte[] body) {
    this(method, url, headers, bodyState, body, Caller.UNKNOWN);
  }

  /** A call without a body. */
  public static CallFacts of(String method, String url) {
    return new CallFacts(method, url, List.of(), BodyState.NONE, NO_BODY);
  }

  /** Says how much there is, never what. */
  @Override
  public String toString() {
    return "CallFacts[" + method + ", " + bodyState + ", " + body.length + " bytes]";
  }
}
