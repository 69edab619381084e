package dev.cordon.instrumentation.logback;

import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import dev.cordon.bootstrap.Dispatcher;
import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Hook;
import dev.cordon.bootstrap.Passed;
import java.lang.reflect.Method;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code OutputStreamAppender#writeBytes(byte[])}, which consoles and files share, and what a
 * prudent file has instead: a second look at what encoders and layouts of other people made of an
 * event. They may print any argument or value.
 */
final class WrittenBytesHook extends Hook {

  private static final String LOGSTASH = "net.logstash.logback.";

  /** Whether a class writes what the getters show, or is woven itself, but for its parts. */
  private static final ClassValue<Boolean> REDACTED =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          String name = type.getName();
          return name.startsWith("ch.qos.logback.classic.")
              || name.startsWith("ch.qos.logback.core.")
              || name.startsWith(LOGSTASH);
        }
      };

  /** What gives the encoders of other people that an encoder of logstash-logback-encoder calls. */
  private static final ClassValue<Method[]> PARTS =
      new ClassValue<>() {
        @Override
        protected Method[] computeValue(Class<?> type) {
          if (!type.getName().startsWith(LOGSTASH)) {
            return new Method[0];
          }
          try {
            return new Method[] {type.getMethod("getPrefix"), type.getMethod("getSuffix")};
          } catch (NoSuchMethodException none) {
            return new Method[0];
          }
        }
      };

  @Override
  protected @Nullable Object around(@Nullable Object self, Object[] arguments)
      throws Passed, ReflectiveOperationException {
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

  private static boolean isRedacted(@Nullable Encoder<?> encoder)
      throws ReflectiveOperationException {
    if (encoder == null || !REDACTED.get(encoder.getClass())) {
      return false;
    }
    if (encoder instanceof LayoutWrappingEncoder<?> wrapping) {
      Object layout = wrapping.getLayout();
      return layout == null || REDACTED.get(layout.getClass());
    }
    for (Method part : PARTS.get(encoder.getClass())) {
      Object around = part.invoke(encoder);
      if (around != null
          && (around == encoder || !(around instanceof Encoder<?> by) || !isRedacted(by))) {
        return false;
      }
    }
    return true;
  }

  @Override
  protected @Nullable Object failed(@Nullable Object self, Object[] arguments, Throwable fault) {
    Gate.fault("logback.bytes", fault); // nothing was written: the line is lost, not shown
    return null;
  }
}
