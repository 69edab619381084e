package dev.cordon.journal;

import dev.cordon.journal.NameGuard.Category;
import dev.cordon.journal.evidence.EvidenceKey;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Turns a record into bytes on the thread that made it, in the room that the entry has which
 * carries them to the writer; number, salt and checksum are filled in by the writer, which alone
 * knows the order.
 */
final class RecordEncoder {

  private static final UUID NO_ID = new UUID(0, 0);

  private final Dictionary dictionary;
  private final Clock clock;
  private final long startedNs = System.nanoTime();
  private final int instanceId;

  RecordEncoder(Dictionary dictionary, Clock clock, String instance) {
    this.dictionary = dictionary;
    this.clock = clock;
    this.instanceId = dictionary.id(Category.INSTANCE, instance);
  }

  /** Into an array of the exact size. */
  byte[] encode(JournalRecord record) {
    return encode(record, null);
  }

  /** Into the entry's own room. */
  void encodeInto(Entry entry, JournalRecord record) {
    byte[] unused = encode(record, entry);
  }

  private byte[] encode(JournalRecord record, @Nullable Entry entry) {
    int rules = Math.min(record.rules.size(), JournalRecord.MAX_RULES);
    int fields = Math.min(record.fields.size(), JournalRecord.MAX_FIELDS);
    int destination = dictionary.id(Category.DESTINATION, record.destination);
    int operation = dictionary.id(Category.OPERATION, record.operation);
    int reason = dictionary.id(Category.REASON, record.reason);
    int library = dictionary.id(Category.LIBRARY, record.library);
    int error = dictionary.id(Category.ERROR, record.error);
    int operations = Math.min(record.operations.size(), JournalRecord.MAX_OPERATIONS);
    int actor = dictionary.id(Category.ACTOR, record.actor);
    int route = dictionary.id(Category.ROUTE, record.route);
    int decidedFor = dictionary.id(Category.DESTINATION, record.decidedFor);
    int prints = Math.min(record.basisCount, Basis.MAX_PRINTS);
    boolean sizes = record.requestBytes >= 0 || record.responseBytes >= 0;
    int size =
        Layout.FIXED_BYTES
            + tagBytes(true, Layout.SALT_BYTES)
            + tagBytes(record.span != 0, Layout.TRACE_BYTES)
            + tagBytes(actor != 0, 4)
            + tagBytes(record.pseudonym != null, EvidenceKey.PSEUDONYM_BYTES)
            + tagBytes(destination != 0, 4)
            + tagBytes(operation != 0, 4)
            + tagBytes(rules > 0, 4 * rules)
            + tagBytes(reason != 0, 4)
            + tagBytes(fields > 0, 4 * fields)
            + tagBytes(record.moneyForm != 0, Layout.MONEY_BYTES)
            + tagBytes(record.findings > 0, 6 * record.findings)
            + tagBytes(sizes, 8)
            + tagBytes(record.status != 0, 2)
            + tagBytes(record.latencyNs >= 0, 4)
            + tagBytes(record.costNs >= 0, 4)
            + tagBytes(record.attributeBytes > 0, record.attributeBytes)
            + tagBytes(library != 0, 4)
            + tagBytes(error != 0, 4)
            + tagBytes(route != 0, 4)
            + tagBytes(operations > 0, 4 * operations)
            + tagBytes(record.hasBasis, Basis.FIXED_BYTES + Basis.PRINT_BYTES * prints)
            + tagBytes(decidedFor != 0, 4);
    boolean truncated =
        record.truncated
            || rules < record.rules.size()
            || fields < record.fields.size()
            || operations < record.operations.size()
            || prints < record.basisCount;
    // at most 1,400, far below Layout.MAX_BYTES: every list is bounded; zeros, whoever had it
    // before
    byte[] to = entry == null ? new byte[size] : entry.room(size);
    int at = fixed(to, size, record, truncated);
    if (record.span != 0) {
      at = tag(to, at, Layout.TAG_TRACE, Layout.TRACE_BYTES);
      Layout.putBigEndian64(to, at, record.traceHigh);
      Layout.putBigEndian64(to, at + 8, record.traceLow);
      Layout.putBigEndian64(to, at + 16, record.span);
      at += Layout.TRACE_BYTES;
    }
    at = name(to, at, Layout.TAG_ACTOR, actor);
    byte[] pseudonym = record.pseudonym;
    if (pseudonym != null) {
      at = tag(to, at, Layout.TAG_SUBJECT, EvidenceKey.PSEUDONYM_BYTES);
      System.arraycopy(pseudonym, 0, to, at, EvidenceKey.PSEUDONYM_BYTES);
      at += EvidenceKey.PSEUDONYM_BYTES;
    }
    at = name(to, at, Layout.TAG_DESTINATION, destination);
    at = name(to, at, Layout.TAG_OPERATION, operation);
    at = names(to, at, Layout.TAG_RULES, Category.RULE, record.rules, rules);
    at = name(to, at, Layout.TAG_REASON, reason);
    at = names(to, at, Layout.TAG_FIELDS, Category.FIELD, record.fields, fields);
    at = money(to, at, record);
    at = findings(to, at, record);
    if (sizes) {
      at = tag(to, at, Layout.TAG_SIZES, 8);
      Layout.put32(to, at, saturated(record.requestBytes));
      Layout.put32(to, at + 4, saturated(record.responseBytes));
      at += 8;
    }
    if (record.status != 0) {
      at = tag(to, at, Layout.TAG_STATUS, 2);
      Layout.put16(to, at, record.status);
      at += 2;
    }
    if (record.latencyNs >= 0) {
      at = number(to, at, Layout.TAG_LATENCY_US, record.latencyNs / 1_000);
    }
    if (record.costNs >= 0) {
      at = number(to, at, Layout.TAG_COST_NS, record.costNs);
    }
    at = attributes(to, at, record);
    at = name(to, at, Layout.TAG_LIBRARY, library);
    at = name(to, at, Layout.TAG_ERROR, error);
    at = name(to, at, Layout.TAG_ROUTE, route);
    at = names(to, at, Layout.TAG_OPERATIONS, Category.OPERATION, record.operations, operations);
    if (record.hasBasis) {
      at = basis(to, at, record, prints);
    }
    at = name(to, at, Layout.TAG_DECIDED_FOR, decidedFor);
    if (at != size) { // else it would lie in the journal and nobody could read it
      throw new IllegalStateException("a record of " + at + " bytes was announced as " + size);
    }
    return to;
  }

