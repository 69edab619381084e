package dev.cordon.audit;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A properties file for Kafka's client: who one is there, and what the network needs. */
final class KafkaConfig {

  private static final int LEAST_SECRET_CHARS = 4;

  /** What exactly-once hangs on. */
  private static final Set<String> OURS =
      Set.of(
          "bootstrap.servers",
          "transactional.id",
          "transaction.two.phase.commit.enable",
          "enable.idempotence",
          "acks",
          "batch.size",
          "retries",
          "key.serializer",
          "value.serializer",
          "key.deserializer",
          "value.deserializer",
          "isolation.level",
          "auto.offset.reset",
          "enable.auto.commit",
          "group.id",
          "group.protocol",
          "interceptor.classes",
          "partitioner.class",
          "partitioner.ignore.keys",
          "metric.reporters",
          "enable.metrics.push");

  private final Properties given;

  private KafkaConfig(Properties given) {
    this.given = given;
  }

  static KafkaConfig read(@Nullable String file) throws UsageException, IOException {
    Properties given = new Properties();
    if (file == null) {
      return new KafkaConfig(given);
    }
    Path path = Path.of(file);
    RuleKeys.checkPrivate("the config file", path);
    try (Reader in = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
      given.load(in);
    } catch (IllegalArgumentException e) {
      throw new UsageException(file + " is no properties file: a wrong \\u in it");
    }
    Set<String> ours = new TreeSet<>(given.stringPropertyNames());
    ours.retainAll(OURS);
    if (!ours.isEmpty()) {
      throw new UsageException(
          file + ": " + String.join(", ", ours) + " cannot be set there; ship sets it itself");
    }
    return new KafkaConfig(given);
  }

  Properties copy() {
    Properties copy = new Properties();
    copy.putAll(given);
    return copy;
  }

  /** A message of Kafka's may quote what it was given. */
  String withoutSecrets(String message) {
    String told = message;
    for (String name : given.stringPropertyNames()) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (lower.startsWith("sasl.") || lower.contains("password") || lower.contains("key")) {
        for (String word : given.getProperty(name).split("[\\s\"'=;]+", -1)) {
          if (word.length() >= LEAST_SECRET_CHARS) {
            told = told.replace(word, "[...]");
          }
        }
      }
    }
    return told;
  }
}
