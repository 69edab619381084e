package dev.cordon.audit;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;

/** One broker on loopback, its own controller (KRaft), in a process that a test may kill. */
final class Broker implements AutoCloseable {

  static final String PASSWORD = "loopback-password";

  private static final long START_NS = 120_000_000_000L;

  private final Path directory;
  private final int port = freePort();
  private final int saslPort = freePort();
  private final Path config;
  private Process process;

  Broker(Path directory) throws Exception {
    this.directory = directory;
    this.config = directory.resolve("server.properties");
    int controller = freePort();
    Files.writeString(
        config,
        String.join(
            "\n",
            "process.roles=broker,controller",
            "node.id=1",
            "controller.quorum.voters=1@127.0.0.1:" + controller,
            "controller.listener.names=CONTROLLER",
            "listeners=PLAINTEXT://127.0.0.1:"
                + port
                + ",SASL://127.0.0.1:"
                + saslPort
                + ",CONTROLLER://127.0.0.1:"
                + controller,
            "listener.security.protocol.map="
                + "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL:SASL_PLAINTEXT",
            "sasl.enabled.mechanisms=PLAIN",
            "listener.name.sasl.plain.sasl.jaas.config="
                + "org.apache.kafka.common.security.plain.PlainLoginModule required user_shipper=\""
                + PASSWORD
                + "\";",
            "log.dirs=" + directory.resolve("data"),
            "auto.create.topics.enable=false",
            "offsets.topic.num.partitions=1",
            "offsets.topic.replication.factor=1",
            "transaction.state.log.num.partitions=1",
            "transaction.state.log.replication.factor=1",
            "transaction.state.log.min.isr=1",
            "num.network.threads=1",
            "num.io.threads=2",
            ""));
    process = start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return free.getLocalPort();
    }
  }

  private Process start() throws Exception {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            BrokerChild.class.getName(),
            config.toString());
    File log = directory.resolve("broker.log").toFile();
    Process started =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
            .start();
    long untilNs = System.nanoTime() + START_NS;
    while (true) {
      try (Admin admin = admin()) {
        if (!admin.describeCluster().nodes().get().isEmpty()) {
          return started;
        }
      } catch (ExecutionException e) {
        // not yet
      }
      if (!started.isAlive() || System.nanoTime() - untilNs > 0) {
        started.destroyForcibly();
        throw new IllegalStateException("no broker: " + Files.readString(log.toPath()));
      }
    }
  }

  /** As the power does it. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(60, TimeUnit.SECONDS);
  }

  void startAgain() throws Exception {
    process = start();
  }

  String servers() {
    return "127.0.0.1:" + port;
  }

  String saslServers() {
    return "127.0.0.1:" + saslPort;
  }

  Properties client() {
    Properties client = new Properties();
    client.setProperty("bootstrap.servers", servers());
    client.setProperty("request.timeout.ms", "2000");
    client.setProperty("default.api.timeout.ms", "2000");
    return client;
  }

  Admin admin() {
    return Admin.create(client());
  }

  /** A topic of so many partitions, and the one beside it for places. */
  void topics(String name, int partitions, Map<String, String> settings) throws Exception {
    topic(name, partitions, settings);
    topic(name + ".cordon-progress", 3, Map.of("cleanup.policy", "compact"));
  }

  void topic(String name, int partitions, Map<String, String> settings) throws Exception {
    try (Admin admin = admin()) {
      admin
          .createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(settings)))
          .all()
          .get(60, TimeUnit.SECONDS);
    }
  }

  /** How many were written, also in transactions that have not ended or were aborted. */
  long written(String topic) throws Exception {
    TopicPartition first = new TopicPartition(topic, 0);
    try (Admin admin = admin()) {
      return admin
          .listOffsets(
              Map.of(first, OffsetSpec.latest()),
              new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
          .partitionResult(first)
          .get(60, TimeUnit.SECONDS)
          .offset();
    }
  }

  /** The ids of all committed records, those of each partition in their order. */
  List<String> committed(String topic) {
    return records(topic).stream()
        .map(record -> header(record, "cordon.origin") + ":" + header(record, "cordon.index"))
        .toList();
  }

  /** All committed records, those of each partition in their order. */
  List<ConsumerRecord<String, String>> records(String topic) {
    Properties reading = client();
    reading.setProperty("isolation.level", "read_committed");
    List<ConsumerRecord<String, String>> records = new ArrayList<>();
    StringDeserializer texts = new StringDeserializer();
    try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(reading, texts, texts)) {
      List<TopicPartition> partitions = new ArrayList<>();
      consumer
          .partitionsFor(topic)
          .forEach(one -> partitions.add(new TopicPartition(topic, one.partition())));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions); // of what is committed
      for (TopicPartition partition : partitions) {
        while (consumer.position(partition) < ends.getOrDefault(partition, 0L)) {
          consumer.poll(Duration.ofMillis(100)).forEach(records::add);
        }
      }
    }
    return records;
  }

  private static String header(ConsumerRecord<String, String> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null
        ? ""
        : new String(header.value(), java.nio.charset.StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
