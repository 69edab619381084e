package dev.cordon.journal;

import dev.cordon.journal.evidence.EvidenceKey;
import dev.cordon.journal.evidence.SealedEvidence;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one directory, in order: names are learnt from it on the way. For one
 * thread.
 */
final class RecordDecoder {

  /** A record that is not what a writer wrote: torn, altered, or of a later version. */
  static final class DamagedException extends Exception {
    private static final long serialVersionUID = 1L;

    DamagedException(String message) {
      super(message);
    }
  }

  private final Path directory;
  private final Map<Integer, String> names = new java.util.HashMap<>();
  private JournalEntry.Instance instance = JournalEntry.Instance.UNKNOWN;
  private int instanceId;
  private @Nullable Set<Integer> asked; // names that are looked up, while somebody wants to know

  RecordDecoder(Path directory) {
    this.directory = directory;
  }

  /** Null for a record that only teaches a name. */
  @Nullable JournalEntry decode(byte[] from, int length) throws DamagedException {
    return decode(from, length, -1);
  }

  /**
   * Null for a record that only teaches a name.
   *
   * @param index the record's place in its directory's log; -1: not told
   */
  @Nullable JournalEntry decode(byte[] from, int length, long index) throws DamagedException {
    check(from, 0, length);
    if ((from[Layout.KIND] & 0xff) == RecordKind.DICT_ADD.code) {
      learn(from, length);
      return null;
    }
    return entry(from, length, index);
  }

  /** Passes what a writer wrote: every field within the record, the checksum right. */
  static void check(byte[] from, int offset, int length) throws DamagedException {
    if (length < Layout.FIXED_BYTES || length > Layout.MAX_BYTES) {
      throw new DamagedException("length " + length);
    }
    if (from[offset] != Layout.VERSION) {
      throw new DamagedException(
          "record version " + (from[offset] & 0xff) + ", this reader knows " + Layout.VERSION);
    }
    if (Layout.get32(from, offset + Layout.LENGTH) != length) {
      throw new DamagedException("length " + length + " is not the one in the record");
    }
    if (Layout.get32(from, offset + Layout.CRC) != Layout.crc(from, offset, length)) {
      throw new DamagedException("checksum");
    }
    int at = offset + Layout.FIXED_BYTES;
    int end = offset + length;
    while (at + Layout.TAG_HEADER_BYTES <= end) {
      at += Layout.TAG_HEADER_BYTES + Layout.get16(from, at + 1);
    }
    if (at != end) {
      throw new DamagedException("field beyond the end");
    }
  }

  /** The number that a {@code dict.add} record, which was decoded before, gives a name to. */
  static int nameId(byte[] from, int length) {
    for (int at = Layout.FIXED_BYTES; at < length; ) {
      int size = Layout.get16(from, at + 1);
      if ((from[at] & 0xff) == Layout.TAG_NAME && size >= 4) {
        return Layout.get32(from, at + Layout.TAG_HEADER_BYTES);
      }
      at += Layout.TAG_HEADER_BYTES + size;
    }
    return Dictionary.ABSENT;
  }

  /** The numbers of the names that a record uses. */
  Set<Integer> namesOf(byte[] from, int length) throws DamagedException {
    Set<Integer> used = new HashSet<>();
    used.add(Layout.get32(from, Layout.INSTANCE));
    asked = used;
    try {
      decode(from, length);
    } finally {
      asked = null;
    }
    return used;
  }

  private void learn(byte[] from, int length) throws DamagedException {
    for (int at = Layout.FIXED_BYTES; at < length; ) {
      int tag = from[at] & 0xff;
      int size = Layout.get16(from, at + 1);
      at += Layout.TAG_HEADER_BYTES;
      if (tag == Layout.TAG_NAME && size >= 5) {
        names.put(
            Layout.get32(from, at),
            new String(from, at + 5, size - 5, StandardCharsets.US_ASCII).intern());
        return;
      }
      at += size;
    }
    throw new DamagedException("dict.add without a name");
  }

