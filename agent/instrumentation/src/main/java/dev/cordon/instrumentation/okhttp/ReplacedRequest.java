package dev.cordon.instrumentation.okhttp;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.internal.http.RealInterceptorChain;
import org.jspecify.annotations.Nullable;

/**
 * A chain with another request. A proxy, because the chain of OkHttp 5 has forty methods more than
 * that of 3.14.
 */
@SuppressWarnings("removal") // AccessController goes with the security manager, which JDK 17 has
final class ReplacedRequest implements InvocationHandler {

  private static final ClassLoader LOADER =
      AccessController.doPrivileged(
          (PrivilegedAction<ClassLoader>) () -> Interceptor.Chain.class.getClassLoader());

  private final Interceptor.Chain chain;
  private final Request request;

  private ReplacedRequest(Interceptor.Chain chain, Request request) {
    this.chain = chain;
    this.request = request;
  }

  static Interceptor.Chain in(Interceptor.Chain chain, Request request) {
    return (Interceptor.Chain)
        Proxy.newProxyInstance(
            LOADER, new Class<?>[] {Interceptor.Chain.class}, new ReplacedRequest(chain, request));
  }

  /**
   * The same for the last interceptor, which wants OkHttp's own class of chain. Its constructor has
   * nine parameters in 3.14, eight in 4 and twenty-three in 5: in each the fields that are final,
   * in their order.
   */
  static Interceptor.Chain atServer(Interceptor.Chain chain, Request request) {
    return RealChain.with(chain, request);
  }

  /** Loaded when a network interceptor has brought a body of its own, not before. */
  private static final class RealChain {
    private static final Field[] FIELDS =
        AccessController.doPrivileged((PrivilegedAction<Field[]>) RealChain::fields);
    private static final Constructor<?> CONSTRUCTOR =
        AccessController.doPrivileged((PrivilegedAction<Constructor<?>>) RealChain::constructor);

    private static Field[] fields() {
      List<Field> fields = new ArrayList<>();
      for (Field field : RealInterceptorChain.class.getDeclaredFields()) {
        int modifiers = field.getModifiers();
        if (Modifier.isFinal(modifiers) && !Modifier.isStatic(modifiers)) {
          field.setAccessible(true);
          fields.add(field);
        }
      }
      return fields.toArray(new Field[0]);
    }

    private static Constructor<?> constructor() {
      Class<?>[] types = new Class<?>[FIELDS.length];
      for (int i = 0; i < types.length; i++) {
        types[i] = FIELDS[i].getType();
      }
      try {
        Constructor<?> constructor = RealInterceptorChain.class.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        return constructor;
      } catch (NoSuchMethodException unknownVersion) {
        throw new ExceptionInInitializerError(unknownVersion);
      }
    }

    static Interceptor.Chain with(Interceptor.Chain chain, Request request) {
      @Nullable Object[] values = new Object[FIELDS.length];
      try {
        for (int i = 0; i < values.length; i++) {
          values[i] = FIELDS[i].getType() == Request.class ? request : FIELDS[i].get(chain);
        }
        return (Interceptor.Chain) CONSTRUCTOR.newInstance(values);
      } catch (ReflectiveOperationException unknownVersion) {
        throw new IllegalStateException("cannot exchange the request of a chain", unknownVersion);
      }
    }
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (arguments == null && method.getName().equals("request")) {
      return request;
    }
    try {
      return method.invoke(chain, arguments);
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause() == null ? thrown : thrown.getCause();
    }
  }
}
