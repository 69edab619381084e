package dev.cordon.audit;

import dev.cordon.journal.JournalEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnTimeoutException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A topic of Kafka. What is sent and the place behind it are one transaction, so that who reads
 * committed records finds each once, however often this process or a broker dies:
 *
 * <pre>
 *  topic            key ORIGIN         the record; headers cordon.origin, cordon.index
 *  progress topic   key TOPIC ORIGIN   the place behind the last record of that transaction
 * </pre>
 *
 * <p>Places are read only after a new producer has ended the transactions of those before it, which
 * cannot write any more from then on. A producer that failed in a way that leaves its last
 * transaction in doubt is never used again: the next one settles it and reads what came of it.
 *
 * <p>The one class that needs Kafka's client; loaded only when it is used. For one thread.
 */
final class KafkaSink implements Sink, Places {

  private static final Pattern PLACE =
      Pattern.compile("cordon ship 1\nid (.*)\nlog (.*)\nselection (.*)\nnext ([0-9]{1,18})\n");
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int BATCH_BYTES = 16_384; // as the client's own default
  private static final Duration CLOSE = Duration.ofSeconds(1);
  private static final long LEAST_TRANSACTION_MS = 60_000;
  private static final long MOST_TRANSACTION_MS = 900_000; // what brokers allow

  private final KafkaAddress to;
  private final String id;
  private final ExportForm form;
  private final Selection selection;
  private final KafkaConfig config;
  private final int answerTimeoutMs;
  private final Map<String, Long> places = new HashMap<>(); // by origin, as Kafka has them
  private int batchBytes = BATCH_BYTES;
  private final Map<String, String> foreign = new HashMap<>(); // by origin, whose place it is
  private @Nullable KafkaProducer<byte[], byte[]> producer; // null: the next use opens one

  KafkaSink(
      KafkaAddress to,
      String id,
      ExportForm form,
      Selection selection,
      KafkaConfig config,
      int answerTimeoutMs) {
    this.to = to;
    this.id = id;
    this.form = form;
    this.selection = selection;
    this.config = config;
    this.answerTimeoutMs = answerTimeoutMs;
  }

  // ---- places

  @Override
  public long next(Path log) throws UsageException {
    return next(Exported.origin(log));
  }

  private long next(String origin) throws UsageException {
    String problem = foreign.get(origin);
    if (problem != null) {
      throw new UsageException(
          to
              + ": the place of "
              + Plain.text(origin)
              + " in the topic "
              + to.progressTopic()
              + " "
              + problem
              + "; what is sent twice cannot be told apart from then on: name another"
              + " --progress-topic if that is what you want");
    }
    return places.getOrDefault(origin, 0L);
  }

  /**
   * In a transaction of its own, unless the records before it took it along. One that fails is not
   * told: what nobody wanted is found out again.
   */
  @Override
  public void save(Path log, long next) {
    String origin = Exported.origin(log);
    KafkaProducer<byte[], byte[]> open = producer;
    if (open == null || places.getOrDefault(origin, 0L) == next) {
      return;
    }
    try {
      open.beginTransaction();
      open.send(progress(origin, next));
      open.commitTransaction();
      places.put(origin, next);
    } catch (KafkaException e) {
      discard();
    }
  }

  // ---- records

  @Override
  public void send(List<JournalEntry> entries)
      throws IOException, RefusedException, UsageException {
    open();
    KafkaProducer<byte[], byte[]> open = producer;
    String origin = entries.get(0).origin();
    long from = next(origin);
    long next = entries.get(entries.size() - 1).index() + 1;
    if (open == null || next <= from) {
      return; // committed, though nobody could tell then
    }
    try {
      open.beginTransaction();
      for (JournalEntry entry : entries) {
        if (entry.index() >= from) {
          open.send(record(entry));
        }
      }
      open.send(progress(origin, next));
      open.commitTransaction();
      places.put(origin, next);
    } catch (KafkaException e) {
      failed(e);
    }
  }

