package dev.cordon.journal;

import org.jspecify.annotations.Nullable;

/** What a record tells. The code is the second byte of the record and never changes its meaning. */
public enum RecordKind {
  AGENT_START(1, "agent.start"),
  AGENT_STOP(2, "agent.stop"),
  AGENT_SELFTEST(3, "agent.selftest"),
  AGENT_FAULT(4, "agent.fault"),
  HOOK_INSTALLED(10, "hook.installed"),
  HOOK_MISSING(11, "hook.missing"),
  POLICY_ACTIVATE(20, "policy.activate"),
  /** Another version of the rules was read and found good; {@link #POLICY_ACTIVATE} follows. */
  POLICY_LOAD(21, "policy.load"),
  /** Another version of the rules was not taken; the reason says why, the one before it stays. */
  POLICY_REJECT(22, "policy.reject"),
  /** A rule is waived: it only tells what it would do. */
  POLICY_WAIVE(23, "policy.waive"),
  CALL_REQUEST(30, "call.request"),
  CALL_RESPONSE(31, "call.response"),
  CALL_ERROR(32, "call.error"),
  REDACT_LOG(40, "redact.log"),
  /** What was taken out of the body that answered a call; under the id of its decision. */
  REDACT_RESPONSE(41, "redact.response"),
  /** The root of the records before it, perhaps signed. */
  SEAL(50, "seal"),
  /** How often was forced to the device since the last one, and what a power failure had taken. */
  FORCE(51, "force"),
  /** Which key seals from here on, and which it follows: attributes {@code to}, {@code from}. */
  KEY_ROTATE(52, "key.rotate"),
  /** Records were lost before this one; the attribute {@code lost} says how many. */
  GAP(60, "gap"),
  /** A directory was abandoned and this one follows it. */
  RECOVER(61, "recover"),
  /** A device does not take records: attributes {@code device}, {@code why}. */
  DEVICE_DOWN(63, "device.down"),
  /** It does again; attributes tell what the second one has. */
  DEVICE_UP(64, "device.up"),
  /** Old files were deleted; attributes tell which, how many records and what their root was. */
  PRUNE(65, "prune"),
  /** How many calls of a kind were in files that were deleted. */
  AGGREGATE(66, "aggregate"),
  /** What must not be deleted was named, or no longer: attributes {@code state}, {@code why}. */
  HOLD(67, "hold"),
  /** A name and the number that stands for it in later records of the same directory. */
  DICT_ADD(62, "dict.add"),
  /** Somebody read journals: who, with which command, which part. */
  ACCESS_READ(70, "access.read"),
  /**
   * Records were sent to another system: attributes {@code to}, {@code records}, {@code lag-ms}.
   */
  SHIP(71, "ship"),
  /** Keys of a person are about to be destroyed: who, why, the attribute {@code request}. */
  DSR_REQUEST(72, "dsr.request"),
  /** Somebody looked for the records of a person. */
  DSR_FIND(73, "dsr.find"),
  /** The records of a person were exported. */
  DSR_EXPORT(74, "dsr.export"),
  /** The keys of a person were destroyed: attributes {@code request}, {@code epoch}, counts. */
  DSR_ERASE(75, "dsr.erase"),
  /** A key of a person for one day was made; it lies wrapped in the file of keys. */
  KEY_CREATE(80, "key.create"),
  /** The keys for days up to one were destroyed: attributes {@code day}, {@code epoch}, counts. */
  KEY_DESTROY(81, "key.destroy"),
  /** Read, never written: a kind of a later release. */
  UNKNOWN(255, "unknown");

  private static final @Nullable RecordKind[] BY_CODE = new RecordKind[256];

  static {
    for (RecordKind kind : values()) {
      BY_CODE[kind.code] = kind;
    }
  }

  final int code;
  private final String label;

  RecordKind(int code, String label) {
    this.code = code;
    this.label = label;
  }

  /** The name that people and machines read, for example {@code call.request}. */
  public String label() {
    return label;
  }

  static RecordKind ofCode(int code) {
    RecordKind kind = BY_CODE[code & 0xff];
    return kind == null ? UNKNOWN : kind;
  }
}
