package dev.cordon.launcher;

import dev.cordon.enforcement.Recorder;
import dev.cordon.instrumentation.LibraryInstrumentation;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.Level;
import dev.cordon.journal.RecordKind;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Proves that the hooks of the JDK's clients are live: one call through each, to a host that only
 * the built-in rule of {@link SelfTestGuard} answers for. What comes back must be that rule's
 * refusal, which only a live hook can have brought; no socket is opened on the way to it.
 */
final class SelfTest {

  private final Recorder recorder;
  private final List<LibraryInstrumentation> libraries;
  private final String decisionId = UUID.randomUUID().toString();

  SelfTest(Recorder recorder, List<LibraryInstrumentation> libraries) {
    this.recorder = recorder;
    this.libraries = libraries;
  }

  String decisionId() {
    return decisionId;
  }

  /** One line for each client whose hook is not live. */
  List<String> run() {
    List<String> failures = new ArrayList<>();
    for (LibraryInstrumentation library : libraries) {
      String failure;
      switch (library.library()) {
        case "jdk-urlconnection" -> failure = urlConnection();
        default -> {
          continue; // proved when an application first loads it: the linker reports what it cannot
          // link
        }
      }
      journal(library.library(), failure);
      if (failure != null) {
        failures.add(library.library() + ": " + failure);
      }
    }
    return failures;
  }

  private void journal(String library, @Nullable String failure) {
    recorder.append(
        new JournalRecord(RecordKind.AGENT_SELFTEST)
            .library(library)
            .rules(List.of(SelfTestGuard.RULE))
            .attribute("outcome", failure == null ? "refused as it must be" : "failed"),
        Level.ACCEPTED,
        0);
  }

  private @Nullable String urlConnection() {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              new URL("http://" + SelfTestGuard.HOST + "/").openConnection(Proxy.NO_PROXY);
      connection.setRequestMethod("POST");
      connection.setDoOutput(true);
      connection.setUseCaches(false);
      connection.getOutputStream().write('{');
      return check(connection.getResponseCode(), connection.getHeaderField("Cordon-Decision"));
    } catch (IOException | RuntimeException | LinkageError notRefused) {
      return "the call was not refused but ended in " + notRefused.getClass().getName();
    }
  }

  private @Nullable String check(int status, @Nullable String decision) {
    return status == 403 && decisionId.equals(decision)
        ? null
        : "the call was answered with status " + status + " by somebody else";
  }
}