  /** Kafka's own time: one of the journal's may be too old or too far ahead for the topic. */
  private ProducerRecord<byte[], byte[]> record(JournalEntry entry) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(to.topic(), bytes(entry.origin()), bytes(form.line(entry)));
    record.headers().add("cordon.origin", bytes(entry.origin()));
    record.headers().add("cordon.index", bytes(Long.toString(entry.index())));
    return record;
  }

  private ProducerRecord<byte[], byte[]> progress(String origin, long next) {
    return new ProducerRecord<>(
        to.progressTopic(),
        bytes(to.topic() + " " + origin),
        bytes(
            "cordon ship 1\nid "
                + id
                + "\nlog "
                + Plain.text(origin)
                + "\nselection "
                + Plain.text(Journals.told(selection))
                + "\nnext "
                + next
                + "\n"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void failed(KafkaException e) throws IOException, RefusedException, UsageException {
    if (has(e, RecordTooLargeException.class)) {
      abort();
      throw new RefusedException("it is too large for the topic");
    }
    discard();
    throw told(e);
  }

  private void abort() {
    KafkaProducer<byte[], byte[]> open = producer;
    try {
      if (open != null) {
        open.abortTransaction();
      }
    } catch (KafkaException e) {
      discard(); // the next one aborts it
    }
  }

  private void discard() {
    KafkaProducer<byte[], byte[]> open = producer;
    producer = null;
    if (open != null) {
      try {
        open.close(CLOSE);
      } catch (KafkaException e) {
        // it is of no use any more
      }
    }
  }

  @Override
  public void close() {
    discard();
  }

  // ---- a new producer

  @Override
  public void open() throws IOException, UsageException {
    if (producer != null) {
      return;
    }
    try (Admin admin = made(() -> Admin.create(client()))) {
      checkTopics(admin);
      KafkaProducer<byte[], byte[]> opened =
          made(() -> new KafkaProducer<byte[], byte[]>(transactional()));
      producer = opened;
      opened.initTransactions(); // from here on no other one with this id writes
      readBack(admin);
    } catch (KafkaException e) {
      discard();
      throw told(e);
    } catch (IOException | UsageException e) {
      discard();
      throw e;
    }
  }

  /** What cannot be made of its settings will not be made of them later, but for names of hosts. */
  private <T> T made(Supplier<T> client) throws IOException, UsageException {
    try {
      return client.get();
    } catch (KafkaException e) {
      String reason = config.withoutSecrets(reason(e));
      if (reason.contains("No resolvable bootstrap")) {
        throw new Failure(reason, e);
      }
      throw new UsageException(to + ": " + reason);
    }
  }

  private Properties client() {
    Properties all = config.copy();
    all.setProperty("bootstrap.servers", to.servers());
    all.setProperty("enable.metrics.push", "false");
    all.setProperty("metric.reporters", "");
    all.putIfAbsent("client.id", "cordon-ship");
    String answer = Integer.toString(answerTimeoutMs);
    all.putIfAbsent("request.timeout.ms", answer);
    all.putIfAbsent("default.api.timeout.ms", answer);
    return all;
  }

  private Properties transactional() {
    Properties all = client();
    all.remove("default.api.timeout.ms");
    all.setProperty("transactional.id", id);
    all.setProperty("key.serializer", ByteArraySerializer.class.getName());
    all.setProperty("value.serializer", ByteArraySerializer.class.getName());
    all.putIfAbsent("max.block.ms", Integer.toString(answerTimeoutMs));
    all.putIfAbsent("linger.ms", "0"); // the end of a transaction flushes
    // a batch that is too large for the topic is split into ones of this size, for ever if that is
    // too large as well: seen with 4.1.1, until delivery.timeout.ms
    all.setProperty("batch.size", Integer.toString(batchBytes));
    all.putIfAbsent("delivery.timeout.ms", Integer.toString(answerTimeoutMs));
    long transactionMs =
        Math.min(MOST_TRANSACTION_MS, Math.max(LEAST_TRANSACTION_MS, 2L * answerTimeoutMs));
    all.putIfAbsent("transaction.timeout.ms", Long.toString(transactionMs));
    return all;
  }

  /** A place that is deleted after a week would have everything sent again. */
  private void checkTopics(Admin admin) throws IOException, UsageException {
    for (String topic : List.of(to.topic(), to.progressTopic())) {
      try {
        admin.describeTopics(List.of(topic)).allTopicNames().get();
      } catch (ExecutionException e) {
        if (has(e, UnknownTopicOrPartitionException.class)) {
          throw new UsageException(
              to
                  + ": there is no topic "
                  + topic
                  + "; make it: kafka-topics.sh --bootstrap-server "
                  + to.servers()
                  + " --create --topic "
                  + topic
                  + (topic.equals(to.topic()) ? "" : " --config cleanup.policy=compact"));
        }
        throw told(e);
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
    }
    String policy = setting(admin, to.progressTopic(), "cleanup.policy");
    if (!policy.isEmpty() && !policy.equals("compact")) {
      throw new UsageException(
          to
              + ": the topic "
              + to.progressTopic()
              + " forgets places (cleanup.policy="
              + policy
              + "), and all would be sent again; set cleanup.policy=compact");
    }
    String most = setting(admin, to.topic(), "max.message.bytes");
    if (most.matches("[0-9]{1,9}")) {
      batchBytes = Math.min(BATCH_BYTES, Integer.parseInt(most));
    }
  }

  /** Empty for who may not look. */
  private String setting(Admin admin, String topic, String name)
      throws IOException, UsageException {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try {
      Config found = admin.describeConfigs(List.of(resource)).all().get().get(resource);
      ConfigEntry entry = found == null ? null : found.get(name);
      return entry == null || entry.value() == null ? "" : entry.value();
    } catch (ExecutionException e) {
      if (has(e, AuthorizationException.class)) {
        return "";
      }
      throw told(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /**
   * Up to where the topic ended after the producers before this one had: a transaction of others
   * that is open there is waited for, for what stands behind it may be ours.
   */
  private void readBack(Admin admin) throws IOException, UsageException {
    Map<TopicPartition, Long> ends = new HashMap<>();
    Properties reading = client();
    reading.setProperty("isolation.level", "read_committed");
    reading.setProperty("auto.offset.reset", "earliest");
    reading.setProperty("enable.auto.commit", "false");
    reading.setProperty("key.deserializer", ByteArrayDeserializer.class.getName());
    reading.setProperty("value.deserializer", ByteArrayDeserializer.class.getName());
    try (KafkaConsumer<byte[], byte[]> consumer =
        made(() -> new KafkaConsumer<byte[], byte[]>(reading))) {
      List<TopicPartition> partitions = new ArrayList<>();
      Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
      consumer
          .partitionsFor(to.progressTopic())
          .forEach(one -> partitions.add(new TopicPartition(one.topic(), one.partition())));
      partitions.forEach(one -> latest.put(one, OffsetSpec.latest()));
      admin
          .listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
          .all()
          .get()
          .forEach((partition, end) -> ends.put(partition, end.offset()));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      places.clear();
      foreign.clear();
      long reached = -1;
      long untilNs = 0;
      while (true) {
        long missing = 0;
        long position = 0;
        for (TopicPartition partition : partitions) {
          long at = consumer.position(partition);
          position += at;
          missing += Math.max(0, ends.getOrDefault(partition, 0L) - at);
        }
        if (missing == 0) {
          return;
        }
        long nowNs = System.nanoTime();
        if (position != reached) { // a long topic may take long
          reached = position;
          untilNs = nowNs + answerTimeoutMs * 1_000_000L;
        } else if (nowNs - untilNs > 0) {
          throw new IOException(
              "the last "
                  + missing
                  + " places of the topic "
                  + to.progressTopic()
                  + " cannot be read: a transaction of another producer may be open there");
        }
        for (ConsumerRecord<byte[], byte[]> one : consumer.poll(POLL)) {
          take(one);
        }
      }
    } catch (ExecutionException e) {
      throw told(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> found) {
    String key = found.key() == null ? "" : new String(found.key(), StandardCharsets.UTF_8);
    if (!key.startsWith(to.topic() + " ")) {
      return; // of another topic
    }
    String origin = key.substring(to.topic().length() + 1);
    String text = found.value() == null ? "" : new String(found.value(), StandardCharsets.UTF_8);
    Matcher place = PLACE.matcher(text);
    Long known = places.remove(origin);
    foreign.remove(origin);
    if (!place.matches() || !place.group(2).equals(Plain.text(origin))) {
      foreign.put(origin, "is none that ship wrote");
    } else if (!place.group(1).equals(id)) {
      foreign.put(origin, "was told by --id " + place.group(1));
    } else if (!place.group(3).equals(Plain.text(Journals.told(selection)))) {
      foreign.put(origin, "is of another selection, " + place.group(3));
    } else {
      long next = Long.parseLong(place.group(4));
      // the order of a key's places ends where the topic is given more partitions
      places.put(origin, known == null ? next : Math.max(known, next));
    }
  }

  // ---- what went wrong

  private Failure told(Exception e) throws UsageException {
    if (has(e, ProducerFencedException.class) || has(e, InvalidProducerEpochException.class)) {
      throw new UsageException(
          to
              + ": another process ships with --id "
              + id
              + " by now, or this one stood still for longer than a transaction may take; nothing"
              + " is lost or sent twice, start it again if it is to go on");
    }
    String reason = config.withoutSecrets(reason(e));
    if (has(e, AuthenticationException.class)
        || has(e, AuthorizationException.class)
        || has(e, ConfigException.class)
        || has(e, InvalidTxnTimeoutException.class)
        || has(e, UnsupportedVersionException.class)) {
      throw new UsageException(to + ": " + reason);
    }
    return new Failure(reason, e);
  }

  /** To be tried again. */
  private static final class Failure extends IOException {
    private static final long serialVersionUID = 1L;

    Failure(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private static IOException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IOException("interrupted", e);
  }

  private static String reason(Throwable thrown) {
    Throwable root = thrown;
    for (int depth = 0; root.getCause() != null && depth < 10; depth++) {
      root = root.getCause();
    }
    String message = root.getMessage();
    return root.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }

  private static boolean has(Throwable thrown, Class<? extends Throwable> kind) {
    Throwable one = thrown;
    for (int depth = 0; one != null && depth < 10; depth++) {
      if (kind.isInstance(one)) {
        return true;
      }
      one = one.getCause();
    }
    return false;
  }
}
