package dev.cordon.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cordon.demo.Received.Vendor;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stripe, Slack, Zendesk and a language model as far as the services call them, each on a free
 * loopback port of its own, each remembering what it received.
 */
final class StandInVendors implements AutoCloseable {

  private static final int MAX_BODY_BYTES = 1024 * 1024;

  private final Credentials credentials;
  private final List<Received> received = new ArrayList<>(); // guarded by itself
  private final List<HttpServer> servers = new ArrayList<>();
  private final ExecutorService threads = Executors.newFixedThreadPool(4, this::daemon);
  private final URI stripe;
  private final URI slack;
  private final URI zendesk;
  private final URI model;

  private StandInVendors(Credentials credentials) throws IOException {
    this.credentials = credentials;
    this.stripe = start(Vendor.STRIPE, new StripeStandIn(credentials));
    this.slack = start(Vendor.SLACK, new SlackStandIn(credentials));
    this.zendesk = start(Vendor.ZENDESK, new ZendeskStandIn(credentials));
    this.model = start(Vendor.MODEL, new ModelStandIn(credentials));
  }

  static StandInVendors start() throws IOException {
    return new StandInVendors(Credentials.random());
  }

  /** For people who want to try the services by hand. */
  static void serveUntilInterrupted(PrintStream out) throws IOException, InterruptedException {
    try (StandInVendors vendors = start()) {
      out.println("export STRIPE_API_BASE=" + vendors.stripe());
      out.println("export STRIPE_API_KEY=" + vendors.credentials().stripeKey());
      out.println("export SLACK_API_URL=" + vendors.slack() + "/api/");
      out.println("export SLACK_BOT_TOKEN=" + vendors.credentials().slackToken());
      out.println("export ZENDESK_URL=" + vendors.zendesk());
      out.println("export ZENDESK_USER=" + vendors.credentials().zendeskUser());
      out.println("export ZENDESK_API_TOKEN=" + vendors.credentials().zendeskToken());
      out.println("export MODEL_API_BASE=" + vendors.model());
      out.println("export MODEL_API_KEY=" + vendors.credentials().modelKey());
      new CountDownLatch(1).await();
    }
  }

  URI stripe() {
    return stripe;
  }

  URI slack() {
    return slack;
  }

  URI zendesk() {
    return zendesk;
  }

  URI model() {
    return model;
  }

  Credentials credentials() {
    return credentials;
  }

  /** All that was received so far, in the order of its arrival. */
  List<Received> received() {
    synchronized (received) {
      return List.copyOf(received);
    }
  }

  @Override
  public void close() {
    for (HttpServer server : servers) {
      server.stop(0);
    }
    threads.shutdownNow();
  }

  private URI start(Vendor vendor, StandIn standIn) throws IOException {
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
    server.createContext("/", exchange -> handle(vendor, standIn, exchange));
    server.setExecutor(threads);
    server.start();
    servers.add(server);
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void handle(Vendor vendor, StandIn standIn, HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] bytes = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES);
      String body = new String(bytes, StandardCharsets.UTF_8);
      String method = exchange.getRequestMethod();
      String path = exchange.getRequestURI().getPath();
      String authorization = exchange.getRequestHeaders().getFirst("Authorization");
      Answer answer =
          standIn.answer(method, path, body, authorization == null ? "" : authorization);
      synchronized (received) {
        received.add(new Received(vendor, method, path, body, answer.status()));
      }
      send(exchange, answer);
    }
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", answer.contentType());
    exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
  }

  private Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "stand-in-vendor");
    thread.setDaemon(true);
    return thread;
  }

  /** How one vendor answers. Called by several threads. */
  interface StandIn {
    Answer answer(String method, String path, String body, String authorization);
  }

  /** A response; an empty text means no body. */
  record Answer(int status, String contentType, String body) {
    Answer(int status, String json) {
      this(status, "application/json; charset=utf-8", json);
    }
  }
}
