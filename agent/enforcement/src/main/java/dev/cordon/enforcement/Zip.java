package dev.cordon.enforcement;

import java.io.ByteArrayOutputStream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Puts the coding on again that {@link Unzip} has taken off. The JDK's streams do not give up the
 * memory of a body that ends early.
 */
final class Zip implements AutoCloseable {
  private static final byte[] GZIP_HEADER = {0x1F, (byte) 0x8B, 8, 0, 0, 0, 0, 0, 0, (byte) 0xFF};
  private static final int CHUNK_BYTES = 4 * 1024;

  private final boolean gzip;
  private final ByteArrayOutputStream out;
  private final Deflater deflater;
  private final CRC32 crc = new CRC32();
  private final byte[] chunk = new byte[CHUNK_BYTES];
  private boolean written; // since the last flush

  Zip(Unzip.Format format, ByteArrayOutputStream out) {
    this.gzip = format == Unzip.Format.GZIP;
    this.out = out;
    this.deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, format != Unzip.Format.ZLIB);
    if (gzip) {
      out.write(GZIP_HEADER, 0, GZIP_HEADER.length);
    }
  }

  void write(byte[] bytes, int from, int to) {
    crc.update(bytes, from, to - from);
    deflater.setInput(bytes, from, to - from);
    drain(Deflater.NO_FLUSH);
    written = true;
  }

  /** After it all that was written can be decompressed. */
  void flush() {
    if (written) {
      drain(Deflater.SYNC_FLUSH);
      written = false;
    }
  }

  void finish() {
    deflater.finish();
    drain(Deflater.NO_FLUSH);
    if (gzip) {
      number(crc.getValue());
      number(deflater.getBytesRead());
    }
  }

  private void drain(int flush) {
    int length;
    do {
      length = deflater.deflate(chunk, 0, chunk.length, flush);
      out.write(chunk, 0, length);
    } while (length == chunk.length || (flush == Deflater.NO_FLUSH && length > 0));
  }

  /** Four bytes, the lowest first. */
  private void number(long value) {
    for (int shift = 0; shift < 32; shift += 8) {
      out.write((int) (value >>> shift));
    }
  }

  @Override
  public void close() {
    deflater.end();
  }
}
