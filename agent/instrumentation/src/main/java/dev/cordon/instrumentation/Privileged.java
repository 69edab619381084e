package dev.cordon.instrumentation;

import java.security.AccessController;
import java.security.PrivilegedAction;

/**
 * Work of Cordon on a thread of the application, under a security manager: with the permissions of
 * the agent jar, whatever the application's code further up the stack may do. Where there is no
 * security manager it is a plain call. Seldom: where hooks are woven and linked, never per call.
 */
@SuppressWarnings("removal") // deprecated with the security manager, which JDK 17 still has
final class Privileged {

  private Privileged() {}

  static <T> T run(PrivilegedAction<T> action) {
    return AccessController.doPrivileged(action);
  }
}