  private JournalEntry entry(byte[] from, int length, long index) throws DamagedException {
    String destination = "";
    String operation = "";
    String reason = "";
    String library = "";
    String error = "";
    String trace = "";
    String span = "";
    String actor = "";
    String route = "";
    String decidedFor = "";
    List<String> operations = List.of();
    Amount money = null;
    Basis basis = null;
    byte[] pseudonym = null;
    SealedEvidence evidence = null;
    List<String> rules = List.of();
    List<String> fields = List.of();
    Map<String, Integer> findings = Map.of();
    Map<String, String> attributes = Map.of();
    long requestBytes = JournalRecord.ABSENT;
    long responseBytes = JournalRecord.ABSENT;
    long latencyNs = JournalRecord.ABSENT;
    long costNs = JournalRecord.ABSENT;
    int status = 0;
    for (int at = Layout.FIXED_BYTES; at < length; ) {
      int tag = from[at] & 0xff;
      int size = Layout.get16(from, at + 1);
      at += Layout.TAG_HEADER_BYTES;
      if (size < leastBytes(tag)) {
        throw new DamagedException("field " + tag + " of " + size + " bytes");
      }
      switch (tag) {
        case Layout.TAG_TRACE -> {
          trace = HexFormat.of().formatHex(from, at, at + 16);
          span = HexFormat.of().formatHex(from, at + 16, at + Layout.TRACE_BYTES);
        }
        case Layout.TAG_ACTOR -> actor = name(from, at);
        case Layout.TAG_SUBJECT ->
            pseudonym = Arrays.copyOfRange(from, at, at + EvidenceKey.PSEUDONYM_BYTES);
        case Layout.TAG_EVIDENCE -> {
          if (pseudonym != null) {
            evidence = EvidenceField.read(from, pseudonym, at, size);
          }
        }
        case Layout.TAG_ROUTE -> route = name(from, at);
        case Layout.TAG_DECIDED_FOR -> decidedFor = name(from, at);
        case Layout.TAG_OPERATIONS -> operations = nameList(from, at, size);
        case Layout.TAG_MONEY -> money = money(from, at);
        case Layout.TAG_BASIS -> basis = basis(from, at, size);
        case Layout.TAG_DESTINATION -> destination = name(from, at);
        case Layout.TAG_OPERATION -> operation = name(from, at);
        case Layout.TAG_REASON -> reason = name(from, at);
        case Layout.TAG_LIBRARY -> library = name(from, at);
        case Layout.TAG_ERROR -> error = name(from, at);
        case Layout.TAG_RULES -> rules = nameList(from, at, size);
        case Layout.TAG_FIELDS -> fields = nameList(from, at, size);
        case Layout.TAG_FINDINGS -> findings = counts(from, at, size);
        case Layout.TAG_ATTRIBUTES -> attributes = attributes(from, at, size);
        case Layout.TAG_SEAL -> attributes = seal(from, length);
        case Layout.TAG_SIZES -> {
          requestBytes = number(from, at);
          responseBytes = number(from, at + 4);
        }
        case Layout.TAG_STATUS -> status = Layout.get16(from, at);
        case Layout.TAG_LATENCY_US -> latencyNs = number(from, at) * 1_000;
        case Layout.TAG_COST_NS -> costNs = number(from, at);
        default -> {} // of a later release: skipped
      }
      at += size;
    }
    long timeUs = Layout.get64(from, Layout.TIME_US);
    int flags = Layout.get16(from, Layout.FLAGS);
    int kindCode = from[Layout.KIND] & 0xff;
    return new JournalEntry(
        RecordKind.ofCode(kindCode),
        kindCode,
        Layout.get64(from, Layout.N),
        Instant.ofEpochSecond(
            Math.floorDiv(timeUs, 1_000_000L), Math.floorMod(timeUs, 1_000_000L) * 1_000),
        Layout.getU32(from, Layout.UP_MS),
        instance(Layout.get32(from, Layout.INSTANCE)),
        requestId(from),
        trace,
        span,
        library,
        destination,
        Vocabulary.METHOD.word(from[Layout.METHOD] & 0xff),
        operation,
        Vocabulary.CALL_CLASS.word(from[Layout.CALL_CLASS] & 0xff),
        Vocabulary.DECISION.word(from[Layout.DECISION] & 0xff),
        rules,
        reason,
        Layout.get64(from, Layout.POLICY),
        fields,
        findings,
        requestBytes,
        responseBytes,
        status,
        error,
        latencyNs,
        costNs,
        (flags & Layout.FLAG_OBSERVE) != 0,
        (flags & Layout.FLAG_TRUNCATED) != 0,
        attributes,
        actor,
        route,
        operations,
        decidedFor,
        money,
        basis,
        pseudonym == null ? "" : HexFormat.of().formatHex(pseudonym),
        evidence,
        (flags & Layout.FLAG_NO_EVIDENCE) != 0,
        directory,
        index);
  }

  private static int leastBytes(int tag) {
    return switch (tag) {
      case Layout.TAG_ACTOR,
          Layout.TAG_ROUTE,
          Layout.TAG_DECIDED_FOR,
          Layout.TAG_DESTINATION,
          Layout.TAG_OPERATION,
          Layout.TAG_REASON,
          Layout.TAG_LIBRARY,
          Layout.TAG_ERROR,
          Layout.TAG_LATENCY_US,
          Layout.TAG_COST_NS ->
          4;
      case Layout.TAG_TRACE -> Layout.TRACE_BYTES;
      case Layout.TAG_SUBJECT -> EvidenceKey.PSEUDONYM_BYTES;
      case Layout.TAG_EVIDENCE -> EvidenceField.OVERHEAD_BYTES;
      case Layout.TAG_MONEY -> Layout.MONEY_BYTES;
      case Layout.TAG_BASIS -> Basis.FIXED_BYTES;
      case Layout.TAG_SIZES -> 8;
      case Layout.TAG_STATUS -> 2;
      default -> 0;
    };
  }

