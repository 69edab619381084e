package dev.cordon.instrumentation.jdkclient;

import dev.cordon.bootstrap.Refusal;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Marks an exchange as refused: it stands in the field where the client keeps the future of a body
 * that nobody reads, and is complete like that one.
 */
final class RefusalBody extends CompletableFuture<Void> {

  private final Refusal refusal;

  RefusalBody(Refusal refusal) {
    this.refusal = refusal;
    complete(null);
  }

  /** Gives the refusal's body to the application's own handler, when it asks for it. */
  <T> CompletionStage<T> readBy(BodyHandler<T> handler) {
    BodySubscriber<T> subscriber = handler.apply(new Info(TransmissionHook.headersOf(refusal)));
    CompletionStage<T> body = subscriber.getBody();
    subscriber.onSubscribe(new Once(subscriber));
    return body;
  }

  private final class Once implements Flow.Subscription {
    private final BodySubscriber<?> subscriber;
    private final AtomicBoolean done = new AtomicBoolean();

    Once(BodySubscriber<?> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long n) {
      if (n > 0 && done.compareAndSet(false, true)) {
        subscriber.onNext(List.of(ByteBuffer.wrap(refusal.body()).asReadOnlyBuffer()));
        subscriber.onComplete();
      }
    }

    @Override
    public void cancel() {
      done.set(true);
    }
  }

  private final class Info implements ResponseInfo {
    private final HttpHeaders headers;

    Info(HttpHeaders headers) {
      this.headers = headers;
    }

    @Override
    public int statusCode() {
      return refusal.status();
    }

    @Override
    public HttpHeaders headers() {
      return headers;
    }

    @Override
    public HttpClient.Version version() {
      return HttpClient.Version.HTTP_1_1;
    }
  }
}
