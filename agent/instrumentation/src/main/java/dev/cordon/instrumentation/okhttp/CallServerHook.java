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
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * {@code CallServerInterceptor#intercept(Chain)}, the last stage: nothing goes out here that was
 * not decided. A network interceptor may have changed the request since; then it is decided again.
 * The connection is open and its request can no longer be exchanged, so a refusal is an exception,
 * and so is a call that would have to be rewritten.
 */
final class CallServerHook extends Hook {

  @Override
  protected @Nullable Object around(@Nullable Object self, Object[] arguments)
      throws Passed, CallDenied {
    if (!Gate.isGuarded()) {
      return Dispatcher.PROCEED;
    }
    Request request = ((Interceptor.Chain) arguments[0]).request();
    DecidedCall decided = DecidedCall.current();
    if (decided != null && decided.covers(request)) {
      return Dispatcher.PROCEED;
    }
    Admission admission = Gate.admit(new UnalterableCall(request));
    Refusal refusal = admission.refusal();
    if (refusal != null) {
      throw refusal.toException();
    }
    if (admission.isRewritten()) {
      CallDenied denied =
          new CallDenied(
              "refused by Cordon: a network interceptor changed the request after the decision, and"
                  + " what it sends now needs redaction; change it in an application interceptor",
              "");
      admission.failed(denied);
      throw denied;
    }
    try {
      Response response = (Response) proceed(self, arguments);
      Outcomes.report(admission, response);
      return response;
    } catch (Passed passed) {
      Outcomes.report(admission, passed.thrown());
      throw passed;
    }
  }

  @Override
  protected @Nullable Object failed(@Nullable Object self, Object[] arguments, Throwable fault)
      throws CallDenied {
    Admission admission = Gate.undecided("okhttp", methodOf(arguments), fault);
    Refusal refusal = admission.refusal();
    if (refusal != null) {
      throw refusal.toException();
    }
    return Dispatcher.PROCEED;
  }

  private static @Nullable String methodOf(Object[] arguments) {
    try {
      return ((Interceptor.Chain) arguments[0]).request().method();
    } catch (Throwable fault) {
      return null;
    }
  }
}
