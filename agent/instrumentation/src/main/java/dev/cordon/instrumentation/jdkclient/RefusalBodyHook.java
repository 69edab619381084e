package dev.cordon.instrumentation.jdkclient;

import dev.cordon.bootstrap.Dispatcher;
import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Hook;
import dev.cordon.bootstrap.Passed;
import dev.cordon.bootstrap.ResponseFilter;
import java.net.http.HttpResponse.BodyHandler;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * {@code Exchange.readBodyAsync}: the body of a refusal comes from nowhere else, and that of a
 * response may go through a filter.
 */
final class RefusalBodyHook extends Hook {

  @Override
  protected @Nullable Object around(@Nullable Object exchange, Object[] arguments)
      throws Throwable {
    if (exchange == null) {
      return Dispatcher.PROCEED;
    }
    BodyHandler<?> handler = (BodyHandler<?>) arguments[0];
    if (!(Exchanges.bodyIgnored(exchange) instanceof RefusalBody body)) {
      ResponseFilter.Body filtered = Exchanges.takeFiltered(exchange);
      return filtered == null
          ? Dispatcher.PROCEED
          : proceed(exchange, new Object[] {new FilteredHandler<>(handler, filtered)});
    }
    try {
      return body.readBy(handler).toCompletableFuture();
    } catch (Throwable applicationsOwn) {
      throw new Passed(applicationsOwn);
    }
  }

  @Override
  protected Object failed(@Nullable Object exchange, Object[] arguments, Throwable fault) {
    Gate.fault("response", fault);
    return CompletableFuture.failedFuture(fault); // nothing left: only the answer is lost
  }
}
