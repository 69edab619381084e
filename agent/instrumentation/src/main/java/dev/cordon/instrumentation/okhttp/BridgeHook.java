package dev.cordon.instrumentation.okhttp;

import dev.cordon.bootstrap.Admission;
import dev.cordon.bootstrap.CallDenied;
import dev.cordon.bootstrap.Dispatcher;
import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Hook;
import dev.cordon.bootstrap.Passed;
import dev.cordon.bootstrap.Refusal;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** {@code BridgeInterceptor#intercept(Chain)}: decides each hop of a call. */
final class BridgeHook extends Hook {

  BridgeHook() {
    DecidedCall.check();
    OneShots.check();
  }

  @Override
  protected @Nullable Object around(@Nullable Object self, Object[] arguments)
      throws Passed, CallDenied {
    if (!Gate.isGuarded()) {
      return Dispatcher.PROCEED;
    }
    Interceptor.Chain chain = (Interceptor.Chain) arguments[0];
    Request request = chain.request();
    OkHttpCall call = OkHttpCall.of(request, OkHttpCall.Stage.ABOVE_BRIDGE);
    Admission admission = Gate.admit(call);
    Refusal refusal = admission.refusal();
    if (refusal != null) {
      return RefusedResponse.of(request, refusal);
    }
    return send(self, chain, call, admitted(call, admission), admission);
  }

  private static Request admitted(OkHttpCall call, Admission admission) {
    try {
      return call.admitted(admission);
    } catch (Throwable fault) {
      admission.failed(fault);
      throw fault;
    }
  }

  private @Nullable Object send(
      @Nullable Object self,
      Interceptor.Chain chain,
      OkHttpCall call,
      Request admitted,
      Admission admission)
      throws Passed {
    Request request = call.request();
    Object outer = DecidedCall.begin(admitted, call.contentType());
    try {
      Interceptor.Chain next = admitted == request ? chain : ReplacedRequest.in(chain, admitted);
      Response response = (Response) proceed(self, new Object[] {next});
      RequestBody body = request.body();
      if (body != null && body.isOneShot()) {
        OneShots.sent(body);
      }
      Outcomes.report(admission, response);
      return response == null ? null : FilteredBody.in(response, admission);
    } catch (Passed passed) {
      Outcomes.report(admission, passed.thrown());
      throw passed;
    } finally {
      DecidedCall.end(outer);
    }
  }

  @Override
  protected @Nullable Object failed(@Nullable Object self, Object[] arguments, Throwable fault)
      throws CallDenied {
    Request request = requestOf(arguments);
    Admission admission =
        request == null
            ? Gate.undecided("okhttp", null, null, fault)
            : Gate.undecided("okhttp", request.method(), request.url().toString(), fault);
    Refusal refusal = admission.refusal();
    if (refusal == null) {
      return Dispatcher.PROCEED;
    }
    if (request == null) {
      throw refusal.toException();
    }
    try {
      return RefusedResponse.of(request, refusal);
    } catch (CallDenied denied) {
      throw denied;
    } catch (Throwable again) {
      throw refusal.toException();
    }
  }

  private static @Nullable Request requestOf(Object[] arguments) {
    try {
      return ((Interceptor.Chain) arguments[0]).request();
    } catch (Throwable fault) {
      return null;
    }
  }
}
