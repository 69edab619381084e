package dev.cordon.journal;

import dev.cordon.journal.seal.JdkCrypto;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;

/**
 * Random bytes that nobody can guess, a page at a time. From the device where there is one: the
 * providers behind {@link SecureRandom} cost a start 20 ms. Of the writer thread.
 */
final class Salts {

  private static final String DEVICE = "/dev/urandom";

  private final byte[] page = new byte[4096];
  private int at = page.length;

  void fill(byte[] to, int from, int bytes) {
    if (at + bytes > page.length) {
      renew();
    }
    System.arraycopy(page, at, to, from, bytes);
    at += bytes;
  }

  private void renew() {
    try (InputStream device = new FileInputStream(DEVICE)) {
      if (device.readNBytes(page, 0, page.length) == page.length) {
        at = 0;
        return;
      }
    } catch (IOException e) {
      // not there, or no file may be opened now
    }
    JdkCrypto.random().nextBytes(page);
    at = 0;
  }
}
