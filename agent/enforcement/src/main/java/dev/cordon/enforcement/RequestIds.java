package dev.cordon.enforcement;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Request ids: UUIDv7 (RFC 9562), so that they sort by time. Unique, not secret. */
final class RequestIds {

  private RequestIds() {}

  static UUID next() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    long high =
        (System.currentTimeMillis() << 16) | 0x7000L | (random.nextLong() & 0x0FFFL); // version 7
    long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L; // variant
    return new UUID(high, low);
  }
}
