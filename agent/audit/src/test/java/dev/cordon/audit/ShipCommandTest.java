package dev.cordon.audit;

import static dev.cordon.audit.Run.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cordon.journal.Journal;
import dev.cordon.journal.JournalEntry;
import dev.cordon.journal.JournalOptions;
import dev.cordon.journal.JournalTailer;
import dev.cordon.journal.RecordKind;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ship}, to receivers that work, refuse, hang, lie and die. */
@Timeout(300)
class ShipCommandTest {

  private static final long TEN_SECONDS_NS = 10_000_000_000L;
  private static final int KILLS = Integer.getInteger("cordon.ship.kills", 5);
  private static final Pattern SYSLOG_ID = Pattern.compile(" id=\"([^\"]+)\"");
  private static final Pattern OTLP_ID =
      Pattern.compile("\"cordon.id\",\"value\":\\{\"stringValue\":\"([^\"]+)\"");

  @TempDir Path temp;

  // ---- receivers

  /** Reads each connection to its end, as RFC 6587 counts, and closes it. */
  private static final class SyslogReceiver implements AutoCloseable {
    final ServerSocket server;
    final ConcurrentLinkedQueue<String> messages = new ConcurrentLinkedQueue<>();
    final AtomicInteger connections = new AtomicInteger();
    private final boolean closes;
    private final List<Socket> open = Collections.synchronizedList(new ArrayList<>());

    SyslogReceiver(@Nullable SSLContext tls, boolean closes) throws IOException {
      InetAddress loopback = InetAddress.getByName("127.0.0.1");
      server =
          tls == null
              ? new ServerSocket(0, 50, loopback)
              : tls.getServerSocketFactory().createServerSocket(0, 50, loopback);
      this.closes = closes;
      Thread thread = new Thread(this::accept, "receiver");
      thread.setDaemon(true);
      thread.start();
    }

    private void accept() {
      while (!server.isClosed()) {
        try {
          Socket socket = server.accept();
          open.add(socket);
          connections.incrementAndGet();
          try {
            read(socket);
          } finally {
            if (closes) {
              socket.close();
            }
          }
        } catch (IOException e) {
          // the shipper was killed, or the test ends
        }
      }
    }

    private void read(Socket socket) throws IOException {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (int c = in.read(); c >= 0; c = in.read()) {
        int length = 0;
        for (; c != ' '; c = in.read()) {
          assertTrue(c >= '0' && c <= '9', "a length");
          length = length * 10 + c - '0';
        }
        byte[] message = in.readNBytes(length);
        if (message.length == length) { // else torn
          messages.add(new String(message, StandardCharsets.UTF_8));
        }
      }
    }

    List<String> ids() {
      List<String> ids = new ArrayList<>();
      for (String message : messages) {
        Matcher id = SYSLOG_ID.matcher(message);
        assertTrue(id.find(), message);
        ids.add(id.group(1));
      }
      return ids;
    }

