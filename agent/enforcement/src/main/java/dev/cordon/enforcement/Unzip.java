package dev.cordon.enforcement;

import java.io.IOException;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Takes gzip (RFC 1952) or deflate (zlib, RFC 1950, and what some servers send in its place, RFC
 * 1951) off a body that arrives in pieces. The JDK's own streams pull, and what arrives here is
 * pushed.
 */
final class Unzip implements AutoCloseable {

  /** Takes what comes out. */
  interface Sink {
    void accept(byte[] bytes, int from, int to) throws IOException;
  }

  enum Format {
    GZIP,
    ZLIB,
    RAW;

    /**
     * Tells it from the first byte of the body; null where there is no coding, also where a header
     * says gzip and no gzip begins so: what is read is what is there.
     */
    static @Nullable Format of(ContentCoding coding, byte first) {
      return switch (coding) {
        case GZIP -> first == GZIP_MAGIC ? GZIP : null;
        // a raw one would begin with an odd stored block
        case DEFLATE -> (first & 0x0F) == 8 ? ZLIB : RAW;
        case IDENTITY, OTHER -> null;
      };
    }
  }

  private enum Part {
    /** The ten bytes that each gzip member begins with. */
    HEADER,
    EXTRA_LENGTH,
    EXTRA,
    NAME,
    COMMENT,
    HEADER_CRC,
    DATA,
    TRAILER,
    /** Behind the last byte; what follows is none of ours. */
    BEHIND
  }

  private static final byte GZIP_MAGIC = 0x1F;
  private static final int CHUNK_BYTES = 8 * 1024;
  private static final int EXTRA_FLAG = 4;
  private static final int NAME_FLAG = 8;
  private static final int COMMENT_FLAG = 16;
  private static final int CRC_FLAG = 2;

  private final boolean gzip;
  private final Inflater inflater;
  private final byte[] chunk = new byte[CHUNK_BYTES];
  private final CRC32 crc = new CRC32();
  private Part part;
  private int count; // bytes of this part so far
  private int extraBytes;
  private int flags;
  private long trailer;
  private long members;

  Unzip(Format format) {
    this.gzip = format == Format.GZIP;
    this.inflater = new Inflater(format != Format.ZLIB);
    this.part = gzip ? Part.HEADER : Part.DATA;
  }

  void feed(byte[] bytes, int from, int to, Sink out) throws IOException {
    int at = from;
    while (at < to) {
      if (part == Part.DATA) {
        inflater.setInput(bytes, at, to - at);
        inflate(out);
        at = to - inflater.getRemaining();
        if (inflater.finished()) {
          enter(gzip ? Part.TRAILER : Part.BEHIND);
        }
      } else if (part == Part.BEHIND) {
        return;
      } else {
        header(bytes[at++] & 0xFF);
      }
    }
  }

  /** Ends the body: an exception where it cannot end. */
  void end() throws IOException {
    if (part != Part.BEHIND && (part != Part.HEADER || count > 0)) {
      throw new IOException("the compressed response ends before its end");
    }
  }

  private void inflate(Sink out) throws IOException {
    try {
      while (!inflater.finished()) {
        int read = inflater.inflate(chunk);
        if (read == 0) {
          if (inflater.needsDictionary()) {
            throw new IOException("the compressed response asks for a dictionary");
          }
          return;
        }
        crc.update(chunk, 0, read);
        out.accept(chunk, 0, read);
      }
    } catch (DataFormatException broken) {
      throw new IOException("the response is not compressed as it says", broken);
    }
  }

  private void header(int b) throws IOException {
    count++;
    switch (part) {
      case HEADER -> {
        boolean wrong =
            count == 1 && b != GZIP_MAGIC || count == 2 && b != 0x8B || count == 3 && b != 8;
        if (wrong) {
          if (members > 0 && count == 1) {
            enter(Part.BEHIND); // zeros behind the last member
            return;
          }
          throw new IOException("the response is not compressed as it says");
        }
        if (count == 4) {
          flags = b;
        } else if (count == 10) {
          afterHeader();
        }
      }
      case EXTRA_LENGTH -> {
        extraBytes |= b << 8 * (count - 1);
        if (count == 2) {
          enter(Part.EXTRA);
          if (extraBytes == 0) {
            flags &= ~EXTRA_FLAG;
            afterHeader();
          }
        }
      }
      case EXTRA -> {
        if (count == extraBytes) {
          flags &= ~EXTRA_FLAG;
          afterHeader();
        }
      }
      case NAME -> {
        if (b == 0) {
          flags &= ~NAME_FLAG;
          afterHeader();
        }
      }
      case COMMENT -> {
        if (b == 0) {
          flags &= ~COMMENT_FLAG;
          afterHeader();
        }
      }
      case HEADER_CRC -> {
        if (count == 2) {
          flags &= ~CRC_FLAG;
          afterHeader();
        }
      }
      case TRAILER -> {
        trailer |= (long) b << 8 * (count - 1);
        if (count == 8) {
          if ((trailer & 0xFFFFFFFFL) != crc.getValue()) {
            throw new IOException("the compressed response has another checksum than it says");
          }
          members++;
          inflater.reset();
          crc.reset();
          enter(Part.HEADER);
        }
      }
      case DATA, BEHIND -> throw new IllegalStateException("no header here: " + part);
    }
  }

  private void afterHeader() {
    if ((flags & EXTRA_FLAG) != 0) {
      extraBytes = 0;
      enter(Part.EXTRA_LENGTH);
    } else if ((flags & NAME_FLAG) != 0) {
      enter(Part.NAME);
    } else if ((flags & COMMENT_FLAG) != 0) {
      enter(Part.COMMENT);
    } else if ((flags & CRC_FLAG) != 0) {
      enter(Part.HEADER_CRC);
    } else {
      enter(Part.DATA);
    }
  }

  private void enter(Part next) {
    part = next;
    count = 0;
    trailer = 0;
  }

  @Override
  public void close() {
    inflater.end();
  }
}
