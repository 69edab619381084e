package dev.cordon.launcher;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URL;

/** One POST with HttpURLConnection. */
final class UrlConnectionProbe implements SelfTest.Probe {

  @Override
  public Answer call(String url) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection(Proxy.NO_PROXY);
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    connection.setUseCaches(false);
    connection.getOutputStream().write('{');
    return new Answer(
        connection.getResponseCode(), connection.getHeaderField(SelfTestGuard.DECISION_HEADER));
  }
}