  /** The record that gives a number its name; for the writer. */
  byte[] encodeName(int id) {
    byte[] name = dictionary.name(id).getBytes(StandardCharsets.US_ASCII);
    byte[] to =
        new byte
            [Layout.FIXED_BYTES
                + tagBytes(true, Layout.SALT_BYTES)
                + tagBytes(true, 5 + name.length)];
    int at = fixed(to, to.length, new JournalRecord(RecordKind.DICT_ADD), false);
    at = tag(to, at, Layout.TAG_NAME, 5 + name.length);
    Layout.put32(to, at, id);
    to[at + 4] = (byte) dictionary.category(id);
    System.arraycopy(name, 0, to, at + 5, name.length);
    return to;
  }

  /** For the sealer. */
  byte[] encodeSeal(Seal seal) {
    byte[] to = new byte[Layout.FIXED_BYTES + tagBytes(true, Layout.SALT_BYTES) + seal.bytes()];
    seal.put(to, fixed(to, to.length, new JournalRecord(RecordKind.SEAL), false));
    return to;
  }

  private int fixed(byte[] to, int size, JournalRecord record, boolean truncated) {
    Instant now = clock.instant();
    UUID id = record.requestId == null ? NO_ID : record.requestId;
    to[0] = Layout.VERSION;
    to[Layout.KIND] = (byte) record.kind.code;
    Layout.put16(
        to,
        Layout.FLAGS,
        (record.observe ? Layout.FLAG_OBSERVE : 0) | (truncated ? Layout.FLAG_TRUNCATED : 0));
    Layout.put32(to, Layout.LENGTH, size);
    Layout.put64(to, Layout.TIME_US, now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000);
    Layout.put32(to, Layout.UP_MS, (int) ((System.nanoTime() - startedNs) / 1_000_000));
    Layout.put32(to, Layout.INSTANCE, instanceId);
    Layout.putBigEndian64(to, Layout.REQUEST_ID, id.getMostSignificantBits());
    Layout.putBigEndian64(to, Layout.REQUEST_ID + 8, id.getLeastSignificantBits());
    Layout.put64(to, Layout.POLICY, record.policy);
    to[Layout.METHOD] = (byte) Vocabulary.METHOD.code(record.method);
    to[Layout.CALL_CLASS] = (byte) Vocabulary.CALL_CLASS.code(record.callClass);
    to[Layout.DECISION] = (byte) Vocabulary.DECISION.code(record.decision);
    return tag(to, Layout.FIXED_BYTES, Layout.TAG_SALT, Layout.SALT_BYTES) + Layout.SALT_BYTES;
  }

