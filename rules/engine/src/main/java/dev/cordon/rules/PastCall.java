package dev.cordon.rules;

import java.time.Instant;
import java.util.List;

/**
 * A call as a journal remembers it: see {@link Trail}, of which it is the written form.
 *
 * @param hostPort of the host that was decided for; {@code other} when the journal did not keep it
 * @param method as the journal spells it
 * @param callClass the class it was given then
 * @param reason why it was decided as it was, a code of {@link Reason} or of the agent
 * @param policy first 8 bytes of the digest of the rules that decided
 * @param observed the rules only watched
 * @param money -1: none that could be told
 * @param moneyExact false: {@code money} is the power of two below the amount
 * @param requestBytes -1: not known
 */
public record PastCall(
    Instant time,
    String hostPort,
    String method,
    String route,
    List<String> operations,
    CallClass callClass,
    String reason,
    long policy,
    boolean observed,
    String actor,
    long money,
    boolean moneyExact,
    String currency,
    long requestBytes,
    int flags,
    int methods,
    int words,
    long classes,
    long redactions,
    int count,
    long[] prints,
    byte[] values) {

  /** What its body was read as: {@code http}, {@code graphql}, {@code json-rpc}, {@code soap}. */
  public String protocol() {
    return TrailWriter.protocol(flags).word();
  }

  public boolean isSecure() {
    return has(Trail.SECURE);
  }

  /** It asks for several things, or for nothing that can be told. */
  public boolean isUnclear() {
    return has(Trail.UNCLEAR);
  }

  /** The methods that it may be taken for, as a rule writes them. */
  public String methodText() {
    return Methods.toText(methods);
  }

  public boolean mayDelete() {
    return (methods & Methods.DELETE) != 0;
  }

  int valueOf(long print) {
    for (int i = 0; i < count; i++) {
      if (prints[i] == print) {
        return values[i];
      }
    }
    return -1;
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** Servers may read its URL in different ways, so no rule allows it. */
  public boolean isMalformed() {
    return has(Trail.HOST_MALFORMED) || has(Trail.PATH_MALFORMED);
  }
}
