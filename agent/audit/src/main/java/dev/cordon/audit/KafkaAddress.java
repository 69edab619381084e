package dev.cordon.audit;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where in Kafka: {@code kafka://HOST:PORT[,HOST:PORT...]/TOPIC}.
 *
 * @param servers as the client's {@code bootstrap.servers}
 * @param progressTopic where the places are kept
 */
record KafkaAddress(String servers, String topic, String progressTopic) {

  static final String SCHEME = "kafka:";

  private static final String SERVER = "(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\]):[0-9]{1,5}";
  private static final String TOPIC = "[A-Za-z0-9._-]{1,249}";
  private static final Pattern ADDRESS =
      Pattern.compile("(?i:kafka)://(" + SERVER + "(?:," + SERVER + ")*)/(" + TOPIC + ")");
  private static final String SUFFIX = ".cordon-progress";

  /**
   * @param progressTopic null: beside the topic
   */
  static KafkaAddress of(String given, @Nullable String progressTopic) throws UsageException {
    Matcher address = ADDRESS.matcher(given);
    if (!address.matches()) { // told without what may be a secret
      throw new UsageException(
          "--to kafka:...: give kafka://HOST:PORT[,HOST:PORT]/TOPIC; what proves who you are goes to"
              + " --kafka-config");
    }
    String topic = address.group(2);
    String progress = progressTopic == null ? topic + SUFFIX : progressTopic;
    if (!progress.matches(TOPIC)) {
      throw new UsageException("--progress-topic " + progress + " is no name of a topic");
    }
    if (progress.equals(topic)) {
      throw new UsageException("--progress-topic " + progress + " is the topic of the records");
    }
    return new KafkaAddress(address.group(1), topic, progress);
  }

  @Override
  public String toString() {
    return "kafka://" + servers + "/" + topic;
  }
}