  private int names(byte[] to, int at, int tag, Category category, List<String> names, int count) {
    if (count == 0) {
      return at;
    }
    int next = tag(to, at, tag, 4 * count);
    for (int i = 0; i < count; i++) {
      Layout.put32(to, next, dictionary.id(category, names.get(i)));
      next += 4;
    }
    return next;
  }

  private int findings(byte[] to, int at, JournalRecord record) {
    @Nullable String[] labels = record.findingLabels;
    int[] counts = record.findingCounts;
    if (record.findings == 0 || labels == null || counts == null) {
      return at;
    }
    int next = tag(to, at, Layout.TAG_FINDINGS, 6 * record.findings);
    for (int i = 0; i < record.findings; i++) {
      Layout.put32(to, next, dictionary.id(Category.FINDING, labels[i]));
      Layout.put16(to, next + 4, Math.max(0, Math.min(counts[i], 0xffff)));
      next += 6;
    }
    return next;
  }

  private static int money(byte[] to, int at, JournalRecord record) {
    if (record.moneyForm == 0) {
      return at;
    }
    int next = tag(to, at, Layout.TAG_MONEY, Layout.MONEY_BYTES);
    to[next] = (byte) record.moneyForm;
    String currency = record.currency;
    if (currency != null && NameGuard.isCurrency(currency)) {
      for (int i = 0; i < 3; i++) {
        to[next + 1 + i] = (byte) currency.charAt(i);
      }
    }
    Layout.put64(to, next + 4, record.money);
    return next + Layout.MONEY_BYTES;
  }

  private static int basis(byte[] to, int at, JournalRecord record, int prints) {
    int next = tag(to, at, Layout.TAG_BASIS, Basis.FIXED_BYTES + Basis.PRINT_BYTES * prints);
    Layout.put16(to, next, record.basisFlags);
    Layout.put16(to, next + 2, record.basisMethods);
    Layout.put16(to, next + 4, record.basisWords);
    Layout.put64(to, next + 8, record.basisClasses);
    Layout.put64(to, next + 16, record.basisRedactions);
    next += Basis.FIXED_BYTES;
    for (int i = 0; i < prints; i++) {
      Layout.put64(to, next, record.basisPrints[i]);
      to[next + 8] = record.basisValues[i];
      next += Basis.PRINT_BYTES;
    }
    return next;
  }

  private static int attributes(byte[] to, int at, JournalRecord record) {
    List<String> attributes = record.attributes;
    if (attributes == null || record.attributeBytes == 0) {
      return at;
    }
    int next = tag(to, at, Layout.TAG_ATTRIBUTES, record.attributeBytes);
    for (int i = 0; i < attributes.size(); i++) {
      String text = attributes.get(i);
      to[next++] = (byte) text.length();
      for (int c = 0; c < text.length(); c++) {
        to[next++] = (byte) text.charAt(c); // the guard let ASCII in only
      }
    }
    return next;
  }

  private static int name(byte[] to, int at, int tag, int id) {
    if (id == Dictionary.ABSENT) {
      return at;
    }
    int next = tag(to, at, tag, 4);
    Layout.put32(to, next, id);
    return next + 4;
  }

  private static int number(byte[] to, int at, int tag, long value) {
    int next = tag(to, at, tag, 4);
    Layout.put32(to, next, saturated(value));
    return next + 4;
  }

  static int tag(byte[] to, int at, int tag, int length) {
    to[at] = (byte) tag;
    Layout.put16(to, at + 1, length);
    return at + Layout.TAG_HEADER_BYTES;
  }

  private static int tagBytes(boolean present, int length) {
    return present ? Layout.TAG_HEADER_BYTES + length : 0;
  }

  private static int saturated(long value) {
    return (int) (value < 0 ? Layout.ABSENT_U32 : Math.min(value, Layout.MAX_U32));
  }
}
