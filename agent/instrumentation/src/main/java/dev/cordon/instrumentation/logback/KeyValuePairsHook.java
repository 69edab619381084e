package dev.cordon.instrumentation.logback;

import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Hook;
import dev.cordon.bootstrap.Passed;
import dev.cordon.instrumentation.LoggedValues;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/** {@code LoggingEvent#getKeyValuePairs()}: texts and numbers as they may be written. */
final class KeyValuePairsHook extends Hook {

  @Override
  @SuppressWarnings("unchecked") // as declared by the woven method
  protected @Nullable Object around(@Nullable Object self, Object[] arguments) throws Passed {
    List<KeyValuePair> pairs = (List<KeyValuePair>) proceed(self, arguments);
    return pairs == null ? null : redacted(pairs);
  }

  static List<KeyValuePair> redacted(List<KeyValuePair> pairs) {
    List<KeyValuePair> redacted = pairs;
    for (int i = 0; i < pairs.size(); i++) {
      KeyValuePair pair = pairs.get(i);
      Object value = pair == null ? null : LoggedValues.value(pair.value);
      if (pair != null && value != pair.value) {
        if (redacted == pairs) {
          redacted = new ArrayList<>(pairs);
        }
        redacted.set(i, new KeyValuePair(pair.key, value));
      }
    }
    return redacted;
  }

  @Override
  protected Object failed(@Nullable Object self, Object[] arguments, Throwable fault) {
    Gate.fault("logback.key-value-pairs", fault);
    return List.of();
  }
}
