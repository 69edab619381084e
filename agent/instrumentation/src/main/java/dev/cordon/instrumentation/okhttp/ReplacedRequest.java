package dev.cordon.instrumentation.okhttp;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import okhttp3.Interceptor;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * A chain with another request. A proxy, because the chain of OkHttp 5 has forty methods more than
 * that of 3.14.
 */
final class ReplacedRequest implements InvocationHandler {

  private final Interceptor.Chain chain;
  private final Request request;

  private ReplacedRequest(Interceptor.Chain chain, Request request) {
    this.chain = chain;
    this.request = request;
  }

  static Interceptor.Chain in(Interceptor.Chain chain, Request request) {
    return (Interceptor.Chain)
        Proxy.newProxyInstance(
            Interceptor.Chain.class.getClassLoader(),
            new Class<?>[] {Interceptor.Chain.class},
            new ReplacedRequest(chain, request));
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
