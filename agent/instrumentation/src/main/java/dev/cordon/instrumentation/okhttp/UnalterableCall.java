package dev.cordon.instrumentation.okhttp;

import dev.cordon.bootstrap.Body;
import dev.cordon.bootstrap.Header;
import dev.cordon.bootstrap.OutgoingCall;
import dev.cordon.bootstrap.Passed;
import java.util.List;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/** A request at the last stage: its body is read only where it can be written again. */
final class UnalterableCall implements OutgoingCall {

  private final Request request;
  private final OkHttpCall call;

  UnalterableCall(Request request) throws Passed {
    this.request = request;
    this.call = OkHttpCall.of(request);
  }

  @Override
  public String library() {
    return call.library();
  }

  @Override
  public String method() {
    return call.method();
  }

  @Override
  public String url() {
    return call.url();
  }

  @Override
  public List<Header> headers() {
    return call.headers();
  }

  @Override
  public Body body(int limitBytes) throws Passed {
    @Nullable RequestBody body = request.body();
    return body != null && body.isOneShot() ? Body.unreadable() : call.body(limitBytes);
  }
}
