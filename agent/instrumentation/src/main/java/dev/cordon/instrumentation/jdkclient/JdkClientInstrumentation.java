package dev.cordon.instrumentation.jdkclient;

import dev.cordon.instrumentation.LibraryInstrumentation;
import dev.cordon.instrumentation.Target;
import dev.cordon.instrumentation.Target.Member;
import java.util.List;

/** What is woven into the JDK's HttpClient. */
public final class JdkClientInstrumentation implements LibraryInstrumentation {

  static final String LIBRARY = "jdk-client";

  private static final String ADAPTERS = "dev.cordon.instrumentation.jdkclient.";
  private static final String EXCHANGE = "jdk/internal/net/http/Exchange";

  private static final List<Member> STATE =
      List.of(
          new Member(EXCHANGE, "request", "Ljdk/internal/net/http/HttpRequestImpl;"),
          new Member(EXCHANGE, "exchangeCF", "Ljava/util/concurrent/CompletableFuture;"),
          new Member(EXCHANGE, "bodyIgnored", "Ljava/util/concurrent/CompletableFuture;"));

  @Override
  public String library() {
    return LIBRARY;
  }

  @Override
  public Kind kind() {
    return Kind.CLIENT;
  }

  @Override
  public List<String> opens() {
    return List.of("java.net.http/jdk.internal.net.http");
  }

  @Override
  public List<Target> targets() {
    return List.of(
        new Target(
            EXCHANGE,
            "responseAsync",
            "()Ljava/util/concurrent/CompletableFuture;",
            ADAPTERS + "TransmissionHook",
            STATE,
            false),
        new Target(
            EXCHANGE,
            "readBodyAsync",
            "(Ljava/net/http/HttpResponse$BodyHandler;)Ljava/util/concurrent/CompletableFuture;",
            ADAPTERS + "RefusalBodyHook",
            STATE,
            false),
        new Target(
            "jdk/internal/net/http/HttpClientImpl",
            "send",
            "(Ljava/net/http/HttpRequest;Ljava/net/http/HttpResponse$BodyHandler;)"
                + "Ljava/net/http/HttpResponse;",
            ADAPTERS + "SendHook",
            List.of(),
            true));
  }
}
