package dev.cordon.audit;

import dev.cordon.journal.Appended;
import dev.cordon.journal.Journal;
import dev.cordon.journal.JournalEntry;
import dev.cordon.journal.JournalOptions;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.JournalTailer;
import dev.cordon.journal.Level;
import dev.cordon.journal.RecordKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * {@code ship DIR --to URL}: sends journals to another system, each record once or more, to Kafka
 * exactly once.
 */
final class ShipCommand {

  private static final String HELP =
      """
      usage: java -jar cordon.jar ship DIR --to URL --state STATE [OPTIONS]
             java -jar cordon.jar ship DIR --to kafka://HOST:PORT/TOPIC --id NAME [OPTIONS]

      Sends the records below DIR to another system, those of each journal in their order, and
      remembers in the directory STATE how far it came. A record counts as sent when the receiver
      has it; after a break some are sent again, each with the same id. Kafka keeps the places
      itself, in the transactions of the records: who reads committed records gets each once.

            --to URL     syslog+tcp://HOST:PORT, syslog+tls://HOST:PORT (RFC 5424, each batch a
                         connection that the receiver must close at its end), or the http:// or
                         https:// address of an OTLP receiver, such as https://HOST:4318/v1/logs
            --state DIR  where the places are kept; made if it is not there
        -f, --follow     go on with what is written from now
            --ca FILE    certificates (PEM) to trust in place of those of this JVM
            --header-file FILE
                         lines NAME: VALUE that are sent with each request, as Authorization;
                         readable by its owner alone
            --batch N    records at a time, 1 to 10000; 500 without it
            --answer-within S
                         seconds that the receiver has to take a batch; 30 without it
            --give-up-after S
                         seconds without success after which it ends; 60 without it, never with
                         --follow
            --skip-refused
                         go on behind a record that the receiver does not want, and count it;
                         without it, it ends there

      to kafka://HOST:PORT[,HOST:PORT]/TOPIC:
            --id NAME    the transactional id: one for each DIR; a second process with it ends the
                         first
            --format F   ndjson (the default), ocsf, ecs, otlp-json, cef or syslog
            --progress-topic T
                         where the places are kept, compacted; TOPIC.cordon-progress without it
            --kafka-config FILE
                         properties for Kafka's client, as for TLS and SASL; readable by its owner
                         alone
            --kafka-libs PATH
                         Kafka's client: its jar, or the directory libs of a Kafka; repeat it for
                         login modules

      %s%s  -h, --help       this text

      exit codes: 0 all is sent, 1 some were refused and skipped, 2 not all is sent
      """
          .formatted(Selection.HELP, Access.HELP);

  private static final int BATCH = 500;
  private static final int MAX_BATCH = 10_000;
  private static final long ANSWER_S = 30;
  private static final long GIVE_UP_S = 60;
  private static final long MAX_SECONDS = 86_400;
  private static final long POLL_NS = 100_000_000L;
  private static final long LOOK_NS = 1_000_000_000L; // for journals of services that start later
  private static final long FIRST_WAIT_MS = 100;
  private static final long LONGEST_WAIT_MS = 30_000;
  private static final long TELL_NS = 60_000_000_000L;

  private final Path directory;
  private final Places places;
  private final String to;
  private final Selection selection;
  private final Sink sink;
  private final int batch;
  private final boolean follow;
  private final boolean skips;
  private final long giveUpNs;
  private final @Nullable Journal journal;
  private final @Nullable String actor;
  private final PrintStream err;

  private final Map<Path, Shipment> shipments = new LinkedHashMap<>();
  private long lookedNs;
  private long sent;
  private long skipped;
  private long toldNs = System.nanoTime();
  private long toldSent;
  private @Nullable JournalEntry oldest; // that waits for the receiver

