package dev.cordon.audit;

import dev.cordon.journal.JournalEntry;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * RFC 5424 messages over TCP (RFC 6587) or TLS (RFC 5425), each with its length in front.
 *
 * <p>Syslog has no answer. What a connection took counts only when the receiver has read it to its
 * end and closed it, too: each batch has a connection of its own, closed for writing behind the
 * last message.
 */
final class SyslogSink implements Sink {
  private static final int CONNECT_TIMEOUT_MS = 10_000;

  private final String host;
  private final int port;
  private final @Nullable SSLContext tls;
  private final int answerTimeoutMs;

  /**
   * @param tls null: plain TCP
   */
  SyslogSink(String host, int port, @Nullable SSLContext tls, int answerTimeoutMs) {
    this.host = host;
    this.port = port;
    this.tls = tls;
    this.answerTimeoutMs = answerTimeoutMs;
  }

  @Override
  public void send(List<JournalEntry> entries) throws IOException {
    try (Socket plain = new Socket()) {
      InetSocketAddress address = new InetSocketAddress(host, port);
      if (address.isUnresolved()) {
        throw new UnknownHostException(host + ": no such host");
      }
      plain.connect(address, CONNECT_TIMEOUT_MS);
      plain.setSoTimeout(answerTimeoutMs);
      plain.setTcpNoDelay(true);
      if (tls == null) {
        exchange(plain, entries);
      } else {
        try (SSLSocket socket =
            (SSLSocket) tls.getSocketFactory().createSocket(plain, host, port, true)) {
          SSLParameters parameters = socket.getSSLParameters();
          parameters.setEndpointIdentificationAlgorithm("HTTPS");
          socket.setSSLParameters(parameters);
          socket.startHandshake();
          exchange(socket, entries);
        }
      }
    }
  }

  private void exchange(Socket socket, List<JournalEntry> entries) throws IOException {
    OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 64 * 1024);
    for (JournalEntry entry : entries) {
      byte[] message = ExportForm.SYSLOG.line(entry).getBytes(StandardCharsets.UTF_8);
      out.write((message.length + " ").getBytes(StandardCharsets.US_ASCII));
      out.write(message);
    }
    out.flush();
    socket.shutdownOutput();
    long untilNs = System.nanoTime() + answerTimeoutMs * 1_000_000L;
    InputStream in = socket.getInputStream();
    byte[] ignored = new byte[512];
    try {
      while (in.read(ignored) >= 0) {
        if (System.nanoTime() - untilNs > 0) {
          throw new SocketTimeoutException();
        }
      }
    } catch (SocketTimeoutException e) {
      throw new IOException(
          "the receiver did not close the connection within "
              + answerTimeoutMs / 1_000
              + " s of its end, so nobody knows what it has",
          e);
    }
  }

  @Override
  public void close() {
    // each batch has its own connection
  }
}
