package dev.cordon.journal.seal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.security.GeneralSecurityException;
import java.security.Provider;
import org.jspecify.annotations.Nullable;

/**
 * Lets code of the JDK that asks for an algorithm by its name alone find the JDK's own, on one
 * thread and while it runs: the JDK does so itself while it loads a provider from a signed jar. Its
 * Ed25519 takes SHA-512 so, and hashes the private key with it.
 *
 * <p>Needs {@code sun.security.jca} of java.base, which the agent and cordon.jar are granted.
 * Elsewhere, and in a JDK that has it no more, the JVM's first provider is asked as by any other
 * code.
 */
final class ProvidersOfThread {

  interface Work<T> {
    T with(@Nullable Provider curves) throws GeneralSecurityException;
  }

  private static final String LIST = "sun.security.jca.ProviderList";
  private static final String LISTS = "sun.security.jca.Providers";

  private static final @Nullable MethodHandle NEW_LIST;
  private static final @Nullable MethodHandle BEGIN; // (list) -> the one before
  private static final @Nullable MethodHandle END;

  static {
    MethodHandle newList = null;
    MethodHandle begin = null;
    MethodHandle end = null;
    try {
      Class<?> list = Class.forName(LIST);
      Class<?> lists = Class.forName(LISTS);
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      newList =
          lookup
              .findStatic(list, "newList", MethodType.methodType(list, Provider[].class))
              .asFixedArity()
              .asType(MethodType.methodType(Object.class, Provider[].class));
      begin =
          lookup
              .findStatic(lists, "beginThreadProviderList", MethodType.methodType(list, list))
              .asType(MethodType.methodType(Object.class, Object.class));
      end =
          lookup
              .findStatic(lists, "endThreadProviderList", MethodType.methodType(void.class, list))
              .asType(MethodType.methodType(void.class, Object.class));
    } catch (ReflectiveOperationException | RuntimeException e) {
      newList = null; // not granted, or another JDK
    }
    NEW_LIST = newList;
    BEGIN = begin;
    END = end;
  }

  private ProvidersOfThread() {}

  static <T> T withJdks(@Nullable Provider hashes, @Nullable Provider curves, Work<T> work)
      throws GeneralSecurityException {
    MethodHandle newList = NEW_LIST;
    MethodHandle begin = BEGIN;
    MethodHandle end = END;
    if (newList == null || begin == null || end == null || hashes == null || curves == null) {
      return work.with(curves);
    }
    Object before = call(begin, call(newList, new Provider[] {hashes, curves}));
    try {
      return work.with(curves);
    } finally {
      end(end, before);
    }
  }

  private static @Nullable Object call(MethodHandle handle, @Nullable Object of)
      throws GeneralSecurityException {
    try {
      return handle.invoke(of);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw new GeneralSecurityException(t);
    }
  }

  private static void end(MethodHandle handle, @Nullable Object before)
      throws GeneralSecurityException {
    try {
      handle.invoke(before);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw new GeneralSecurityException(t);
    }
  }
}
