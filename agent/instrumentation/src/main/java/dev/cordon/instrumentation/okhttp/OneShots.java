package dev.cordon.instrumentation.okhttp;

import dev.cordon.bootstrap.Passed;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/**
 * One-shot bodies that were read and perhaps not sent: OkHttp tries the next address of a host with
 * the same body when it could not connect, and the body can be read only once.
 */
final class OneShots {

  // by identity: two bodies may be equal and still write different bytes
  private static final Map<Key, HeldBody> READ = new HashMap<>();
  private static final ReferenceQueue<RequestBody> GONE = new ReferenceQueue<>();

  private OneShots() {}

  /** Made with the hooks: a class whose initialiser ran out of stack stays unusable. */
  static void check() {}

  static @Nullable HeldBody read(
      RequestBody body, @Nullable MediaType contentType, long contentLength, int limitBytes)
      throws Passed {
    HeldBody known = find(body);
    if (known != null) {
      return known;
    }
    HeldBody held = HeldBody.read(body, contentType, contentLength, limitBytes);
    if (held != null) {
      keep(body, held);
    }
    return held;
  }

  /** The body has been sent and will not be sent again. */
  static void sent(RequestBody body) {
    synchronized (READ) {
      READ.remove(new Key(body, null));
    }
  }

  private static @Nullable HeldBody find(RequestBody body) {
    synchronized (READ) {
      return READ.get(new Key(body, null));
    }
  }

  private static void keep(RequestBody body, HeldBody held) {
    synchronized (READ) {
      for (Reference<?> gone = GONE.poll(); gone != null; gone = GONE.poll()) {
        READ.remove(gone);
      }
      READ.put(new Key(body, GONE), held);
    }
  }

  private static final class Key extends WeakReference<RequestBody> {
    private final int hash;

    Key(RequestBody body, @Nullable ReferenceQueue<RequestBody> queue) {
      super(body, queue);
      this.hash = System.identityHashCode(body);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      if (this == other) {
        return true;
      }
      RequestBody body = get();
      return body != null && other instanceof Key key && key.refersTo(body);
    }
  }
}