    String url(String scheme, String host) {
      return scheme + "://" + host + ":" + server.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      server.close();
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  /** Answers the nth request, from 0 on, with a status; keeps what it took. */
  private static final class OtlpReceiver implements AutoCloseable {
    final HttpServer server;
    final List<String> ids = Collections.synchronizedList(new ArrayList<>());
    final List<String> headers = Collections.synchronizedList(new ArrayList<>());
    final AtomicInteger requests = new AtomicInteger();
    volatile String poison = "\u0000";
    volatile String answer = "{}";

    OtlpReceiver(IntUnaryOperator statuses) throws IOException {
      server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
      server.createContext("/v1/logs", exchange -> answer(exchange, statuses));
      server.start();
    }

    private void answer(HttpExchange exchange, IntUnaryOperator statuses) throws IOException {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      headers.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      int status = statuses.applyAsInt(requests.getAndIncrement());
      if (body.contains(poison)) {
        status = 400;
      }
      if (status == 200) {
        Matcher id = OTLP_ID.matcher(body);
        while (id.find()) {
          ids.add(id.group(1));
        }
      }
      byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Retry-After", "0");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
      exchange.close();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/logs";
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  // ---- journals

  private Path base() {
    return temp.resolve("journal");
  }

  private Path state() {
    return temp.resolve("state");
  }

  private Run ship(String to, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("ship", base().toString(), "--to", to, "--state", state().toString()));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  // ---- what holds

  @Test
  void eachRecordArrivesOnceAndASecondRunSendsOnlyWhatIsNew() throws Exception {
    Shipping.journal(base(), "crm", 1_234);
    Shipping.journal(base(), "bot", 10);
    try (SyslogReceiver receiver = new SyslogReceiver(null, true)) {
      Run first = ship(receiver.url("syslog+tcp", "127.0.0.1"), "--batch", "100");
      assertEquals(0, first.exit(), first::toString);
      assertEquals("1244 records of 2 journals sent\n", first.out());
      assertEquals(sorted(Shipping.ids(base())), sorted(receiver.ids()));
      Run again = ship(receiver.url("syslog+tcp", "127.0.0.1"));
      assertEquals("0 records of 2 journals sent\n", again.out());
      Shipping.journal(base(), "crm", 5);
      assertEquals(
          "5 records of 3 journals sent\n", ship(receiver.url("syslog+tcp", "127.0.0.1")).out());
      assertEquals(Shipping.ids(base()), inOrderOf(Shipping.ids(base()), receiver.ids()));
    }
  }

  private static List<String> sorted(List<String> ids) {
    return ids.stream().sorted().toList();
  }

  /** Each journal's records came in their order. */
  private static List<String> inOrderOf(List<String> all, List<String> ids) {
    List<String> ordered = new ArrayList<>();
    Set<String> logs = new HashSet<>();
    for (String id : all) {
      String log = id.substring(0, id.lastIndexOf(':'));
      if (logs.add(log)) {
        ids.stream().filter(one -> one.startsWith(log + ":")).forEach(ordered::add);
      }
    }
    return ordered;
  }

  @Test
  void aReceiverThatDoesNotCloseIsNotBelieved() throws Exception {
    Shipping.journal(base(), "crm", 10);
    try (SyslogReceiver receiver = new SyslogReceiver(null, false)) {
      String to = receiver.url("syslog+tcp", "127.0.0.1");
      Run run = ship(to, "--answer-within", "1", "--give-up-after", "1");
      assertEquals(2, run.exit(), run::toString);
      assertTrue(run.err().contains("did not close the connection within 1 s"), run.err());
      assertTrue(run.err().contains("0 records were sent, run it again"), run.err());
      assertEquals(10, new HashSet<>(receiver.ids()).size()); // it has them, and nobody knows
      try (Stream<Path> files = Files.list(state())) {
        assertEquals(List.of(".lock"), files.map(file -> "" + file.getFileName()).toList());
      }
    }
  }

  @Test
  void overTlsOnlyWhomTheGivenCertificatesVouchFor() throws Exception {
    Shipping.journal(base(), "crm", 20);
    Path keys = keys("localhost");
    Path others = keys("other.example.com");
    try (SyslogReceiver receiver = new SyslogReceiver(context(keys), true)) {
      String to = receiver.url("syslog+tls", "localhost");
      Run unknown = ship(to, "--ca", pem(others).toString(), "--give-up-after", "1");
      assertEquals(2, unknown.exit(), unknown::toString);
      Run wrongName =
          ship(
              receiver.url("syslog+tls", "127.0.0.1"),
              "--ca",
              pem(keys).toString(),
              "--give-up-after",
              "1");
      assertEquals(2, wrongName.exit(), wrongName::toString);
      assertEquals(List.of(), receiver.ids());
      Run run = ship(to, "--ca", pem(keys).toString(), "--batch", "7");
      assertEquals(0, run.exit(), run::toString);
      assertEquals(Shipping.ids(base()), receiver.ids());
    }
  }

  private Path keys(String name) throws Exception {
    Path file = temp.resolve(name + ".p12");
    keytool(
        "-genkeypair -alias k -keyalg EC -dname CN=" + name + " -ext san=dns:" + name,
        "-storetype PKCS12 -storepass loopback -keystore " + file);
    return file;
  }

  private static Path pem(Path keys) throws Exception {
    Path file = keys.resolveSibling(keys.getFileName() + ".pem");
    keytool("-exportcert -rfc -alias k -file " + file, "-storepass loopback -keystore " + keys);
    return file;
  }

  private static void keytool(String... words) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(String.join(" ", words).split(" ", -1)));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
  }

  private static SSLContext context(Path keys) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keys)) {
      store.load(in, "loopback".toCharArray());
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, "loopback".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  @Test
  void anOtlpReceiverThatIsBusyIsAskedAgain() throws Exception {
    Shipping.journal(base(), "crm", 50);
    Path headers = temp.resolve("headers");
    Files.writeString(headers, "Authorization: Bearer for-a-test\n\n");
    Files.setPosixFilePermissions(headers, PosixFilePermissions.fromString("rw-------"));
    int[] statuses = {503, 429, 200, 504, 200, 502, 200};
    try (OtlpReceiver receiver = new OtlpReceiver(n -> n < statuses.length ? statuses[n] : 200)) {
      Run run = ship(receiver.url(), "--batch", "20", "--header-file", headers.toString());
      assertEquals(0, run.exit(), run::toString);
      assertEquals(Shipping.ids(base()), receiver.ids);
      assertEquals(Set.of("Bearer for-a-test"), Set.copyOf(receiver.headers));
      assertTrue(run.err().contains("it answers 503; tried again"), run.err());
      assertFalse(run.err().contains("for-a-test"), run.err());
    }
  }

  @Test
  void aRecordThatIsRefusedIsFoundAndNeverLeftOutUnasked() throws Exception {
    Shipping.journal(base(), "crm", 100);
    try (OtlpReceiver receiver = new OtlpReceiver(n -> 200)) {
      String poisoned = Shipping.ids(base()).get(37);
      receiver.poison = poisoned + "\"";
      Run stopped = ship(receiver.url());
      assertEquals(2, stopped.exit(), stopped::toString);
      assertTrue(stopped.err().contains("does not take " + poisoned + ":"), stopped.err());
      assertEquals(Shipping.ids(base()).subList(0, 37), receiver.ids);
      Run stoppedAgain = ship(receiver.url());
      assertEquals(2, stoppedAgain.exit());
      assertEquals(37, receiver.ids.size());
      Run skipping = ship(receiver.url(), "--skip-refused");
      assertEquals(1, skipping.exit(), skipping::toString);
      assertEquals("62 records of 1 journals sent, 1 refused and left out\n", skipping.out());
      List<String> expected = new ArrayList<>(Shipping.ids(base()));
      expected.remove(poisoned);
      assertEquals(expected, receiver.ids);
    }
  }

  @Test
  void anAnswerOf200ThatRejectsRecordsIsNoSuccess() throws Exception {
    Shipping.journal(base(), "crm", 3);
    try (OtlpReceiver receiver = new OtlpReceiver(n -> 200)) {
      receiver.answer = "{\"partialSuccess\":{\"rejectedLogRecords\":\"1\"}}";
      Run run = ship(receiver.url());
      assertEquals(2, run.exit(), run::toString);
      assertTrue(run.err().contains("it rejects 1 of them"), run.err());
    }
  }

  @Test
  void aDeadReceiverEndsItAfterItsTimeAndNothingIsLost() throws Exception {
    Shipping.journal(base(), "crm", 30);
    String nobody;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      nobody = "syslog+tcp://127.0.0.1:" + free.getLocalPort();
    }
    Run run = ship(nobody, "--give-up-after", "1");
    assertEquals(2, run.exit(), run::toString);
    assertTrue(
        run.err().contains("run it again for those from " + Shipping.ids(base()).get(0)),
        run.err());
  }

