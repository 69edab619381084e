package dev.cordon.instrumentation.okhttp;

import dev.cordon.bootstrap.Admission;
import dev.cordon.bootstrap.CallDenied;
import dev.cordon.bootstrap.Passed;
import dev.cordon.bootstrap.ResponseFilter;
import java.io.IOException;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import okio.Okio;
import okio.Source;
import okio.Timeout;
import org.jspecify.annotations.Nullable;

/** The body of a response, what the client compressed by itself decompressed, through a filter. */
final class FilteredBody implements Source {
  private static final int PIECE_BYTES = 8 * 1024;

  private final BufferedSource source;
  private final ResponseFilter.Body filter;
  private final byte[] piece = new byte[PIECE_BYTES];
  private boolean ended;
  private @Nullable IOException broken;

  private FilteredBody(BufferedSource source, ResponseFilter.Body filter) {
    this.source = source;
    this.filter = filter;
  }

  /** The response itself where its body is handed on as it is. */
  static Response in(Response response, Admission admission) throws Passed {
    ResponseBody body = response.body();
    if (!admission.hasFilter() || body == null) {
      return response;
    }
    try {
      ResponseFilter.Body filter = admission.open(response.code(), response::header);
      return filter == null ? response : in(response, body, filter);
    } catch (Throwable fault) { // the call is made: it must be neither sent again nor refused
      CallDenied denied = admission.unfiltered(fault);
      if (denied == null) {
        return response;
      }
      closeQuietly(response);
      throw new Passed(denied);
    }
  }

  private static Response in(Response response, ResponseBody body, ResponseFilter.Body filter) {
    BufferedSource filtered = Okio.buffer(new FilteredBody(body.source(), filter));
    return response
        .newBuilder()
        .removeHeader("Content-Length")
        .body(ResponseBody.create(body.contentType(), -1, filtered))
        .build();
  }

  private static void closeQuietly(Response response) {
    try {
      response.close();
    } catch (Throwable broken) {
      // nobody reads it
    }
  }

  @Override
  public long read(Buffer sink, long byteCount) throws IOException {
    if (byteCount == 0) {
      return 0;
    }
    if (broken != null) {
      throw broken; // what is missing must not look like the end
    }
    while (!ended) {
      int count = source.read(piece, 0, (int) Math.min(PIECE_BYTES, byteCount));
      byte[] passed;
      try {
        passed = count < 0 ? filter.end() : filter.pass(piece, 0, count);
        ended = count < 0;
      } catch (Throwable fault) {
        broken = fault instanceof IOException refused ? refused : new IOException(fault);
        filter.abandoned();
        throw broken;
      }
      if (passed.length > 0) {
        sink.write(passed);
        return passed.length;
      }
    }
    return -1;
  }

  @Override
  public Timeout timeout() {
    return source.timeout();
  }

  @Override
  public void close() throws IOException {
    if (!ended && broken == null) {
      ended = true;
      filter.abandoned();
    }
    source.close();
  }
}