  private String name(byte[] from, int at) {
    int id = Layout.get32(from, at);
    if (id == Dictionary.ABSENT) {
      return "";
    }
    if (id == Dictionary.OTHER) {
      return NameGuard.OTHER;
    }
    if (asked != null) {
      asked.add(id);
    }
    String name = names.get(id);
    return name == null ? "#" + Integer.toUnsignedString(id) : name; // its dict.add is missing
  }

  private List<String> nameList(byte[] from, int at, int size) {
    List<String> list = new ArrayList<>(size / 4);
    for (int i = at; i + 4 <= at + size; i += 4) {
      list.add(name(from, i));
    }
    return List.copyOf(list);
  }

  private Map<String, Integer> counts(byte[] from, int at, int size) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (int i = at; i + 6 <= at + size; i += 6) {
      counts.merge(name(from, i), Layout.get16(from, i + 4), Integer::sum);
    }
    return counts;
  }

  /** Null for a form of a later release. */
  private static @Nullable Amount money(byte[] from, int at) {
    int form = from[at];
    if (form != Layout.MONEY_EXACT && form != Layout.MONEY_RANGE) {
      return null;
    }
    String currency = new String(from, at + 1, 3, StandardCharsets.US_ASCII);
    return new Amount(
        form == Layout.MONEY_EXACT,
        NameGuard.isCurrency(currency) ? currency : "",
        Layout.get64(from, at + 4));
  }

  private static Basis basis(byte[] from, int at, int size) {
    int count = Math.min((size - Basis.FIXED_BYTES) / Basis.PRINT_BYTES, Basis.MAX_PRINTS);
    long[] prints = new long[count];
    byte[] values = new byte[count];
    for (int i = 0; i < count; i++) {
      int print = at + Basis.FIXED_BYTES + i * Basis.PRINT_BYTES;
      prints[i] = Layout.get64(from, print);
      values[i] = from[print + 8];
    }
    return new Basis(
        Layout.get16(from, at),
        Layout.get16(from, at + 2),
        Layout.get16(from, at + 4),
        Layout.get64(from, at + 8),
        Layout.get64(from, at + 16),
        count,
        prints,
        values);
  }

  private static Map<String, String> attributes(byte[] from, int at, int size)
      throws DamagedException {
    Map<String, String> attributes = new LinkedHashMap<>();
    int end = at + size;
    for (int i = at; i < end; ) {
      int nameEnd = i + 1 + (from[i] & 0xff);
      if (nameEnd >= end || nameEnd + 1 + (from[nameEnd] & 0xff) > end) {
        throw new DamagedException("attribute beyond the end");
      }
      int valueEnd = nameEnd + 1 + (from[nameEnd] & 0xff);
      attributes.put(
          new String(from, i + 1, nameEnd - i - 1, StandardCharsets.US_ASCII),
          new String(from, nameEnd + 1, valueEnd - nameEnd - 1, StandardCharsets.US_ASCII));
      i = valueEnd;
    }
    return attributes;
  }

  private static Map<String, String> seal(byte[] from, int length) throws DamagedException {
    Seal seal = Seal.read(from, 0, length);
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("records", Long.toString(seal.size()));
    attributes.put("key", seal.isSigned() ? Integer.toHexString(seal.keyId()) : "none");
    return attributes;
  }

  private static long number(byte[] from, int at) {
    long value = Layout.getU32(from, at);
    return value == Layout.ABSENT_U32 ? JournalRecord.ABSENT : value;
  }

  private static @Nullable UUID requestId(byte[] from) {
    long high = Layout.getBigEndian64(from, Layout.REQUEST_ID);
    long low = Layout.getBigEndian64(from, Layout.REQUEST_ID + 8);
    return high == 0 && low == 0 ? null : new UUID(high, low);
  }

  private JournalEntry.Instance instance(int id) {
    if (id != instanceId) {
      String[] parts = names.getOrDefault(id, "").split("/", -1);
      instance =
          parts.length == 6
              ? new JournalEntry.Instance(
                  parts[0], parts[1], parts[2], parts[3], parts[4], parts[5])
              : JournalEntry.Instance.UNKNOWN;
      instanceId = parts.length == 6 ? id : 0;
    }
    return instance;
  }
}
