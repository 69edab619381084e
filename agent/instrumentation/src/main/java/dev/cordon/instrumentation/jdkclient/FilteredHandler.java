package dev.cordon.instrumentation.jdkclient;

import dev.cordon.bootstrap.ResponseFilter;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Puts a filter between the client and the application's own body subscriber. */
final class FilteredHandler<T> implements BodyHandler<T> {

  private final BodyHandler<T> handler;
  private final ResponseFilter.Body filter;

  FilteredHandler(BodyHandler<T> handler, ResponseFilter.Body filter) {
    this.handler = handler;
    this.filter = filter;
  }

  @Override
  public BodySubscriber<T> apply(ResponseInfo info) {
    return new Subscriber<>(handler.apply(new WithoutLength(info)), filter);
  }

  static HttpHeaders withoutLength(HttpHeaders headers) {
    return HttpHeaders.of(headers.map(), (name, value) -> !name.equalsIgnoreCase("Content-Length"));
  }

  private record WithoutLength(ResponseInfo info) implements ResponseInfo {
    @Override
    public int statusCode() {
      return info.statusCode();
    }

    @Override
    public HttpHeaders headers() {
      return withoutLength(info.headers());
    }

    @Override
    public HttpClient.Version version() {
      return info.version();
    }
  }

  /**
   * Hands on one list for each that comes, and asks for another one where a list came to nothing.
   * So what is asked for is what comes, but for the rest at the end, which waits until it is asked
   * for.
   */
  private static final class Subscriber<T> implements BodySubscriber<T>, Flow.Subscription {
    private final BodySubscriber<T> target;
    private final ResponseFilter.Body filter;
    private Flow.@Nullable Subscription source;

    // guarded by this
    private long asked;
    private boolean ended; // of the source, or cancelled
    private @Nullable List<ByteBuffer> rest; // waits to be asked for

    Subscriber(BodySubscriber<T> target, ResponseFilter.Body filter) {
      this.target = target;
      this.filter = filter;
    }

    @Override
    public CompletionStage<T> getBody() {
      return target.getBody();
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      source = subscription;
      target.onSubscribe(this);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      synchronized (this) {
        if (ended) {
          return; // cancelled
        }
      }
      List<ByteBuffer> passed = new ArrayList<>(buffers.size());
      try {
        for (ByteBuffer buffer : buffers) {
          byte[] bytes = new byte[buffer.remaining()];
          buffer.get(bytes);
          add(passed, filter.pass(bytes, 0, bytes.length));
        }
      } catch (Throwable refused) {
        fail(refused);
        return;
      }
      if (passed.isEmpty()) {
        subscription().request(1); // the one that was asked for is still to come
        return;
      }
      synchronized (this) {
        asked--;
      }
      target.onNext(passed);
    }

    private static void add(List<ByteBuffer> passed, byte[] bytes) {
      if (bytes.length > 0) {
        passed.add(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
      }
    }

    private void fail(Throwable thrown) {
      synchronized (this) {
        if (ended) {
          return;
        }
        ended = true;
      }
      filter.abandoned();
      subscription().cancel();
      target.onError(thrown);
    }

    @Override
    public void onError(Throwable thrown) {
      synchronized (this) {
        if (ended) {
          return;
        }
        ended = true;
      }
      filter.abandoned();
      target.onError(thrown);
    }

    @Override
    public void onComplete() {
      synchronized (this) {
        if (ended) {
          return; // cancelled
        }
      }
      List<ByteBuffer> last = new ArrayList<>(1);
      try {
        add(last, filter.end());
      } catch (Throwable refused) {
        fail(refused);
        return;
      }
      synchronized (this) {
        if (ended) {
          return;
        }
        ended = true;
        if (!last.isEmpty() && asked == 0) {
          rest = List.copyOf(last);
          return;
        }
      }
      finish(last);
    }

    private void finish(List<ByteBuffer> last) {
      if (!last.isEmpty()) {
        target.onNext(List.copyOf(last));
      }
      target.onComplete();
    }

    private Flow.Subscription subscription() {
      Flow.Subscription current = source;
      if (current == null) {
        throw new IllegalStateException("no subscription yet");
      }
      return current;
    }

    @Override
    public void request(long n) {
      List<ByteBuffer> last = null;
      synchronized (this) {
        if (n > 0) {
          asked = asked + n < 0 ? Long.MAX_VALUE : asked + n;
          last = rest;
          rest = null;
        }
      }
      if (last != null) {
        finish(last);
      } else {
        subscription().request(n);
      }
    }

    @Override
    public void cancel() {
      synchronized (this) {
        ended = true;
        rest = null;
      }
      filter.abandoned();
      subscription().cancel();
    }
  }
}
