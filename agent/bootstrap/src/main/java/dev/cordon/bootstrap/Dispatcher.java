package dev.cordon.bootstrap;

import java.lang.reflect.InvocationHandler;
import org.jspecify.annotations.Nullable;

/**
 * The only class that woven code names. The launcher copies it into {@code java.base} as {@code
 * java.lang.CordonDispatcher}, so it must stay one class, without nested classes, and may use
 * nothing but java.base.
 *
 * <p>Woven methods begin with
 *
 * <pre>{@code
 * Object answer = CordonDispatcher.enter(ThisClass.class, 3, this, new Object[] {a, b});
 * if (answer != CordonDispatcher.PROCEED) return (T) answer;
 * }</pre>
 */
public final class Dispatcher {

  /**
   * Answer of a hook that wants the woven body to run as it stands: an object of java.base that no
   * woven method returns, so that the copy in the boot loader and this class agree on it.
   */
  public static final Object PROCEED = void.class;

  /** The argument array of every woven method without parameters: a log line allocates nothing. */
  public static final Object[] NO_ARGUMENTS = new Object[0];

  // keyed by the woven class, held by that class: an application loader that goes takes its
  // adapters with it
  private static volatile @Nullable ClassValue<InvocationHandler[]> hooks;

  // arrays of the JDK: nothing of Cordon stays behind in a pooled thread
  private static final ThreadLocal<@Nullable Object[]> SINGLE = new ThreadLocal<>();

  private Dispatcher() {}

  /**
   * Connects woven code with its hooks, once per JVM.
   *
   * @throws IllegalStateException when hooks are installed already; they cannot be replaced
   */
  public static synchronized void install(ClassValue<InvocationHandler[]> installed) {
    if (hooks != null) {
      throw new IllegalStateException("hooks are installed already; attach one Cordon agent only");
    }
    hooks = installed;
  }

  /**
   * The argument array of a method with one parameter that runs for every log line. It is the
   * thread's own and is used again by the next such call.
   */
  public static @Nullable Object[] single(@Nullable Object argument) {
    @Nullable Object[] array = SINGLE.get();
    if (array == null) {
      array = new Object[1];
      SINGLE.set(array);
    }
    array[0] = argument;
    return array;
  }

  /** Called by woven code; throws what the hook throws. */
  public static @Nullable Object enter(
      Class<?> woven, int hook, @Nullable Object self, Object[] arguments) throws Throwable {
    ClassValue<InvocationHandler[]> installed = hooks;
    if (installed == null) {
      return PROCEED; // premain has not finished: only the agent itself runs
    }
    return installed.get(woven)[hook].invoke(self, null, arguments);
  }
}
