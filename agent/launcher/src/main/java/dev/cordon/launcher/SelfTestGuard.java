package dev.cordon.launcher;

import dev.cordon.bootstrap.Admission;
import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Header;
import dev.cordon.bootstrap.OutgoingCall;
import dev.cordon.bootstrap.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The guard while the self-test runs: the built-in rule that refuses every call to {@value #HOST},
 * in front of the guard of the application's own calls.
 *
 * <p>The built-in rule answers without the journal, which is still opening; the result of the
 * self-test is journaled instead of its calls.
 */
final class SelfTestGuard implements Gate.Guard {

  /** A top level domain that never resolves (RFC 6761), should a hook not be live. */
  static final String HOST = "cordon-self-test.invalid";

  static final String RULE = "built-in.self-test";

  static final String ORIGIN = "http://" + HOST + "/";
  static final String DECISION_HEADER = "Cordon-Decision";
  static final int STATUS = 403;

  private final Gate.Guard guard;
  private final String decisionId;

  SelfTestGuard(Gate.Guard guard, String decisionId) {
    this.guard = guard;
    this.decisionId = decisionId;
  }

  @Override
  public Admission admit(OutgoingCall call) throws Throwable {
    return call.url().startsWith(ORIGIN) ? Admission.refused(refusal()) : guard.admit(call);
  }

  private Refusal refusal() {
    return new Refusal(
        decisionId,
        STATUS,
        "Forbidden",
        List.of(
            new Header("Content-Type", "application/problem+json"),
            new Header(DECISION_HEADER, decisionId)),
        "{\"title\":\"self-test\"}".getBytes(StandardCharsets.UTF_8),
        false,
        "refused by " + RULE);
  }

  @Override
  public int bodyLimitBytes() {
    return guard.bodyLimitBytes();
  }

  @Override
  public Admission undecided(
      String library,
      @Nullable String method,
      @Nullable String url,
      List<Header> headers,
      Throwable fault) {
    return guard.undecided(library, method, url, headers, fault);
  }

  @Override
  public String line(String text) throws Throwable {
    return guard.line(text);
  }

  @Override
  public String unscannable(Throwable fault) {
    return guard.unscannable(fault);
  }

  @Override
  public void fault(String where, Throwable fault) {
    guard.fault(where, fault);
  }
}
