package dev.cordon.launcher;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** One POST with java.net.http, which need not be in every JVM: loaded when it is. */
final class JdkClientProbe implements SelfTest.Probe {

  @Override
  public Answer call(String url) throws Exception {
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(new NoTls())
            .sslParameters(new SSLParameters(new String[0], new String[0]))
            .build();
    try {
      HttpResponse<Void> response =
          client.send(
              HttpRequest.newBuilder(URI.create(url))
                  .POST(HttpRequest.BodyPublishers.ofString("{"))
                  .build(),
              HttpResponse.BodyHandlers.discarding());
      return new Answer(
          response.statusCode(),
          response.headers().firstValue(SelfTestGuard.DECISION_HEADER).orElse(null));
    } finally {
      Object closeable = client; // from JDK 21 on; before, its threads end when it is collected
      if (closeable instanceof AutoCloseable threads) {
        threads.close();
      }
    }
  }

  /**
   * Stands in for the default context, which the client would otherwise set up: reading the trust
   * store costs more than everything else the agent does.
   */
  private static final class NoTls extends SSLContext {
    NoTls() {
      super(new Spi(), null, "none");
    }

    private static final class Spi extends SSLContextSpi {
      @Override
      protected SSLParameters engineGetDefaultSSLParameters() {
        return new SSLParameters(new String[0], new String[0]);
      }

      @Override
      protected SSLParameters engineGetSupportedSSLParameters() {
        return new SSLParameters(new String[0], new String[0]);
      }

      @Override
      protected void engineInit(
          KeyManager @Nullable [] keys,
          TrustManager @Nullable [] trust,
          @Nullable SecureRandom random) {}

      @Override
      protected SSLSocketFactory engineGetSocketFactory() {
        throw unused();
      }

      @Override
      protected SSLServerSocketFactory engineGetServerSocketFactory() {
        throw unused();
      }

      @Override
      protected SSLEngine engineCreateSSLEngine() {
        throw unused();
      }

      @Override
      protected SSLEngine engineCreateSSLEngine(String host, int port) {
        throw unused();
      }

      @Override
      protected SSLSessionContext engineGetServerSessionContext() {
        throw unused();
      }

      @Override
      protected SSLSessionContext engineGetClientSessionContext() {
        throw unused();
      }

      private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("the self-test is plain http");
      }
    }
  }
}
