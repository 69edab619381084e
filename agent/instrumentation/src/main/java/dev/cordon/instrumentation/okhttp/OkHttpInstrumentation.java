package dev.cordon.instrumentation.okhttp;

import dev.cordon.instrumentation.LibraryInstrumentation;
import dev.cordon.instrumentation.Target;
import java.util.List;

/** What is woven into OkHttp. */
public final class OkHttpInstrumentation implements LibraryInstrumentation {

  private static final String PACKAGE = "dev.cordon.instrumentation.okhttp.";
  private static final String INTERCEPT = "(Lokhttp3/Interceptor$Chain;)Lokhttp3/Response;";

  @Override
  public String library() {
    return "okhttp";
  }

  @Override
  public Kind kind() {
    return Kind.CLIENT;
  }

  @Override
  public List<String> companions() {
    return List.of("okhttp3/OkHttpClient");
  }

  @Override
  public List<Target> targets() {
    return List.of(
        Target.of(
            "okhttp3/internal/http/BridgeInterceptor",
            "intercept",
            INTERCEPT,
            PACKAGE + "BridgeHook"),
        Target.of(
            "okhttp3/internal/http/CallServerInterceptor",
            "intercept",
            INTERCEPT,
            PACKAGE + "CallServerHook"));
  }
}