  private ShipCommand(
      Path directory,
      Arguments given,
      String to,
      Selection selection,
      Sink sink,
      Places places,
      @Nullable Journal journal,
      @Nullable String actor,
      PrintStream err)
      throws UsageException {
    this.directory = directory;
    this.places = places;
    this.to = to;
    this.selection = selection;
    this.sink = sink;
    this.batch = (int) number(given, "--batch", BATCH, MAX_BATCH);
    this.follow = follows(given);
    this.skips = given.has("--skip-refused");
    this.giveUpNs =
        follow && given.value("--give-up-after") == null
            ? Long.MAX_VALUE
            : number(given, "--give-up-after", GIVE_UP_S, MAX_SECONDS) * 1_000_000_000L;
    this.journal = journal;
    this.actor = actor;
    this.err = err;
  }

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(HELP);
      return Exit.OK;
    }
    return Attempt.run("ship", err, () -> ship(arguments, out, err));
  }

  private static int ship(List<String> arguments, PrintStream out, PrintStream err)
      throws UsageException, IOException {
    Arguments given =
        Arguments.parse(
            arguments,
            Set.of("--follow", "-f", "--skip-refused"),
            Journals.options(
                Set.of(
                    "--to",
                    "--state",
                    "--ca",
                    "--header-file",
                    "--batch",
                    "--answer-within",
                    "--give-up-after",
                    "--id",
                    "--format",
                    "--progress-topic",
                    "--kafka-config",
                    "--kafka-libs")));
    Path directory = InventoryCommand.directory(given);
    Selection selection = Selection.of(given);
    if (follows(given) && selection.hasEnd()) {
      throw new UsageException("--follow has no end; leave --until out");
    }
    number(given, "--batch", BATCH, MAX_BATCH);
    String to = value(given, "--to");
    boolean isKafka = to.toLowerCase(Locale.ROOT).startsWith(KafkaAddress.SCHEME);
    checkOptions(given, isKafka);
    Journals.check(directory);
    if (isKafka) {
      return shipToKafka(arguments, given, directory, selection, out, err);
    }
    URI url = url(to);
    Path states = Path.of(value(given, "--state"));
    try (Sink sink = sink(url, given)) {
      Files.createDirectories(states);
      try (FileChannel channel =
              FileChannel.open(
                  states.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = ExportCommand.lock(channel, states)) {
        Places places = new PlaceFiles(states, url.toString(), selection);
        return ship(directory, given, url.toString(), selection, sink, places, out, err);
      }
    }
  }

  private static int ship(
      Path directory,
      Arguments given,
      String to,
      Selection selection,
      Sink sink,
      Places places,
      PrintStream out,
      PrintStream err)
      throws UsageException, IOException {
    try (Journal journal = journal(directory, given, selection)) {
      return new ShipCommand(
              directory, given, to, selection, sink, places, journal, Access.name(given), err)
          .shipAll(out);
    }
  }

  private static void checkOptions(Arguments given, boolean isKafka) throws UsageException {
    for (String option :
        isKafka
            ? List.of("--state", "--ca", "--header-file")
            : List.of("--id", "--format", "--progress-topic", "--kafka-config", "--kafka-libs")) {
      if (given.value(option) != null) {
        throw new UsageException(
            option + (isKafka ? " does not go with kafka:" : " goes with kafka: only"));
      }
    }
  }

  private static int shipToKafka(
      List<String> arguments,
      Arguments given,
      Path directory,
      Selection selection,
      PrintStream out,
      PrintStream err)
      throws UsageException, IOException {
    KafkaAddress to = KafkaAddress.of(value(given, "--to"), given.value("--progress-topic"));
    String id = value(given, "--id");
    if (!id.matches("[A-Za-z0-9._-]{1,100}")) {
      throw new UsageException("--id " + id + ": letters, digits, dots and dashes, at most 100");
    }
    ExportForm form = given.value("--format") == null ? ExportForm.NDJSON : ExportForm.of(given);
    if (form == ExportForm.CSV) {
      throw new UsageException("--format csv does not go with kafka: its lines have a head");
    }
    KafkaConfig config = KafkaConfig.read(given.value("--kafka-config"));
    int answerMs = (int) number(given, "--answer-within", ANSWER_S, MAX_SECONDS) * 1_000;
    if (!KafkaLibs.areHere(given.values("--kafka-libs"))) {
      return KafkaLibs.run(given.values("--kafka-libs"), arguments, out, err);
    }
    try (KafkaSink sink = new KafkaSink(to, id, form, selection, config, answerMs)) {
      return ship(directory, given, to.toString(), selection, sink, sink, out, err);
    }
  }

  private static boolean follows(Arguments given) {
    return given.has("--follow") || given.has("-f");
  }

  /** Records who ships; null when nobody says who it is. */
  private static @Nullable Journal journal(Path directory, Arguments given, Selection selection)
      throws UsageException, IOException {
    Access.record("ship", directory, given, selection.told());
    return Access.name(given) == null
        ? null
        : Journal.open(
            JournalOptions.of(JournalTailer.base(directory), Access.SERVICE)
                .withVersion(Main.version()));
  }

  // ---- what was given

  private static String value(Arguments given, String option) throws UsageException {
    String value = given.value(option);
    if (value == null) {
      throw new UsageException(option + " is needed; see --help");
    }
    return value;
  }

  private static long number(Arguments given, String option, long otherwise, long most)
      throws UsageException {
    String value = given.value(option);
    if (value == null) {
      return otherwise;
    }
    if (!value.matches("[0-9]{1,9}") || Long.parseLong(value) < 1 || Long.parseLong(value) > most) {
      throw new UsageException(option + " " + value + " is not one of 1 to " + most);
    }
    return Long.parseLong(value);
  }

  private static URI url(String given) throws UsageException {
    URI url;
    try {
      url = new URI(given);
    } catch (URISyntaxException e) {
      throw new UsageException("--to " + given + ": " + e.getReason());
    }
    String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    boolean syslog = scheme.equals("syslog+tcp") || scheme.equals("syslog+tls");
    if (!syslog && !scheme.equals("http") && !scheme.equals("https")) {
      throw new UsageException(
          "--to "
              + given
              + ": begins with none of syslog+tcp:, syslog+tls:, http:, https:, kafka:");
    }
    boolean more = url.getUserInfo() != null || url.getQuery() != null || url.getFragment() != null;
    if (url.getHost() == null || more) { // told without what may be a secret
      throw new UsageException(
          "--to "
              + url.getScheme()
              + "://...: give a host, a port and a path; what proves who you are goes to"
              + " --header-file");
    }
    if (syslog && (url.getPort() < 0 || !url.getPath().isEmpty())) {
      throw new UsageException("--to " + given + ": give a host and a port, no more");
    }
    return url;
  }

  private static Sink sink(URI url, Arguments given) throws UsageException, IOException {
    long answerS = number(given, "--answer-within", ANSWER_S, MAX_SECONDS);
    String ca = given.value("--ca");
    String headerFile = given.value("--header-file");
    boolean isTls = url.getScheme().equalsIgnoreCase("https");
    SSLContext tls = ca == null ? null : trusting(Path.of(ca));
    if (url.getScheme().toLowerCase(Locale.ROOT).startsWith("http")) {
      if (headerFile != null && !isTls && !isLoopback(url.getHost())) {
        throw new UsageException("--header-file goes with https: only");
      }
      return new OtlpSink(url, headers(headerFile), tls, Duration.ofSeconds(answerS));
    }
    if (headerFile != null) {
      throw new UsageException("--header-file goes with https: only");
    }
    boolean plain = url.getScheme().equalsIgnoreCase("syslog+tcp");
    SSLContext context = plain ? null : tls != null ? tls : ofThisJvm();
    return new SyslogSink(host(url), url.getPort(), context, (int) answerS * 1_000);
  }

  private static String host(URI url) {
    String host = url.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]");
  }

  private static SSLContext ofThisJvm() throws IOException {
    try {
      return SSLContext.getDefault();
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS: " + e.getMessage(), e);
    }
  }

  private static SSLContext trusting(Path file) throws UsageException, IOException {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      int count = 0;
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        trusted.setCertificateEntry("ca" + count++, one);
      }
      if (count == 0) {
        throw new UsageException("--ca " + file + " holds no certificate");
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new UsageException("--ca " + file + ": " + e.getMessage());
    }
  }

  private static Map<String, String> headers(@Nullable String file)
      throws UsageException, IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    if (file == null) {
      return headers;
    }
    Path path = Path.of(file);
    RuleKeys.checkPrivate("the header file", path);
    int number = 0;
    for (String line : Files.readAllLines(path, StandardCharsets.UTF_8)) {
      number++;
      int colon = line.indexOf(':');
      if (line.isBlank()) {
        continue;
      }
      if (colon < 1 || !line.substring(0, colon).matches("[A-Za-z0-9-]+")) {
        throw new UsageException(file + ":" + number + ": not NAME: VALUE");
      }
      headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    return headers;
  }

  // ---- the work

  private int shipAll(PrintStream out) throws UsageException, IOException {
    try {
      untilItWorks(sink::open, "all");
      look();
      if (shipments.isEmpty() && !follow) {
        throw new UsageException(
            "no journal below " + directory + "; name the one given to the agent as journal=");
      }
      while (true) {
        boolean any = false;
        for (Shipment shipment : List.copyOf(shipments.values())) {
          any |= shipSome(shipment);
        }
        tellNowAndThen();
        if (!any) {
          if (!follow && shipments.values().stream().noneMatch(Shipment::isUnsure)) {
            break;
          }
          LockSupport.parkNanos(POLL_NS);
          look();
        }
      }
    } catch (Sink.RefusedException e) {
      err.println("cordon ship: " + Plain.text(String.valueOf(e.getMessage())));
      return Exit.NOT_READ;
    } finally {
      closeAll();
      journalLag();
    }
    return told(out);
  }

  private void look() throws IOException, UsageException {
    long nowNs = System.nanoTime();
    if (!shipments.isEmpty() && nowNs - lookedNs < LOOK_NS) {
      return;
    }
    lookedNs = nowNs;
    for (Path log : JournalTailer.logs(directory)) {
      if (!shipments.containsKey(log)) {
        shipments.put(log, new Shipment(log, places, selection));
      }
    }
  }

  /** A journal that nobody writes any more is sent to its end: few are open at a time. */
  private boolean shipSome(Shipment shipment)
      throws IOException, UsageException, Sink.RefusedException {
    boolean any = false;
    boolean whole = shipment.problem().isEmpty();
    do {
      List<JournalEntry> entries = shipment.next(batch);
      String pruned = shipment.takePruned();
      if (!pruned.isEmpty()) {
        err.println("cordon ship: " + Plain.text(shipment.origin() + ": " + pruned));
      }
      if (entries.isEmpty()) {
        break;
      }
      any = true;
      deliver(shipment, entries);
    } while (!shipment.isLive());
    if (whole && !shipment.problem().isEmpty()) {
      err.println(
          "cordon ship: no more of " + Plain.text(shipment.origin() + ": " + shipment.problem()));
    }
    return any;
  }

  /** Halves what is refused, until it is known which record it is. */
  private void deliver(Shipment shipment, List<JournalEntry> entries)
      throws IOException, UsageException, Sink.RefusedException {
    JournalEntry last = entries.get(entries.size() - 1);
    try {
      sendOrWait(entries);
      sent += entries.size();
    } catch (Sink.RefusedException e) {
      if (entries.size() > 1) {
        deliver(shipment, entries.subList(0, entries.size() / 2));
        deliver(shipment, entries.subList(entries.size() / 2, entries.size()));
        return;
      }
      String told = to + " does not take " + ExportForm.id(last) + ": " + e.getMessage();
      if (!skips) {
        throw new Sink.RefusedException(
            told + "; it and what follows are not sent. --skip-refused leaves such records out");
      }
      skipped++;
      err.println("cordon ship: left out: " + Plain.text(told));
    }
    shipment.has(last);
  }

  private void sendOrWait(List<JournalEntry> entries)
      throws IOException, UsageException, Sink.RefusedException {
    oldest = entries.get(0);
    untilItWorks(() -> sink.send(entries), "those from " + ExportForm.id(entries.get(0)) + " on");
    oldest = null;
  }

  /** What may fail for a while. */
  @FunctionalInterface
  private interface Delivery {
    void run() throws IOException, UsageException, Sink.RefusedException;
  }

  private void untilItWorks(Delivery delivery, String waiting)
      throws IOException, UsageException, Sink.RefusedException {
    long sinceNs = System.nanoTime();
    long waitMs = FIRST_WAIT_MS;
    boolean told = false;
    while (true) {
      try {
        delivery.run();
        return;
      } catch (IOException e) {
        long triedNs = System.nanoTime() - sinceNs;
        String reason = to + ": " + reason(e);
        if (triedNs >= giveUpNs) {
          throw new UsageException(
              Plain.text(reason) + "; " + sent + " records were sent, run it again for " + waiting);
        }
        if (!told) {
          told = true;
          err.println("cordon ship: " + Plain.text(reason) + "; tried again");
        }
        long busyMs = e instanceof Sink.BusyException busy ? busy.waitMs : 0;
        LockSupport.parkNanos(Math.max(waitMs, busyMs) * 1_000_000);
        waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS);
        tellNowAndThen();
      }
    }
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    return message == null || message.isEmpty() ? e.getClass().getSimpleName() : message;
  }

  private void closeAll() {
    for (Shipment shipment : shipments.values()) {
      try {
        shipment.close();
      } catch (IOException e) {
        err.println(
            "cordon ship: "
                + Plain.text(
                    "the place in " + shipment.origin() + " is not kept: " + e.getMessage()));
      }
    }
  }

  // ---- what is told

  private long lagMs() {
    JournalEntry waiting = oldest;
    return waiting == null
        ? 0
        : Math.max(0, Instant.now().toEpochMilli() - waiting.time().toEpochMilli());
  }

  private void tellNowAndThen() {
    long nowNs = System.nanoTime();
    if (!follow || nowNs - toldNs < TELL_NS) {
      return;
    }
    toldNs = nowNs;
    long lagMs = lagMs();
    if (sent != toldSent || lagMs > 0) {
      err.println(
          "cordon ship: "
              + sent
              + " records sent to "
              + to
              + (lagMs == 0 ? "" : ", the oldest that waits is " + lagMs / 1_000 + " s old"));
      journalLag();
    }
    toldSent = sent;
  }

  private long missed() {
    long missed = 0;
    for (Shipment shipment : shipments.values()) {
      missed += shipment.missed();
    }
    return missed;
  }

  private void journalLag() {
    Journal own = journal;
    String name = actor;
    if (own == null || name == null) {
      return;
    }
    JournalRecord record =
        new JournalRecord(RecordKind.SHIP)
            .actor(name)
            .attribute("to", to.substring(0, to.indexOf(':')))
            .attribute("records", sent)
            .attribute("skipped", skipped)
            .attribute("pruned", missed())
            .attribute("lag-ms", lagMs());
    if (own.append(record, Level.COMMITTED, LOOK_NS) == Appended.FAILED) {
      err.println("cordon ship: the lag is not journaled: " + own.status().lastProblem());
    }
  }

  private int told(PrintStream out) {
    int problems = 0;
    for (Shipment shipment : shipments.values()) {
      problems += shipment.problem().isEmpty() ? 0 : 1;
    }
    out.println(
        sent
            + " records of "
            + shipments.size()
            + " journals sent"
            + (skipped == 0 ? "" : ", " + skipped + " refused and left out")
            + (missed() == 0 ? "" : ", " + missed() + " places pruned before they were sent")
            + (problems == 0 ? "" : ", " + problems + " journals not to their end"));
    return problems > 0 ? Exit.NOT_READ : skipped > 0 ? Exit.FOUND_PROBLEMS : Exit.OK;
  }
}
