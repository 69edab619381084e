package dev.cordon.journal;

/** When what is recorded must have reached the device, so that it survives a power failure. */
public enum Durability {
  /** The operating system decides. */
  NONE("none"),
  /** Forced in the background, once a second; no call waits for it. */
  INTERVAL("interval"),
  /** And before a write is let go or a refusal is told. */
  EACH_WRITE("each-write"),
  /** And before any call or log line goes on. */
  EACH("each");

  private final String label;

  Durability(String label) {
    this.label = label;
  }

  /** The name that people and machines read and write, for example {@code each-write}. */
  public String label() {
    return label;
  }

  /** What a caller waits for that asked for less. One that cannot wait is not made to. */
  Level raised(Level asked, boolean waits) {
    if (!waits) {
      return asked;
    }
    return switch (this) {
      case NONE, INTERVAL -> asked;
      case EACH_WRITE -> asked == Level.ACCEPTED ? asked : Level.DURABLE;
      case EACH -> Level.DURABLE;
    };
  }
}
