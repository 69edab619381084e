package dev.cordon.it.services.protocol.http;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;

/** Answers every call with 200 and connects to nobody: a client that Cordon does not weave. */
public final class Handler extends URLStreamHandler {

  @Override
  protected URLConnection openConnection(URL url) {
    return new Connection(url);
  }

  @Override
  protected URLConnection openConnection(URL url, Proxy proxy) {
    return new Connection(url);
  }

  private static final class Connection extends HttpURLConnection {
    Connection(URL url) {
      super(url);
    }

    @Override
    public void connect() {}

    @Override
    public void disconnect() {}

    @Override
    public boolean usingProxy() {
      return false;
    }

    @Override
    public int getResponseCode() {
      return 200;
    }

    @Override
    public OutputStream getOutputStream() {
      return new ByteArrayOutputStream();
    }
  }
}
