package dev.cordon.audit;

import static dev.cordon.audit.Run.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.journal.Journal;
import dev.cordon.journal.JournalOptions;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.Level;
import dev.cordon.journal.RecordKind;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ship} to a real broker; whatever dies, who reads committed records finds each once. */
@Timeout(900)
class KafkaShipTest {

  private static final long TEN_SECONDS_NS = 10_000_000_000L;
  private static final int KILLS = Integer.getInteger("cordon.ship.kills", 4);

  @TempDir static Path ofBroker;
  private static Broker broker;

  @TempDir Path temp;

  @BeforeAll
  static void startBroker() throws Exception {
    broker = new Broker(ofBroker);
  }

  @AfterAll
  static void endBroker() throws Exception {
    broker.close();
  }

  private Path base() {
    return temp.resolve("journal");
  }

  private static Map<String, List<String>> byJournal(List<String> ids) {
    return ids.stream().collect(Collectors.groupingBy(id -> id.substring(0, id.lastIndexOf(':'))));
  }

  /** Each once, and in the order of its journal. */
  private void assertExactlyOnce(String topic, String what) throws IOException {
    assertEquals(byJournal(Shipping.ids(base())), byJournal(broker.committed(topic)), what);
  }

  private String[] command(String topic, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "ship", base().toString(), "--to", "kafka://" + broker.servers() + "/" + topic));
    if (!Arrays.asList(more).contains("--id")) {
      arguments.addAll(List.of("--id", "shipper-of-" + topic));
    }
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  private Run ship(String topic, String... more) {
    return run(command(topic, more));
  }

  // ---- what holds

  @Test
  void eachCommittedRecordIsThereOnceAndASecondRunSendsOnlyWhatIsNew() throws Exception {
    broker.topics("once", 3, Map.of());
    Shipping.journal(base(), "crm", 1_234);
    Clock jumped = Clock.fixed(Instant.parse("2031-01-01T00:00:00Z"), ZoneOffset.UTC);
    try (Journal journal = Journal.open(JournalOptions.of(base(), "bot").withClock(jumped))) {
      Shipping.append(journal, 10); // brokers refuse records of a future like that
    }
    Run first = ship("once", "--batch", "100");
    assertEquals(0, first.exit(), first::toString);
    assertEquals("1244 records of 2 journals sent\n", first.out());
    assertEquals("", first.err());
    assertEquals("0 records of 2 journals sent\n", ship("once").out());
    Shipping.journal(base(), "crm", 5);
    assertEquals("5 records of 3 journals sent\n", ship("once").out());
    assertEquals(0, ship("once", "--as", "ops-on-call").exit());
    assertEquals(0, ship("once").exit()); // that somebody shipped is a journal, too
    assertExactlyOnce("once", "after four runs");
    Run other = ship("once", "--id", "another");
    assertEquals(2, other.exit(), other::toString);
    assertTrue(other.err().contains("was told by --id shipper-of-once"), other.err());
    Run selected = ship("once", "--kind", "call");
    assertEquals(2, selected.exit(), selected::toString);
    assertTrue(selected.err().contains("is of another selection"), selected.err());
    assertExactlyOnce("once", "and nothing more");
  }

  /** {@code -Dcordon.ship.kills=50} for more. */
  @Test
  void noneIsMissingOrTwiceHoweverOftenTheShipperIsKilled() throws Exception {
    broker.topics("killed", 1, Map.of());
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    int killed = 0;
    try (Journal journal = Journal.open(JournalOptions.of(base(), "crm"))) {
      for (int round = 0; round < KILLS; round++) {
        Shipping.append(journal, 2_000);
        long before = broker.written("killed");
        Process shipper = Shipping.fork(List.of(command("killed", "--follow", "--batch", "17")));
        try {
          long untilNs = System.nanoTime() + 6 * TEN_SECONDS_NS;
          while (broker.written("killed") == before
              && shipper.isAlive()
              && System.nanoTime() < untilNs) {
            Thread.sleep(1);
          }
          assertTrue(broker.written("killed") > before, "it ships until it is killed");
          Thread.sleep(random.nextInt(400)); // the moment of the kill
          assertTrue(shipper.isAlive(), "it ends by the kill alone");
          killed++;
        } finally {
          shipper.destroyForcibly();
          assertTrue(shipper.waitFor(60, TimeUnit.SECONDS));
        }
      }
      Shipping.append(journal, 10);
      long written = broker.written("killed");
      Run rest = ship("killed");
      assertEquals(0, rest.exit(), "seed " + seed + " " + rest);
      assertExactlyOnce("killed", "seed " + seed);
      int records = broker.committed("killed").size();
      assertEquals(KILLS * 2_000 + 10, records);
      System.out.println(
          killed
              + " kills, "
              + records
              + " records, each once; "
              + written
              + " places of the topic were used before the last run, which sent the rest: "
              + rest.out().strip());
    }
  }

  @Test
  void aBrokerThatDiesInATransactionLosesAndDoublesNothing() throws Exception {
    broker.topics("dying", 1, Map.of());
    Shipping.journal(base(), "crm", 600);
    CompletableFuture<Run> shipping =
        CompletableFuture.supplyAsync(
            () -> ship("dying", "--batch", "5", "--answer-within", "5", "--give-up-after", "120"));
    long untilNs = System.nanoTime() + 6 * TEN_SECONDS_NS;
    while (broker.written("dying") == 0 && System.nanoTime() < untilNs) {
      Thread.sleep(5);
    }
    assertTrue(broker.written("dying") > 0, "it ships until the broker dies");
    broker.kill();
    assertFalse(shipping.isDone());
    broker.startAgain();
    Run run = shipping.get(300, TimeUnit.SECONDS);
    assertEquals(0, run.exit(), run::toString);
    assertTrue(run.err().contains("; tried again"), run::toString);
    assertExactlyOnce("dying", run.toString());
  }

  @Test
  void ofTwoShippersWithOneIdTheSecondGoesOnAlone() throws Exception {
    broker.topics("fenced", 1, Map.of());
    try (Journal journal = Journal.open(JournalOptions.of(base(), "crm"))) {
      Shipping.append(journal, 50);
      CompletableFuture<Run> first =
          CompletableFuture.supplyAsync(() -> ship("fenced", "--follow"));
      long untilNs = System.nanoTime() + 6 * TEN_SECONDS_NS;
      while (broker.committed("fenced").size() < 50 && System.nanoTime() < untilNs) {
        Thread.sleep(20);
      }
      assertEquals(50, broker.committed("fenced").size());
      assertFalse(first.isDone(), "it follows");
      Run second = ship("fenced");
      assertEquals("0 records of 1 journals sent\n", second.out());
      Shipping.append(journal, 50);
      Run ended = first.get(60, TimeUnit.SECONDS);
      assertEquals(2, ended.exit(), ended::toString);
      assertTrue(ended.err().contains("another process ships with --id"), ended::toString);
      assertEquals("50 records of 1 journals sent\n", ship("fenced").out());
      assertExactlyOnce("fenced", "after the takeover");
    }
  }

  @Test
  void placesBehindAnOpenTransactionOfOthersAreNotOverlooked() throws Exception {
    broker.topics("shared", 1, Map.of());
    String places = "shared.cordon-progress";
    Shipping.journal(base(), "crm", 10);
    assertEquals("10 records of 1 journals sent\n", ship("shared").out());
    Properties settings = broker.client();
    settings.remove("default.api.timeout.ms");
    settings.setProperty("transactional.id", "somebody-else");
    StringSerializer texts = new StringSerializer();
    try (KafkaProducer<String, String> other = new KafkaProducer<>(settings, texts, texts)) {
      other.initTransactions();
      other.beginTransaction();
      for (int partition = 0; partition < 3; partition++) {
        other.send(new ProducerRecord<>(places, partition, "k", "v")).get(30, TimeUnit.SECONDS);
      }
      Run waiting = ship("shared", "--answer-within", "2", "--give-up-after", "1");
      assertEquals(2, waiting.exit(), waiting::toString);
      assertTrue(
          waiting.err().contains("a transaction of another producer may be open"), waiting.err());
      other.abortTransaction();
      assertEquals("0 records of 1 journals sent\n", ship("shared").out());
      assertExactlyOnce("shared", "nothing was sent again");
    }
  }

  /** A topic of places that is given more partitions has the places of a key in more than one. */
  @Test
  void anOlderPlaceThatIsReadLaterSendsNothingAgain() throws Exception {
    broker.topics("grown", 1, Map.of());
    String places = "grown.cordon-progress";
    try (Journal journal = Journal.open(JournalOptions.of(base(), "crm"))) {
      Shipping.append(journal, 5);
      assertEquals("5 records of 1 journals sent\n", ship("grown").out());
      ConsumerRecord<String, String> old = broker.records(places).get(0);
      Shipping.append(journal, 5);
      assertEquals("5 records of 1 journals sent\n", ship("grown").out());
      StringSerializer texts = new StringSerializer();
      try (KafkaProducer<String, String> other =
          new KafkaProducer<>(broker.client(), texts, texts)) {
        for (int partition = 0; partition < 3; partition++) {
          other
              .send(new ProducerRecord<>(places, partition, old.key(), old.value()))
              .get(30, TimeUnit.SECONDS);
        }
      }
      assertEquals("0 records of 1 journals sent\n", ship("grown").out());
      assertExactlyOnce("grown", "nothing was sent again");
    }
  }

  @Test
  void aRecordThatIsTooLargeIsFoundAndNeverLeftOutUnasked() throws Exception {
    broker.topics("small", 1, Map.of("max.message.bytes", "900"));
    try (Journal journal = Journal.open(JournalOptions.of(base(), "crm"))) {
      Shipping.append(journal, 20);
      List<String> fields = new ArrayList<>();
      for (int i = 0; i < 14; i++) {
        fields.add("a-field-with-a-rather-long-name-and-a-letter-" + (char) ('a' + i));
      }
      journal.append(
          new JournalRecord(RecordKind.CALL_REQUEST).fields(fields).decision("deny"),
          Level.COMMITTED,
          TEN_SECONDS_NS);
      Shipping.append(journal, 20);
    }
    Run stopped = ship("small");
    assertEquals(2, stopped.exit(), stopped::toString);
    assertTrue(stopped.err().contains(": it is too large for the topic"), stopped.err());
    assertEquals(20, broker.committed("small").size());
    Run skipping = ship("small", "--skip-refused");
    assertEquals(1, skipping.exit(), skipping::toString);
    assertEquals("20 records of 1 journals sent, 1 refused and left out\n", skipping.out());
    assertEquals(40, new HashSet<>(broker.committed("small")).size());
    assertEquals(40, broker.committed("small").size());
    assertEquals(0, ship("small").exit(), "what was left out is behind");
  }

  @Test
  void topicsThatAreMissingOrForgetAreToldWithTheWayOut() throws Exception {
    Shipping.journal(base(), "crm", 3);
    Run none = ship("nowhere");
    assertEquals(2, none.exit(), none::toString);
    assertTrue(none.err().contains("--create --topic nowhere"), none.err());
    broker.topic("half", 1, Map.of());
    Run half = ship("half");
    assertTrue(
        half.err().contains("--topic half.cordon-progress --config cleanup.policy=compact"),
        half.err());
    broker.topic("half.cordon-progress", 1, Map.of("cleanup.policy", "delete"));
    Run forgets = ship("half");
    assertEquals(2, forgets.exit(), forgets::toString);
    assertTrue(forgets.err().contains("forgets places (cleanup.policy=delete)"), forgets.err());
    assertEquals(List.of(), broker.committed("half"));
  }

  @Test
  void whatProvesWhoOneIsComesFromAPrivateFileAndIsNeverTold() throws Exception {
    broker.topics("sasl", 1, Map.of());
    Shipping.journal(base(), "crm", 7);
    String jaas =
        "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.jaas.config="
            + "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"shipper\""
            + " password=\"%s\";\n";
    Path wrong = config("wrong", String.format(jaas, "not-the-password"));
    String[] to = {
      "ship", base().toString(), "--to", "kafka://" + broker.saslServers() + "/sasl", "--id", "s"
    };
    Run refused = run(with(to, "--kafka-config", wrong.toString()));
    assertEquals(2, refused.exit(), refused::toString);
    assertTrue(refused.err().contains("SaslAuthenticationException"), refused.err());
    Path right = config("right", String.format(jaas, Broker.PASSWORD));
    Run run = run(with(to, "--kafka-config", right.toString(), "--as", "shipper"));
    assertEquals(0, run.exit(), run::toString);
    Path torn = config("torn", String.format(jaas, "half-of-a-password\" more=").replace(";", ""));
    Run unread = run(with(to, "--kafka-config", torn.toString()));
    assertEquals(2, unread.exit(), unread::toString);
    for (Run one : List.of(refused, run, unread)) {
      assertFalse(one.toString().contains("password"), one::toString);
    }
    try (Stream<Path> files = Files.walk(base())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertFalse(text.contains(Broker.PASSWORD), file::toString);
      }
    }
    Path ours = config("ours", "acks=1\nisolation.level=read_uncommitted\n");
    Run set = run(with(to, "--kafka-config", ours.toString()));
    assertTrue(set.err().contains("acks, isolation.level cannot be set there"), set.err());
    Files.setPosixFilePermissions(right, PosixFilePermissions.fromString("rw-r--r--"));
    Run open = run(with(to, "--kafka-config", right.toString()));
    assertTrue(open.err().contains("chmod 600"), open.err());
  }

  private Path config(String name, String text) throws IOException {
    Path file = temp.resolve(name);
    Files.writeString(file, text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static String[] with(String[] some, String... more) {
    return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void aDeadBrokerEndsItAfterItsTimeAndNothingIsLost() throws Exception {
    Shipping.journal(base(), "crm", 30);
    String nobody;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      nobody = "kafka://127.0.0.1:" + free.getLocalPort() + "/t";
    }
    String[] command = {"ship", base().toString(), "--to", nobody, "--id", "s"};
    Run run = run(with(command, "--answer-within", "1", "--give-up-after", "1"));
    assertEquals(2, run.exit(), run::toString);
    assertTrue(run.err().contains("0 records were sent, run it again for all"), run.err());
  }

  @Test
  void wrongUseIsToldAndSendsNothing() {
    Shipping.journal(base(), "crm", 3);
    for (String to :
        List.of(
            "kafka://localhost/topic",
            "kafka://localhost:1",
            "kafka://user:word@localhost:1/topic",
            "kafka://localhost:1/topic?key=word@",
            "kafka://localhost:1/a topic")) {
      Run run = run("ship", base().toString(), "--to", to, "--id", "s");
      assertEquals(2, run.exit(), to);
      assertFalse(run.err().contains("word@"), run.err());
    }
    String to = "kafka://localhost:1/t";
    for (String[] more :
        new String[][] {
          {},
          {"--id", "two words"},
          {"--id", "s", "--state", "x"},
          {"--id", "s", "--format", "csv"},
          {"--id", "s", "--progress-topic", "t"},
          {"--id", "s", "--kafka-libs", temp.resolve("none").toString()},
          {"--id", "s", "--kafka-config", temp.resolve("none").toString()}
        }) {
      Run run = run(with(new String[] {"ship", base().toString(), "--to", to}, more));
      assertEquals(2, run.exit(), run::toString);
      assertEquals(1, run.err().lines().count(), run.err());
    }
    Run syslog =
        run("ship", base() + "", "--to", "syslog+tcp://localhost:1", "--state", "x", "--id", "s");
    assertTrue(syslog.err().contains("--id goes with kafka: only"), syslog.err());
  }

  /** cordon.jar has no client of Kafka. */
  @Test
  void theUsersOwnClientIsTakenFromWhereItIs() throws Exception {
    broker.topics("libs", 1, Map.of());
    Shipping.journal(base(), "crm", 5);
    List<String> mine = new ArrayList<>();
    String client = "";
    for (String one : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      String name = String.valueOf(Path.of(one).getFileName());
      client = name.startsWith("kafka-clients-") ? one : client;
      if (one.contains("cordon")
          || name.matches(
              "(classes|test-classes|isolated|.*journal.*jar|jackson-core.*|snakeyaml-engine.*|slf4j-api.*)")) {
        mine.add(one);
      }
    }
    String path = String.join(File.pathSeparator, mine);
    assertFalse(path.contains("kafka-clients"), path);
    Run without = forked(path, command("libs"));
    assertEquals(2, without.exit(), without::toString);
    assertTrue(without.err().contains("name it with --kafka-libs"), without.err());
    Run with = forked(path, command("libs", "--kafka-libs", client, "--as", "ops"));
    assertEquals(0, with.exit(), with::toString);
    assertTrue(with.out().contains(" journals sent"), with::toString);
    assertTrue(broker.committed("libs").size() >= 5);
    assertEquals("", with.err());
    Path empty = Files.createDirectory(temp.resolve("empty"));
    Run none = forked(path, command("libs", "--kafka-libs", empty.toString()));
    assertEquals(2, none.exit(), none::toString);
    assertTrue(none.err().contains("no kafka-clients.jar in " + empty), none.err());
  }

  private Run forked(String classPath, String... arguments) throws Exception {
    List<String> command = Shipping.java(classPath);
    command.addAll(List.of(arguments));
    Path out = temp.resolve("out");
    Path err = temp.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertTrue(process.waitFor(120, TimeUnit.SECONDS));
    } finally {
      process.destroyForcibly();
    }
    return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
  }
}
