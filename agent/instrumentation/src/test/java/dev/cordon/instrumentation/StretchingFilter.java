package dev.cordon.instrumentation;

import dev.cordon.bootstrap.CallDenied;
import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.ResponseFilter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Writes each a as [a] and holds back the last bytes until more comes. Ends at "poison" with an
 * exception, at "fault" with an error; leaves responses with status 201 alone.
 */
public final class StretchingFilter implements ResponseFilter {
  public final AtomicInteger opened = new AtomicInteger();
  public final AtomicInteger pieces = new AtomicInteger();
  public final AtomicInteger ends = new AtomicInteger();
  public final AtomicInteger abandoned = new AtomicInteger();

  /** The frames below the first piece and the most below any. */
  public volatile int firstDepth = -1;

  public volatile int mostDepth = -1;

  /** Faults of adapters that could not use this filter. */
  public final List<Throwable> unfiltered = new CopyOnWriteArrayList<>();

  /** What {@link #open} throws, though no filter may. */
  public volatile @Nullable RuntimeException openFails;

  public volatile boolean withholds = true;

  private final int heldBytes;

  public StretchingFilter(int heldBytes) {
    this.heldBytes = heldBytes;
  }

  /** Lets every call go through a gate with this filter. */
  public RecordingGuard install() {
    RecordingGuard guard = new RecordingGuard(call -> call.allow().answeredThrough(this));
    Gate.install(guard);
    return guard;
  }

  @Override
  public @Nullable Body open(int status, Headers headers) {
    if (status == 201 || status == 204) {
      return null;
    }
    opened.incrementAndGet();
    RuntimeException fails = openFails;
    if (fails != null) {
      throw fails;
    }
    return new Stretching();
  }

  @Override
  public boolean withholds() {
    return withholds;
  }

  @Override
  public @Nullable CallDenied unfiltered(Throwable fault) {
    unfiltered.add(fault);
    return withholds ? new CallDenied("the response is withheld", "") : null;
  }

  private final class Stretching implements Body {
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();

    @Override
    public byte[] pass(byte[] bytes, int from, int to) throws IOException {
      int depth = StackWalker.getInstance().walk(frames -> (int) frames.count());
      firstDepth = firstDepth < 0 ? depth : firstDepth;
      mostDepth = Math.max(mostDepth, depth);
      pieces.incrementAndGet();
      held.write(bytes, from, to - from);
      if (held.size() <= heldBytes) {
        return new byte[0];
      }
      String text = held.toString(StandardCharsets.ISO_8859_1);
      if (text.contains("poison")) {
        throw new CallDenied("the rest is withheld", "");
      }
      if (text.contains("fault")) {
        throw new StackOverflowError("a fault of the filter");
      }
      int give = text.length() - heldBytes;
      held.reset();
      held.write(bytes(text.substring(give)));
      return bytes(text.substring(0, give).replace("a", "[a]"));
    }

    private static byte[] bytes(String text) {
      return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public byte[] end() {
      ends.incrementAndGet();
      return bytes(held.toString(StandardCharsets.ISO_8859_1).replace("a", "[a]"));
    }

    @Override
    public void abandoned() {
      abandoned.incrementAndGet();
    }
  }
}
