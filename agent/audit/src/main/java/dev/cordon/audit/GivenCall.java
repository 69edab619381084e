package dev.cordon.audit;

import dev.cordon.rules.BodyState;
import dev.cordon.rules.CallFacts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A call as people write it on the command line. */
final class GivenCall {
  static final String OPTIONS =
      """
            --header H   'NAME: VALUE'; may be repeated
            --body B     the body itself, @FILE to read it from a file, @- from standard input;
                         without a Content-Type header it is taken for JSON when it begins with
                         { or [, else for a form
      """;

  private final String method;
  private final String url;
  private final @Nullable String body;
  private final List<String> headers = new ArrayList<>();

  /**
   * @param call {@code METHOD URL}
   * @param given with {@code --header} and {@code --body}
   */
  GivenCall(String call, Arguments given) throws UsageException {
    String text = call.strip();
    int space = text.indexOf(' ');
    if (space < 0) {
      throw new UsageException("a call is 'METHOD URL', as in 'POST https://api.example.com/x'");
    }
    method = text.substring(0, space);
    url = text.substring(space + 1).strip();
    body = given.value("--body");
    for (String line : given.values("--header")) {
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw new UsageException("--header wants 'NAME: VALUE'"); // may hold a secret: not repeated
      }
      headers.add(line.substring(0, colon).strip());
      headers.add(line.substring(colon + 1).strip());
    }
  }

  CallFacts facts(int inspectUpToBytes) throws IOException {
    byte[] bytes = bytes(inspectUpToBytes);
    if (bytes.length == 0) {
      return new CallFacts(method, url, headers, BodyState.NONE, bytes);
    }
    if (bytes.length > inspectUpToBytes) {
      return new CallFacts(method, url, headers, BodyState.TOO_LARGE, new byte[0]);
    }
    boolean typed = false;
    for (int i = 0; i < headers.size(); i += 2) {
      typed |= headers.get(i).equalsIgnoreCase("content-type");
    }
    if (!typed) {
      headers.add("Content-Type");
      headers.add(
          bytes[0] == '{' || bytes[0] == '['
              ? "application/json"
              : "application/x-www-form-urlencoded");
    }
    return new CallFacts(method, url, headers, BodyState.READ, bytes);
  }

  private byte[] bytes(int inspectUpToBytes) throws IOException {
    if (body == null) {
      return new byte[0];
    }
    if (!body.startsWith("@")) {
      return body.getBytes(StandardCharsets.UTF_8);
    }
    if (body.equals("@-")) {
      return trimmed(System.in.readNBytes(inspectUpToBytes + 1));
    }
    try (InputStream in = Files.newInputStream(Path.of(body.substring(1)))) {
      return trimmed(in.readNBytes(inspectUpToBytes + 1));
    }
  }

  /** Without the line end that editors put at the end of a file. */
  private static byte[] trimmed(byte[] bytes) {
    int end = bytes.length;
    while (end > 0 && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
      end--;
    }
    return Arrays.copyOf(bytes, end);
  }
}
