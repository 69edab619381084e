package dev.cordon.launcher;

import dev.cordon.bootstrap.Admission;
import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Header;
import dev.cordon.bootstrap.OutgoingCall;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The guard under a security manager: it decides with the permissions of the agent jar, whatever
 * the code that calls or logs may do. Code of the application that it asks, as for a body, keeps
 * its own.
 */
@SuppressWarnings("removal") // deprecated with the security manager, which JDK 17 still has
record PrivilegedGuard(Gate.Guard guard) implements Gate.Guard {

  /** The guard itself where nothing restricts it, so that a call costs what it did. */
  static Gate.Guard of(Gate.Guard guard) {
    return System.getSecurityManager() != null
            || "allow".equals(System.getProperty("java.security.manager")) // one may be set later
        ? new PrivilegedGuard(guard)
        : guard;
  }

  @Override
  public Admission admit(OutgoingCall call) throws Throwable {
    return run(() -> guard.admit(call));
  }

  @Override
  public String line(String text) throws Throwable {
    return run(() -> guard.line(text));
  }

  @Override
  public Admission undecided(
      String library,
      @Nullable String method,
      @Nullable String url,
      List<Header> headers,
      Throwable fault) {
    return AccessController.doPrivileged(
        (PrivilegedAction<Admission>) () -> guard.undecided(library, method, url, headers, fault));
  }

  @Override
  public int bodyLimitBytes() {
    return guard.bodyLimitBytes();
  }

  @Override
  public String unscannable(Throwable fault) {
    return AccessController.doPrivileged((PrivilegedAction<String>) () -> guard.unscannable(fault));
  }

  @Override
  public void fault(String where, Throwable fault) {
    AccessController.doPrivileged(
        (PrivilegedAction<Boolean>)
            () -> {
              guard.fault(where, fault);
              return true;
            });
  }

  private interface Answer<T> {
    T give() throws Throwable;
  }

  private static <T> T run(Answer<T> answer) throws Throwable {
    try {
      return AccessController.doPrivileged(
          (PrivilegedExceptionAction<T>)
              () -> {
                try {
                  return answer.give();
                } catch (Exception | Error thrown) {
                  throw thrown;
                } catch (Throwable neither) {
                  throw new IllegalStateException(neither);
                }
              });
    } catch (PrivilegedActionException wrapped) {
      throw wrapped.getException(); // a Passed must arrive as one
    }
  }
}
