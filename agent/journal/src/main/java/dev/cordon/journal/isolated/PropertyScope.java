package dev.cordon.journal.isolated;

import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The system properties that the rewritten Chronicle sees: those of the platform, and ours. What an
 * application sets for a Chronicle of its own does not reach this one, and what this one sets does
 * not reach the application. The methods have the names and shapes of those they stand for.
 */
public final class PropertyScope {

  private static final String[] PLATFORM = {
    "java.", "os.", "user.", "sun.", "file.", "line.", "path.", "jdk.", "native."
  };

  private static final Map<String, String> OWN = new ConcurrentHashMap<>();

  static {
    OWN.put(
        "chronicle.announcer.disable", "true"); // three log lines that ask for an e-mail address
    OWN.put("chronicle.analytics.disable", "true"); // its jar is left out as well
    OWN.put("chronicle.disk.monitor.disable", "true"); // a thread that needs a jar we leave out
  }

  private PropertyScope() {}

  public static @Nullable String getProperty(String key) {
    String own = OWN.get(key);
    if (own != null) {
      return own;
    }
    for (String prefix : PLATFORM) {
      if (key.startsWith(prefix)) {
        return System.getProperty(key);
      }
    }
    return null;
  }

  public static @Nullable String getProperty(String key, @Nullable String otherwise) {
    String value = getProperty(key);
    return value == null ? otherwise : value;
  }

  public static @Nullable String setProperty(String key, String value) {
    return OWN.put(key, value);
  }

  public static @Nullable String clearProperty(String key) {
    return OWN.remove(key);
  }

  /** A copy: changes to it go nowhere. */
  public static Properties getProperties() {
    Properties visible = new Properties();
    for (String key : System.getProperties().stringPropertyNames()) {
      String value = getProperty(key);
      if (value != null) {
        visible.setProperty(key, value);
      }
    }
    visible.putAll(OWN);
    return visible;
  }

  public static @Nullable Integer getInteger(String key) {
    return getInteger(key, null);
  }

  public static @Nullable Integer getInteger(String key, int otherwise) {
    Integer value = getInteger(key, null);
    return value == null ? Integer.valueOf(otherwise) : value;
  }

  public static @Nullable Integer getInteger(String key, @Nullable Integer otherwise) {
    String value = getProperty(key);
    try {
      return value == null ? otherwise : Integer.decode(value);
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  public static @Nullable Long getLong(String key) {
    return getLong(key, null);
  }

  public static @Nullable Long getLong(String key, long otherwise) {
    Long value = getLong(key, null);
    return value == null ? Long.valueOf(otherwise) : value;
  }

  public static @Nullable Long getLong(String key, @Nullable Long otherwise) {
    String value = getProperty(key);
    try {
      return value == null ? otherwise : Long.decode(value);
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  public static boolean getBoolean(String key) {
    return Boolean.parseBoolean(getProperty(key));
  }
}
