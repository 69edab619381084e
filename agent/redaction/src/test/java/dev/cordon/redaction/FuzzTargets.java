package dev.cordon.redaction;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What must hold for any input, whatever it is. {@link FuzzTest} runs each target on its seeds and
 * on changed seeds; Jazzer runs one of them by {@link #fuzzerTestOneInput}, see docs/redaction.md.
 */
public final class FuzzTargets {
  private static final Redactor LOGS = Redactor.forLogs(EnumSet.allOf(Kind.class));
  private static final RedactionPlan PLAN = Samples.everywhere(RedactionPlan.Operator.TOKEN);
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(Integer.MAX_VALUE).build())
          .build();

  private FuzzTargets() {}

  /** A target by the name of the folder of its seeds. */
  enum Target {
    TEXT {
      @Override
      void run(byte[] data) {
        line(new String(data, StandardCharsets.UTF_8));
        body(data, "text/plain");
      }
    },
    JSON {
      @Override
      void run(byte[] data) {
        byte[] redacted = body(data, "application/json");
        check(redacted == null || !isJson(data) || isJson(redacted), "JSON stays JSON");
      }
    },
    FORM {
      @Override
      void run(byte[] data) {
        body(data, "application/x-www-form-urlencoded");
        Scan scan = Redactor.query(new String(data, StandardCharsets.UTF_8), PLAN);
        check(scan.reach() != Reach.FAILED, "a query is read");
      }
    },
    MULTIPART {
      @Override
      void run(byte[] data) {
        body(data, "multipart/form-data; boundary=XX");
      }
    },
    XML {
      @Override
      void run(byte[] data) {
        body(data, "application/xml");
      }
    },
    /** The first byte says what it is and how long its pieces are. */
    STREAM {
      @Override
      void run(byte[] data) {
        if (data.length > 0) {
          String[] types = {"text/plain", "application/json", "text/event-stream", "text/xml"};
          int pieceBytes = 1 + ((data[0] & 0xFF) >> 2);
          stream(Arrays.copyOfRange(data, 1, data.length), types[data[0] & 3], pieceBytes);
        }
      }
    };

    abstract void run(byte[] data);
  }

  /** For Jazzer; the target is named by {@code -Dcordon.fuzz=XML}. */
  public static void fuzzerTestOneInput(byte[] data) {
    Target.valueOf(System.getProperty("cordon.fuzz", "TEXT")).run(data);
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  private static void line(String text) {
    String once = LOGS.line(text);
    check(!once.startsWith("[CORDON"), "no text makes a verifier fail");
    check(LOGS.line(once).equals(once), "read again, nothing is found");
    Scan scan = LOGS.find(text);
    check(scan.reach() == Reach.WHOLE, "a text is read");
    check(scan.findings().isEmpty() == once.equals(text), "what is found is replaced");
  }

  private static byte @Nullable [] body(byte[] data, String type) {
    Scan scan = Redactor.body(data, type, PLAN);
    check(scan.reach() != Reach.FAILED, "no body makes a reader fail");
    byte[] redacted = scan.redacted();
    List<Finding> findings = scan.findings();
    check(redacted == null == findings.isEmpty(), "what is found is replaced");
    if (redacted == null) {
      return null;
    }
    int last = 0;
    for (Finding finding : findings) {
      check(finding.start() >= last && finding.end() <= data.length, "findings stand in order");
      last = finding.end();
    }
    int head = findings.get(0).start();
    int tail = data.length - last;
    check(Arrays.equals(data, 0, head, redacted, 0, head), "what stands before stays");
    check(
        Arrays.equals(data, last, data.length, redacted, redacted.length - tail, redacted.length),
        "what stands behind stays");
    return redacted;
  }

  private static void stream(byte[] data, String type, int pieceBytes) {
    StreamRedactor redactor = new StreamRedactor(type, PLAN);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StreamTransform.Sink sink = (bytes, from, to) -> out.write(bytes, from, to - from);
    for (int at = 0; at < data.length; at += pieceBytes) {
      int to = Math.min(data.length, at + pieceBytes);
      redactor.feed(data, at, to, sink);
    }
    redactor.end(sink);
    byte[] redacted = out.toByteArray();
    check(redactor.reach() != Reach.FAILED, "no stream makes a reader fail");
    check(redactor.isChanged() || Arrays.equals(data, redacted), "a clean stream passes as it is");
    if (type.equals("application/json") && isJson(data)) {
      check(isJson(redacted), "JSON in pieces stays JSON");
    }
  }

  private static boolean isJson(byte[] data) {
    try (JsonParser parser = JSON.createParser(new String(data, StandardCharsets.UTF_8))) {
      while (parser.nextToken() != null) {
        parser.getText();
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