  @Test
  void whoShipsAndHowFarItCameIsJournaled() throws Exception {
    Shipping.journal(base(), "crm", 30);
    try (SyslogReceiver receiver = new SyslogReceiver(null, true)) {
      Run run = ship(receiver.url("syslog+tcp", "127.0.0.1"), "--as", "ops-on-call");
      assertEquals(0, run.exit(), run::toString);
    }
    List<JournalEntry> told = new ArrayList<>();
    try (JournalTailer tailer = JournalTailer.open(base().resolve("access"))) {
      for (JournalEntry entry = tailer.poll(); entry != null; entry = tailer.poll()) {
        told.add(entry);
      }
    }
    assertEquals("ship", told.get(0).attributes().get("command"));
    JournalEntry last =
        told.stream().filter(entry -> entry.kind() == RecordKind.SHIP).findFirst().orElseThrow();
    assertEquals("ops-on-call", last.actor());
    assertEquals("syslog+tcp", last.attributes().get("to"));
    assertTrue(Long.parseLong(last.attributes().get("records")) >= 30, "" + last.attributes());
    assertEquals("0", last.attributes().get("lag-ms"));
  }

  @Test
  void aStateOfAnotherReceiverOrOfAJournalThatWasCutIsNotGoneOnFrom() throws Exception {
    Shipping.journal(base(), "crm", 30);
    Path log = JournalTailer.logs(base()).get(0);
    try (SyslogReceiver receiver = new SyslogReceiver(null, true)) {
      String to = receiver.url("syslog+tcp", "127.0.0.1");
      assertEquals(0, ship(to).exit());
      Run other = ship("syslog+tcp://localhost:1");
      assertEquals(2, other.exit());
      assertTrue(other.err().contains("name another --state"), other.err());
      Path state;
      try (Stream<Path> files = Files.list(state())) {
        state = files.filter(file -> file.toString().endsWith(".next")).findFirst().orElseThrow();
      }
      Files.writeString(state, Files.readString(state).replaceAll("next [0-9]+", "next 4000"));
      Run cut = ship(to);
      assertEquals(2, cut.exit(), cut::toString);
      assertTrue(cut.err().contains("and 4000 records of it were shipped"), cut.err());
      assertTrue(cut.err().contains(String.valueOf(log.getFileName())), cut.err());
      Files.writeString(state, "x".repeat(10_000));
      assertEquals(2, ship(to).exit());
    }
  }

