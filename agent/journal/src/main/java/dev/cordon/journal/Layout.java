package dev.cordon.journal;

import java.util.zip.CRC32C;

/**
 * Record layout, version 1, little endian; drawn in docs/journal-format.md.
 *
 * <pre>
 *  0        1      2       4        8   16        24    28     32           48      56     57      58         59  60      64
 *  version  kind   flags   length   n   time, us  up ms inst   request id   policy  method class   decision   0   crc32c  fields: tag u8, length u16, bytes
 * </pre>
 */
final class Layout {

  static final int VERSION = 1;
  static final int MAX_BYTES = 4096;

  static final int KIND = 1;
  static final int FLAGS = 2;
  static final int LENGTH = 4;
  static final int N = 8;
  static final int TIME_US = 16;
  static final int UP_MS = 24;
  static final int INSTANCE = 28;
  static final int REQUEST_ID = 32;
  static final int POLICY = 48;
  static final int METHOD = 56;
  static final int CALL_CLASS = 57;
  static final int DECISION = 58;
  static final int CRC = 60;
  static final int FIXED_BYTES = 64;
  static final int SALT = FIXED_BYTES + 3; // of every record that is written here: its first field
  static final int SALT_BYTES = 16;

  static final int FLAG_OBSERVE = 1;
  static final int FLAG_TRUNCATED = 1 << 1;
  static final int FLAG_NO_EVIDENCE = 1 << 2; // it was to have some

  // tags: the field numbers of the format page
  static final int TAG_SALT = 4;
  static final int TAG_TRACE = 10;
  static final int TAG_ACTOR = 12;
  static final int TAG_SUBJECT = 15;
  static final int TAG_DESTINATION = 16;
  static final int TAG_OPERATION = 18;
  static final int TAG_RULES = 21;
  static final int TAG_REASON = 22;
  static final int TAG_FIELDS = 25;
  static final int TAG_MONEY = 26;
  static final int TAG_FINDINGS = 27;
  static final int TAG_SIZES = 28;
  static final int TAG_STATUS = 29;
  static final int TAG_LATENCY_US = 30;
  static final int TAG_COST_NS = 31;
  static final int TAG_ATTRIBUTES = 34;
  static final int TAG_EVIDENCE = 35;
  static final int TAG_LIBRARY = 36;
  static final int TAG_ERROR = 37;
  static final int TAG_NAME = 38;
  static final int TAG_ROUTE = 39;
  static final int TAG_OPERATIONS = 40;
  static final int TAG_BASIS = 41;
  static final int TAG_DECIDED_FOR = 42;
  static final int TAG_SEAL = 50;
  static final int TAG_LINK = 51;
  static final int TAG_HEADER_BYTES = 3;
  static final int TRACE_BYTES = 24; // the trace's 16, the span's 8

  static final int MONEY_BYTES = 12;
  static final int MONEY_EXACT = 1;
  static final int MONEY_RANGE = 2;

  static final long MAX_U32 = 0xffff_fffeL;
  static final long ABSENT_U32 = 0xffff_ffffL;

  private Layout() {}

  static void put16(byte[] to, int at, int value) {
    to[at] = (byte) value;
    to[at + 1] = (byte) (value >>> 8);
  }

  static void put32(byte[] to, int at, int value) {
    to[at] = (byte) value;
    to[at + 1] = (byte) (value >>> 8);
    to[at + 2] = (byte) (value >>> 16);
    to[at + 3] = (byte) (value >>> 24);
  }

  static void put64(byte[] to, int at, long value) {
    put32(to, at, (int) value);
    put32(to, at + 4, (int) (value >>> 32));
  }

  static void putBigEndian64(byte[] to, int at, long value) {
    put64(to, at, Long.reverseBytes(value));
  }

  static int get16(byte[] from, int at) {
    return (from[at] & 0xff) | (from[at + 1] & 0xff) << 8;
  }

  static int get32(byte[] from, int at) {
    return get16(from, at) | get16(from, at + 2) << 16;
  }

  static long getU32(byte[] from, int at) {
    return get32(from, at) & 0xffff_ffffL;
  }

  static long get64(byte[] from, int at) {
    return getU32(from, at) | getU32(from, at + 4) << 32;
  }

  static long getBigEndian64(byte[] from, int at) {
    return Long.reverseBytes(get64(from, at));
  }

  /** Over everything but itself. */
  static int crc(byte[] record, int length) {
    return crc(record, 0, length);
  }

  static int crc(byte[] from, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(from, offset, CRC);
    crc.update(from, offset + FIXED_BYTES, length - FIXED_BYTES);
    return (int) crc.getValue();
  }
}
