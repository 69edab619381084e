package dev.cordon.instrumentation.okhttp;

import dev.cordon.bootstrap.CallDenied;
import dev.cordon.bootstrap.Refusal;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;

/** The response of a call that did not leave. */
final class RefusedResponse {

  private RefusedResponse() {}

  static Response of(Request request, Refusal refusal) throws CallDenied {
    if (refusal.exception()) {
      throw refusal.toException();
    }
    long nowMs = System.currentTimeMillis();
    MediaType type = MediaType.parse(refusal.header("Content-Type", "application/problem+json"));
    return new Response.Builder()
        .request(request)
        .protocol(Protocol.HTTP_1_1)
        .code(refusal.status())
        .message(refusal.statusText())
        .headers(OkHttpHeaders.of(refusal.headers()))
        .body(ResponseBody.create(type, refusal.body()))
        .sentRequestAtMillis(nowMs)
        .receivedResponseAtMillis(nowMs)
        .build();
  }
}
