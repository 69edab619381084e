package dev.cordon.it.services;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Calls inside of calls: choosing the proxy of a call to {@code /v1/outer} makes two calls and logs
 * a line, and the handler of that line makes a call. Argument: the URL of the server.
 */
public final class NestedCalls {

  private NestedCalls() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    String server = arguments[0];
    Logger logger = Logger.getLogger("nested");
    logger.setUseParentHandlers(false);
    logger.addHandler(
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            System.out.println("line " + record.getMessage() + ' ' + post(server + "/v1/line"));
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        });
    ProxySelector.setDefault(
        new ProxySelector() {
          @Override
          public List<Proxy> select(URI uri) {
            if (uri.getPath() != null && uri.getPath().startsWith("/v1/outer")) {
              System.out.println("inner " + post(server + "/v1/inner"));
              System.out.println("inner " + post(server + "/v1/refunds"));
              logger.info("asked eve@example.com");
            }
            return List.of(Proxy.NO_PROXY);
          }

          @Override
          public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
        });
    System.out.println("outer " + post(server + "/v1/outer"));
    ClientCalls.main(new String[] {"POST", server + "/v1/outer"});
    System.exit(0); // the client's threads
  }

  private static String post(String url) {
    try {
      return UrlCalls.call("POST", url);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
