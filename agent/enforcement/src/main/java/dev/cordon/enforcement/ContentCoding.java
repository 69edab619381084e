package dev.cordon.enforcement;

import dev.cordon.rules.BodyState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The Content-Encoding of a request body (RFC 9110, 8.4): what we can take off and put on again.
 */
enum ContentCoding {
  IDENTITY,
  GZIP,
  DEFLATE,
  /** Several codings, or one we cannot read: the body is unreadable to us. */
  OTHER;

  private static final int CHUNK_BYTES = 8 * 1024;

  /** A decoded body, or why there is none. */
  record Decoded(BodyState state, byte[] bytes) {
    private static final byte[] NOTHING = new byte[0];

    static Decoded without(BodyState state) {
      return new Decoded(state, NOTHING);
    }
  }

  static ContentCoding of(@Nullable String header) {
    if (header == null) {
      return IDENTITY;
    }
    return switch (header.trim().toLowerCase(Locale.ROOT)) {
      case "", "identity" -> IDENTITY;
      case "gzip", "x-gzip" -> GZIP;
      case "deflate" -> DEFLATE;
      default -> OTHER;
    };
  }

  /** Takes the coding off; never yields more than {@code limitBytes}, whatever the ratio. */
  Decoded decode(byte[] encoded, int limitBytes) {
    return switch (this) {
      case IDENTITY -> new Decoded(BodyState.READ, encoded);
      case GZIP, DEFLATE -> inflate(encoded, limitBytes);
      case OTHER -> Decoded.without(BodyState.UNREADABLE);
    };
  }

  /** Puts the coding on again. */
  byte[] encode(byte[] plain) throws IOException {
    return switch (this) {
      case IDENTITY -> plain;
      case GZIP -> {
        ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length / 2 + 64);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
          gzip.write(plain);
        }
        yield out.toByteArray();
      }
      case DEFLATE -> {
        ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length / 2 + 64);
        try (DeflaterOutputStream deflate = new DeflaterOutputStream(out)) {
          deflate.write(plain);
        }
        yield out.toByteArray();
      }
      case OTHER ->
          throw new IllegalStateException("a body in an unknown coding is never rewritten");
    };
  }

  private Decoded inflate(byte[] encoded, int limitBytes) {
    ByteArrayOutputStream plain =
        new ByteArrayOutputStream(Math.min(encoded.length * 4, limitBytes));
    byte[] chunk = new byte[CHUNK_BYTES];
    try (InputStream in = open(encoded)) {
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        if (plain.size() + read > limitBytes) {
          return Decoded.without(BodyState.TOO_LARGE);
        }
        plain.write(chunk, 0, read);
      }
    } catch (IOException notThatCoding) {
      return Decoded.without(BodyState.UNREADABLE);
    }
    return new Decoded(BodyState.READ, plain.toByteArray());
  }

  private InputStream open(byte[] encoded) throws IOException {
    ByteArrayInputStream in = new ByteArrayInputStream(encoded);
    return this == GZIP ? new GZIPInputStream(in) : new InflaterInputStream(in);
  }
}
