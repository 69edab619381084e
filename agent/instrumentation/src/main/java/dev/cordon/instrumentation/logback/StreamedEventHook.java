package dev.cordon.instrumentation.logback;

import dev.cordon.bootstrap.Dispatcher;
import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Hook;
import dev.cordon.bootstrap.Passed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * {@code writeEvent(event, OutputStream)} of the JSON formatter of logstash-logback-encoder, behind
 * all of its encoders, layouts and appenders: it writes structured arguments, markers and values as
 * their own fields, which no getter of the event shows. The event is written into memory first.
 */
final class StreamedEventHook extends Hook {

  private static final int USUAL_BYTES = 1024;

  @Override
  protected @Nullable Object around(@Nullable Object self, Object[] arguments) throws Passed {
    OutputStream out = (OutputStream) arguments[1];
    if (out == null) {
      return Dispatcher.PROCEED; // to what it says of a missing stream
    }
    ByteArrayOutputStream event = new ByteArrayOutputStream(USUAL_BYTES);
    proceed(self, new Object[] {arguments[0], event});
    byte[] redacted = Encoded.redacted(event.toByteArray(), null);
    try {
      out.write(redacted, 0, redacted.length);
    } catch (IOException | RuntimeException ofTheStream) {
      throw new Passed(ofTheStream);
    }
    return null;
  }

  @Override
  protected @Nullable Object failed(@Nullable Object self, Object[] arguments, Throwable fault) {
    Gate.fault("logback.stream", fault); // nothing was written: the event is lost, not shown
    return null;
  }
}
