package dev.cordon.it.services;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * Sends each call with HttpURLConnection and prints its status and its decision: arguments are
 * {@code GET URL} or {@code POST URL}, any number of times.
 */
public final class UrlCalls {

  private UrlCalls() {}

  public static void main(String[] arguments) throws IOException {
    for (int i = 0; i < arguments.length; i += 2) {
      System.out.println(call(arguments[i], arguments[i + 1]));
    }
  }

  static String call(String method, String url) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.setRequestMethod(method);
    if (method.equals("POST")) {
      connection.setDoOutput(true);
      connection.setRequestProperty("Content-Type", "application/json");
      try (OutputStream out = connection.getOutputStream()) {
        out.write("{\"amount\":1}".getBytes(StandardCharsets.UTF_8));
      }
    }
    int status = connection.getResponseCode();
    try (InputStream in =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      in.readAllBytes();
    }
    return method
        + " "
        + status
        + (connection.getHeaderField("Cordon-Decision") == null ? "" : " refused");
  }
}
