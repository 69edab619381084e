package dev.cordon.instrumentation.logback;

import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import dev.cordon.bootstrap.Dispatcher;
import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Hook;
import dev.cordon.bootstrap.Passed;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code OutputStreamAppender#writeBytes(byte[])}, which consoles and files share, and what a
 * prudent file has instead: a second look at what encoders and layouts of other people made of an
 * event. They may print any argument or value.
 */
final class WrittenBytesHook extends Hook {

  /** Whether a class writes what the getters show, or is woven itself. */
  private static final ClassValue<Boolean> REDACTED =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          String name = type.getName();
          return name.startsWith("ch.qos.logback.") || name.startsWith("net.logstash.logback.");
        }
      };

  @Override
  protected @Nullable Object around(@Nullable Object self, Object[] arguments) throws Passed {
    byte[] bytes = (byte[]) arguments[0];
    Encoder<?> encoder = ((OutputStreamAppender<?>) Objects.requireNonNull(self)).getEncoder();
    if (bytes == null || isRedacted(encoder)) {
      return Dispatcher.PROCEED;
    }
    byte[] redacted =
        Encoded.redacted(
            bytes,
            encoder instanceof LayoutWrappingEncoder<?> wrapping ? wrapping.getCharset() : null);
    return redacted == bytes ? Dispatcher.PROCEED : proceed(self, new Object[] {redacted});
  }

  private static boolean isRedacted(@Nullable Encoder<?> encoder) {
    if (encoder == null || !REDACTED.get(encoder.getClass())) {
      return false;
    }
    if (!(encoder instanceof LayoutWrappingEncoder<?> wrapping)) {
      return true;
    }
    Object layout = wrapping.getLayout();
    return layout == null || REDACTED.get(layout.getClass());
  }

  @Override
  protected @Nullable Object failed(@Nullable Object self, Object[] arguments, Throwable fault) {
    Gate.fault("logback.bytes", fault); // nothing was written: the line is lost, not shown
    return null;
  }
}
