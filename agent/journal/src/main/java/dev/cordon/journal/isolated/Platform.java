package dev.cordon.journal.isolated;

import java.lang.management.RuntimeMXBean;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SimpleTimeZone;
import java.util.TimeZone;
import net.openhft.chronicle.core.analytics.AnalyticsFacade;
import org.jspecify.annotations.Nullable;

/** Calls of the rewritten Chronicle that are answered differently from what the JDK would do. */
public final class Platform {

  private static final Object UNSAFE;
  private static final Method
      ARRAY_BASE_OFFSET; // returns int up to JDK 24, long from JDK 25: linked by name only

  static {
    try {
      Class<?> type = Class.forName("jdk.internal.misc.Unsafe");
      UNSAFE = type.getMethod("getUnsafe").invoke(null);
      ARRAY_BASE_OFFSET = type.getMethod("arrayBaseOffset", Class.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private Platform() {}

  public static int arrayBaseOffset(Class<?> arrayType) {
    try {
      return ((Number) ARRAY_BASE_OFFSET.invoke(UNSAFE, arrayType)).intValue();
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("jdk.internal.misc.Unsafe.arrayBaseOffset", e);
    }
  }

  /**
   * Chronicle's own shutdown hook would race with ours, which drains the ring, and a class that
   * registers it for the first time during shutdown would be unusable for good. The operating
   * system releases what it would have released.
   */
  public static void addShutdownHook(Runtime runtime, Thread hook) {}

  /** Instead of a reflective look-up for the sake of Java 8. */
  public static int javaVersion() {
    return Runtime.version().feature();
  }

  /** Chronicle looks for debuggers and profilers in there, for which the management beans load. */
  public static List<String> inputArguments(@Nullable RuntimeMXBean unused) {
    return List.of();
  }

  /** Read and filled by nobody: the analytics jar is left out. */
  public static Map<String, String> noProperties() {
    return new HashMap<>();
  }

  public static AnalyticsFacade noAnalytics() {
    return (name, parameters) -> {};
  }

  /** GMT without reading the JDK's time zones; the only one that is asked for. */
  public static TimeZone getTimeZone(String id) {
    return id.equals("GMT") ? new SimpleTimeZone(0, id) : TimeZone.getTimeZone(id);
  }
}