  @Test
  void wrongUseIsToldAndSendsNothing() throws Exception {
    Shipping.journal(base(), "crm", 3);
    for (String to :
        List.of(
            "ftp://localhost:1",
            "syslog+tcp://localhost",
            "syslog+tcp://localhost:1/x",
            "https://user:word@localhost/v1/logs",
            "https://localhost/v1/logs?key=word@",
            "not a url",
            "http:/v1/logs")) {
      Run run = ship(to);
      assertEquals(2, run.exit(), to);
      assertFalse(run.err().contains("word@"), run.err());
    }
    Path open = temp.resolve("open");
    Files.writeString(open, "Authorization: x\n");
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
    Run readable = ship("https://localhost:1/", "--header-file", open.toString());
    assertTrue(readable.err().contains("chmod 600"), readable.err());
    assertEquals(2, ship("http://example.com/", "--header-file", open.toString()).exit());
    assertEquals(2, ship("https://localhost:1/", "--batch", "0").exit());
    assertEquals(2, ship("https://localhost:1/", "--follow", "--until", "2026-01-01").exit());
    assertFalse(Files.exists(state()));
  }

  /** {@code -Dcordon.ship.kills=50} for more. */
  @Test
  void noRecordIsMissingHoweverOftenTheShipperIsKilled() throws Exception {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    try (SyslogReceiver receiver = new SyslogReceiver(null, true);
        Journal journal = Journal.open(JournalOptions.of(base(), "crm"))) {
      String to = receiver.url("syslog+tcp", "127.0.0.1");
      for (int round = 0; round < KILLS; round++) {
        Shipping.append(journal, 2_000);
        int before = receiver.messages.size();
        Process shipper = shipper(to);
        try {
          long untilNs = System.nanoTime() + 6 * TEN_SECONDS_NS;
          while (receiver.messages.size() == before
              && shipper.isAlive()
              && System.nanoTime() < untilNs) {
            Thread.sleep(1);
          }
          assertTrue(receiver.messages.size() > before, "it ships until it is killed");
          Thread.sleep(random.nextInt(60)); // the moment of the kill
          assertTrue(shipper.isAlive(), "it ends by the kill alone");
        } finally {
          shipper.destroyForcibly();
          assertTrue(shipper.waitFor(60, TimeUnit.SECONDS));
        }
      }
      Shipping.append(journal, 10);
      Run rest = ship(to);
      assertEquals(0, rest.exit(), "seed " + seed + " " + rest);
      List<String> all = Shipping.ids(base());
      assertEquals(KILLS * 2_000 + 10, all.size());
      assertEquals(new HashSet<>(all), new HashSet<>(receiver.ids()), "seed " + seed);
      int twice = receiver.ids().size() - all.size();
      System.out.println(KILLS + " kills, " + all.size() + " records, " + twice + " sent twice");
      assertTrue(twice <= KILLS * 17, "no more than one batch a kill: " + twice);
    }
  }

  private Process shipper(String to) throws IOException {
    return Shipping.fork(
        List.of(
            "ship",
            base().toString(),
            "--to",
            to,
            "--follow",
            "--batch",
            "17",
            "--state",
            state().toString()));
  }
}
