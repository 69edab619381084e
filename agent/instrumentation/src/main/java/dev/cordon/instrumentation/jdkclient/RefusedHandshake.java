package dev.cordon.instrumentation.jdkclient;

import dev.cordon.bootstrap.Refusal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/** The response that a {@code WebSocketHandshakeException} carries. */
record RefusedHandshake(HttpRequest request, Refusal refusal) implements HttpResponse<String> {

  @Override
  public int statusCode() {
    return refusal.status();
  }

  @Override
  public Optional<HttpResponse<String>> previousResponse() {
    return Optional.empty();
  }

  @Override
  public HttpHeaders headers() {
    return TransmissionHook.headersOf(refusal);
  }

  @Override
  public String body() {
    return refusal.bodyText();
  }

  @Override
  public Optional<SSLSession> sslSession() {
    return Optional.empty();
  }

  @Override
  public URI uri() {
    return request.uri();
  }

  @Override
  public HttpClient.Version version() {
    return HttpClient.Version.HTTP_1_1;
  }
}
