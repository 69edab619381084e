package dev.cordon.enforcement;

import dev.cordon.bootstrap.CallDenied;
import dev.cordon.bootstrap.ResponseFilter;

/** In place of a body that cannot be scanned; the journal has been told. */
final class RefusedResponse implements ResponseFilter.Body {
  private final CallDenied denied;

  RefusedResponse(CallDenied denied) {
    this.denied = denied;
  }

  @Override
  public byte[] pass(byte[] bytes, int from, int to) throws CallDenied {
    throw denied;
  }

  @Override
  public byte[] end() {
    return new byte[0]; // there was none
  }

  @Override
  public void abandoned() {
    // nothing is held
  }
}
