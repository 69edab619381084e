package dev.cordon.audit;

import java.nio.file.Path;

/** A broker of Kafka in a process of its own: formats its directory if that is new, and serves. */
final class BrokerChild {

  private BrokerChild() {}

  public static void main(String[] arguments) throws Exception {
    String config = Path.of(arguments[0]).toString();
    String[] format = {
      "format", "--cluster-id", "AAAAAAAAQACAAAAAAAAAAQ", "--config", config, "--ignore-formatted"
    };
    int formatted = kafka.tools.StorageTool.execute(format, System.out);
    if (formatted != 0) {
      throw new IllegalStateException("not formatted: " + formatted);
    }
    kafka.Kafka.main(new String[] {config});
  }
}
