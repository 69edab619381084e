package dev.cordon.bootstrap;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * What runs instead of a woven method. One instance per woven class and method; called from any
 * thread.
 *
 * <p>A hook lets three kinds of throwable out: the {@link CallDenied} of a refusal, what the
 * original method threw (a {@link Passed} from {@link #proceed}), and what the application's own
 * body or publisher threw while it was read (also a {@link Passed}). Anything else is a fault of
 * Cordon and goes to {@link #failed}.
 */
public abstract class Hook implements InvocationHandler {

  private static final ThreadLocal<Passage> PASSAGE = ThreadLocal.withInitial(Passage::new);

  private @Nullable MethodHandle original;

  /**
   * Sets the woven method, as {@code (Object self, Object[] arguments) -> Object}. Called once by
   * the linker before the hook is reachable.
   */
  public final void bind(MethodHandle original) {
    this.original = original;
  }

  /**
   * Runs in place of the woven method.
   *
   * @return {@link Dispatcher#PROCEED} to run the woven body with its own arguments, else the value
   *     the woven method returns
   */
  protected abstract @Nullable Object around(@Nullable Object self, Object[] arguments)
      throws Throwable;

  /**
   * Answers when {@link #around} failed through a fault of Cordon: proceed, refuse with {@link
   * CallDenied}, or return a value. Runs on the application's thread.
   */
  protected abstract @Nullable Object failed(
      @Nullable Object self, Object[] arguments, Throwable fault) throws CallDenied;

  /**
   * Runs the woven body, with arguments that may differ from those it was called with.
   *
   * @throws Passed with what the body threw as its cause; let it through
   */
  protected final @Nullable Object proceed(@Nullable Object self, Object[] arguments)
      throws Passed {
    MethodHandle body = original;
    if (body == null) {
      throw new IllegalStateException("hook " + getClass().getName() + " was never bound");
    }
    Passage passage = PASSAGE.get();
    passage.hook = this;
    passage.self = self;
    try {
      return (Object) body.invokeExact(self, arguments);
    } catch (Throwable thrown) {
      throw new Passed(thrown);
    } finally {
      // a passage that was not used up (a stack overflow on the way) must not open the next call
      passage.hook = null;
      passage.self = null;
    }
  }

  @Override
  public final @Nullable Object invoke(
      @Nullable Object self, @Nullable Method unused, Object[] arguments) throws Throwable {
    Passage passage = PASSAGE.get();
    if (passage.hook == this && passage.self == self) {
      passage.hook = null; // used up: a nested call of the same method is guarded again
      passage.self = null;
      return Dispatcher.PROCEED;
    }
    try {
      return around(self, arguments);
    } catch (Passed passed) {
      throw passed.thrown();
    } catch (CallDenied denied) {
      throw denied;
    } catch (Throwable fault) {
      return failed(self, arguments, fault);
    }
  }

  /** One use of a woven body by its own hook, on one thread. */
  private static final class Passage {
    @Nullable Hook hook;
    @Nullable Object self;
  }
}
