package dev.cordon.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Puts texts into a journal that no writer of ours would: what somebody can do who writes the files
 * himself. The checksums are right.
 */
final class ForgedNames {

  private static final int CRC_AT = 60;
  private static final int FIXED_BYTES = 64;

  private ForgedNames() {}

  /** Writes another text of the same length wherever the name stands. */
  static void put(Path base, String name, String forged) throws IOException {
    byte[] from = name.getBytes(StandardCharsets.US_ASCII);
    byte[] to = forged.getBytes(StandardCharsets.US_ASCII);
    if (from.length != to.length) {
      throw new IllegalArgumentException(from.length + " characters for " + to.length);
    }
    List<Path> files;
    try (Stream<Path> all = Files.walk(base)) {
      files = all.filter(one -> one.toString().endsWith(".cq4")).toList();
    }
    boolean found = false;
    for (Path file : files) {
      found |= put(file, from, to);
    }
    if (!found) {
      throw new IllegalArgumentException(name + " is nowhere below " + base);
    }
  }

  private static boolean put(Path file, byte[] name, byte[] forged) throws IOException {
    byte[] all = Files.readAllBytes(file);
    ByteBuffer bytes = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
    boolean found = false;
    for (int at = 0; at + 4 <= all.length; ) {
      int header = bytes.getInt(at);
      if (header == 0 || header < 0) {
        break;
      }
      int length = header & 0x3fff_ffff;
      if ((header & 0x4000_0000) == 0 && replace(all, at + 4, length, name, forged)) {
        found = true;
        CRC32C crc = new CRC32C();
        crc.update(all, at + 4, CRC_AT);
        crc.update(all, at + 4 + FIXED_BYTES, length - FIXED_BYTES);
        bytes.putInt(at + 4 + CRC_AT, (int) crc.getValue());
      }
      at = at + 4 + length + 3 & ~3;
    }
    Files.write(file, all);
    return found;
  }

  private static boolean replace(byte[] all, int from, int length, byte[] name, byte[] forged) {
    boolean found = false;
    for (int at = from; at + name.length <= from + length; at++) {
      int same = 0;
      while (same < name.length && all[at + same] == name[same]) {
        same++;
      }
      if (same == name.length) {
        System.arraycopy(forged, 0, all, at, forged.length);
        found = true;
      }
    }
    return found;
  }
}
