package dev.cordon.enforcement;

import dev.cordon.bootstrap.CallDenied;
import dev.cordon.bootstrap.ResponseFilter;

/** In place of a body that could not even be begun, where the fail mode refuses. */
final class RefusedResponse implements ResponseFilter.Body {
  static final ResponseFilter.Body INSTANCE = new RefusedResponse();

  private RefusedResponse() {}

  @Override
  public byte[] pass(byte[] bytes, int from, int to) throws CallDenied {
    throw denied();
  }

  @Override
  public byte[] end() throws CallDenied {
    throw denied();
  }

  @Override
  public void abandoned() {
    // nothing is held
  }

  static CallDenied denied() {
    return new CallDenied(
        "refused by Cordon: the response could not be scanned (defaults.on-error); see the agent's"
            + " line on stderr",
        "");
  }
}
