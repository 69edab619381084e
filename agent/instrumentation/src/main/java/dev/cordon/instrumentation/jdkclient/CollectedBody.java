package dev.cordon.instrumentation.jdkclient;

import dev.cordon.bootstrap.Body;
import dev.cordon.bootstrap.Passed;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What a body publisher gave, and a publisher of the same: the same buffers in the same order, so
 * that the chunks on the wire are the application's own.
 *
 * <p>Reads until the body ends, fails, or is longer than the limit; in the last case the first
 * subscriber gets what was read and then the rest of the very same body, and a later one (a
 * redirect) makes the application's publisher begin again, as it would without Cordon.
 */
final class CollectedBody implements Flow.Subscriber<ByteBuffer>, BodyPublisher {

  private final BodyPublisher source;
  private final long contentLength;
  private final int limitBytes;
  private final CompletableFuture<CollectedBody> collected = new CompletableFuture<>();
  private final AtomicBoolean restTaken = new AtomicBoolean();

  // written by the publisher's thread before `collected` completes, read after
  private final List<ByteBuffer> buffers = new ArrayList<>();
  private long length;
  private @Nullable Throwable failure;
  private boolean truncated;
  private volatile Flow.@Nullable Subscription upstream;
  private volatile boolean abandoned;

  private boolean sourceEnded; // both guarded by this: the end may come while the rest is taken
  private @Nullable Rest rest;

  private CollectedBody(BodyPublisher source, long contentLength, int limitBytes) {
    this.source = source;
    this.contentLength = contentLength;
    this.limitBytes = limitBytes;
  }

  /** Starts to read; done when {@link #whenCollected} is, often at once. */
  static CollectedBody of(BodyPublisher source, long contentLength, int limitBytes) {
    CollectedBody body = new CollectedBody(source, contentLength, limitBytes);
    body.begin();
    return body;
  }

  /** The same, read by a thread of this executor: a publisher may block where it is asked. */
  static CollectedBody of(
      BodyPublisher source, long contentLength, int limitBytes, Executor executor) {
    CollectedBody body = new CollectedBody(source, contentLength, limitBytes);
    try {
      executor.execute(body::begin);
    } catch (RejectedExecutionException full) { // the client will meet the same and say so
      body.begin();
    }
    return body;
  }

  private void begin() {
    try {
      source.subscribe(this);
    } catch (Throwable thrown) {
      onError(thrown);
    }
  }

  /** A body of bytes that is known. */
  static CollectedBody of(byte[] bytes, long contentLength) {
    CollectedBody body =
        new CollectedBody(java.net.http.HttpRequest.BodyPublishers.noBody(), contentLength, 0);
    if (bytes.length > 0) {
      body.buffers.add(ByteBuffer.wrap(bytes));
    }
    body.length = bytes.length;
    body.collected.complete(body);
    return body;
  }

  CompletableFuture<CollectedBody> whenCollected() {
    return collected;
  }

  boolean isCollected() {
    return collected.isDone();
  }

  /** Nobody waits for the body any more. */
  void abandon() {
    abandoned = true;
    Flow.Subscription subscription = upstream;
    if (subscription != null) {
      subscription.cancel();
    }
  }

  Body asBody(int limit) throws Passed {
    Throwable thrown = failure();
    if (thrown != null) {
      throw new Passed(thrown);
    }
    if (truncated || length > limit) {
      return Body.tooLarge(contentLength >= 0 ? contentLength : truncated ? -1 : length);
    }
    byte[] bytes = new byte[(int) length];
    int offset = 0;
    for (ByteBuffer buffer : buffers) {
      ByteBuffer view = buffer.duplicate();
      int size = view.remaining();
      view.get(bytes, offset, size);
      offset += size;
    }
    return Body.read(bytes);
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    if (upstream != null) {
      subscription.cancel();
      return;
    }
    upstream = subscription;
    if (abandoned) { // before it began
      subscription.cancel();
    } else {
      subscription.request(1);
    }
  }

