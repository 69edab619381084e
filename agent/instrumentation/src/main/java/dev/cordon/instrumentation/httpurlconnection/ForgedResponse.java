package dev.cordon.instrumentation.httpurlconnection;

import dev.cordon.bootstrap.CallDenied;
import dev.cordon.bootstrap.Header;
import dev.cordon.bootstrap.Refusal;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.HttpURLConnection;

/**
 * A refusal in the connection's own state: every getter of the JDK then answers as if the response
 * had been parsed, down to the exception that {@code getInputStream} throws for a 403.
 */
final class ForgedResponse extends ByteArrayInputStream {

  private ForgedResponse(byte[] body) {
    super(body);
  }

  /** True when the connection was answered by a refusal. */
  static boolean isIn(HttpURLConnection connection) {
    return Connections.error(connection) instanceof ForgedResponse
        || Connections.input(connection) instanceof ForgedResponse
        || Connections.remembered(connection) instanceof CallDenied;
  }

  static void put(HttpURLConnection connection, Refusal refusal) throws Throwable {
    Connections.disconnect(connection);
    if (refusal.exception()) {
      Connections.error(connection, null);
      // the JDK throws what it remembers, and this very object when it cannot copy it
      Connections.remembered(connection, refusal.toException());
      return;
    }
    Object headers = Connections.newHeaders();
    Connections.add(headers, null, "HTTP/1.1 " + refusal.status() + " " + refusal.statusText());
    for (Header header : refusal.headers()) {
      Connections.add(headers, header.name(), header.value());
    }
    Connections.add(headers, "Content-Length", String.valueOf(refusal.body().length));
    Connections.responses(connection, headers);
    Connections.response(connection, refusal.status(), refusal.statusText());
    Connections.connected(connection, true);
    ForgedResponse body = new ForgedResponse(refusal.body());
    if (refusal.status() < 400) {
      Connections.error(connection, null);
      Connections.remembered(connection, null);
      Connections.input(connection, body);
    } else {
      Connections.error(connection, body);
      Connections.remembered(connection, exceptionFor(refusal.status(), connection));
    }
  }

  private static IOException exceptionFor(int status, HttpURLConnection connection) {
    String url = connection.getURL().toString();
    return status == 404 || status == 410
        ? new FileNotFoundException(url)
        : new IOException("Server returned HTTP response code: " + status + " for URL: " + url);
  }
}
