package dev.cordon.instrumentation.okhttp;

import dev.cordon.bootstrap.Admission;
import dev.cordon.bootstrap.CallDenied;
import dev.cordon.bootstrap.Dispatcher;
import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Hook;
import dev.cordon.bootstrap.Passed;
import dev.cordon.bootstrap.Refusal;
import okhttp3.Connection;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * {@code CallServerInterceptor#intercept(Chain)}, the last stage: nothing goes out here that was
 * not decided. A network interceptor may have changed the request since; then it is decided again.
 * The connection is open and waits for its request, so a refusal is an exception, and so is a call
 * that would have to be redacted. A body that was read here is sent from what was read: it could
 * write something else the second time.
 */
final class CallServerHook extends Hook {

  CallServerHook() {
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
    OkHttpCall call = OkHttpCall.of(chain.request(), stageOf(chain));
    DecidedCall decided = DecidedCall.current();
    if (decided != null && decided.covers(call)) {
      Object[] held = withHeldBody(chain, call);
      return held == null ? Dispatcher.PROCEED : send(self, held, call);
    }
    Admission admission = Gate.admit(call);
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
    Object[] held;
    try {
      held = withHeldBody(chain, call);
    } catch (Throwable fault) {
      admission.failed(fault);
      throw fault;
    }
    try {
      Response response = send(self, held == null ? arguments : held, call);
      Outcomes.report(admission, response);
      return response;
    } catch (Passed passed) {
      Outcomes.report(admission, passed.thrown());
      throw passed;
    }
  }

  private @Nullable Response send(@Nullable Object self, Object[] arguments, OkHttpCall call)
      throws Passed {
    Response response = (Response) proceed(self, arguments);
    RequestBody body = call.request().body();
    if (body != null && body.isOneShot()) {
      OneShots.sent(body);
    }
    return response;
  }

  private static OkHttpCall.Stage stageOf(Interceptor.Chain chain) {
    Connection connection = chain.connection();
    if (connection == null) {
      return OkHttpCall.Stage.HTTP_1;
    }
    return switch (connection.protocol()) {
      case HTTP_2, H2_PRIOR_KNOWLEDGE -> OkHttpCall.Stage.HTTP_2;
      default -> OkHttpCall.Stage.HTTP_1; // the strict one, for protocols of later versions, too
    };
  }

  /** The arguments to send what was read of the body; null when they are the right ones already. */
  private static Object @Nullable [] withHeldBody(Interceptor.Chain chain, OkHttpCall call) {
    HeldBody held = call.held();
    Request request = call.request();
    if (held == null || held == request.body()) {
      return null;
    }
    Request sent = request.newBuilder().method(request.method(), held).build();
    return new Object[] {ReplacedRequest.atServer(chain, sent)};
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
    if (refusal != null) {
      throw refusal.toException();
    }
    return Dispatcher.PROCEED;
  }

  private static @Nullable Request requestOf(Object[] arguments) {
    try {
      return ((Interceptor.Chain) arguments[0]).request();
    } catch (Throwable fault) {
      return null;
    }
  }
}