  @Override
  public void onNext(ByteBuffer item) {
    Rest following = following();
    if (following != null) {
      following.subscriber.onNext(item);
      return;
    }
    int size = item.remaining();
    ByteBuffer copy = ByteBuffer.allocate(size);
    copy.put(item).flip();
    if (!add(copy)) {
      return;
    }
    if (length > limitBytes) {
      truncated = true;
      collected.complete(this);
    } else {
      requestUpstream(1);
    }
  }

  private void requestUpstream(long n) {
    Flow.Subscription subscription = upstream;
    if (subscription != null) {
      subscription.request(n);
    }
  }

  @Override
  public void onError(Throwable thrown) {
    Rest following = ended(thrown);
    if (following != null) {
      following.subscriber.onError(thrown);
    } else {
      collected.complete(this);
    }
  }

  @Override
  public void onComplete() {
    Rest following = ended(null);
    if (following != null) {
      following.subscriber.onComplete();
    } else {
      collected.complete(this);
    }
  }

  /** False behind the end of the body: that was decided without it, and the JDK ignores it, too. */
  private synchronized boolean add(ByteBuffer buffer) {
    if (sourceEnded) {
      return false;
    }
    buffers.add(buffer);
    length += buffer.remaining();
    return true;
  }

  private synchronized int count() {
    return buffers.size();
  }

  private synchronized ByteBuffer buffer(int index) {
    return buffers.get(index).duplicate();
  }

  private synchronized @Nullable Rest following() {
    return rest;
  }

  private synchronized @Nullable Rest ended(@Nullable Throwable thrown) {
    sourceEnded = true;
    failure = thrown;
    return rest;
  }

  /** True when the source goes on, and from now on to this subscriber. */
  private synchronized boolean follow(Rest subscription) {
    if (sourceEnded) {
      return false;
    }
    rest = subscription;
    return true;
  }

  private synchronized @Nullable Throwable failure() {
    return failure;
  }

  @Override
  public long contentLength() {
    return contentLength;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    if (truncated && !restTaken.compareAndSet(false, true)) {
      source.subscribe(subscriber);
      return;
    }
    subscriber.onSubscribe(new Rest(subscriber));
  }

  /** Gives what was read, then what follows. */
  private final class Rest implements Flow.Subscription {
    final Flow.Subscriber<? super ByteBuffer> subscriber;
    private final AtomicLong demand = new AtomicLong();
    private int next;
    private boolean ended;
    private volatile boolean passing;
    private volatile boolean cancelled;

    Rest(Flow.Subscriber<? super ByteBuffer> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long n) {
      if (n <= 0) {
        if (!cancelled) {
          cancelled = true;
          subscriber.onError(new IllegalArgumentException("non-positive request: " + n));
        }
        return;
      }
      if (passing) {
        requestUpstream(n);
        return;
      }
      // else whoever is emitting sees the new demand
      if (demand.getAndAccumulate(n, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b) == 0) {
        emit();
      }
    }

    private void emit() {
      if (passing) { // asked while the last buffer went out
        passOn(0);
        return;
      }
      long left = demand.get();
      while (left > 0) {
        long emitted = 0;
        while (emitted < left && next < count() && !cancelled) {
          subscriber.onNext(buffer(next++));
          emitted++;
        }
        if (cancelled || ended) {
          return;
        }
        if (next == count()) {
          passing = truncated && follow(this);
          if (!passing) {
            ended = true;
            end();
            return;
          }
          passOn(emitted);
          return;
        }
        left = demand.addAndGet(-emitted);
      }
    }

    private void passOn(long emitted) {
      long wanted = demand.getAndSet(0) - emitted;
      if (wanted > 0) {
        requestUpstream(wanted);
      }
    }

    private void end() {
      Throwable thrown = failure();
      if (thrown != null) {
        subscriber.onError(thrown);
      } else {
        subscriber.onComplete();
      }
    }

    @Override
    public void cancel() {
      cancelled = true;
      Flow.Subscription subscription = upstream;
      if (truncated && subscription != null) {
        subscription.cancel();
      }
    }
  }
}
