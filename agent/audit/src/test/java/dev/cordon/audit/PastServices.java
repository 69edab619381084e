package dev.cordon.audit;

import dev.cordon.bootstrap.Admission;
import dev.cordon.bootstrap.Body;
import dev.cordon.bootstrap.Header;
import dev.cordon.bootstrap.OutgoingCall;
import dev.cordon.enforcement.CallGuard;
import dev.cordon.enforcement.RedactionDetector;
import dev.cordon.journal.Journal;
import dev.cordon.journal.JournalOptions;
import dev.cordon.journal.JournalRecord;
import dev.cordon.journal.Level;
import dev.cordon.journal.RecordKind;
import dev.cordon.rules.Caller;
import dev.cordon.rules.RuleSet;
import dev.cordon.rules.Surroundings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes journals as a guarded service does: the real guard, the real queue. */
final class PastServices {
  private static final long TEN_SECONDS_NS = 10_000_000_000L;

  /** One call; a text body of a form, of XML or of JSON by its first sign. */
  record Given(String method, String url, List<Header> headers, byte @Nullable [] body)
      implements OutgoingCall {

    static Given of(String method, String url) {
      return new Given(method, url, List.of(), null);
    }

    static Given json(String method, String url, String body) {
      return new Given(
          method,
          url,
          List.of(new Header("Content-Type", "application/json")),
          body.getBytes(StandardCharsets.UTF_8));
    }

    static Given form(String method, String url, String body) {
      return new Given(
          method,
          url,
          List.of(new Header("Content-Type", "application/x-www-form-urlencoded")),
          body.getBytes(StandardCharsets.UTF_8));
    }

    static Given xml(String method, String url, String body) {
      return new Given(
          method,
          url,
          List.of(new Header("Content-Type", "text/xml; charset=utf-8")),
          body.getBytes(StandardCharsets.UTF_8));
    }

    Given with(String name, String value) {
      List<Header> more = new ArrayList<>(headers);
      more.add(new Header(name, value));
      return new Given(method, url, more, body);
    }

    @Override
    public String library() {
      return "test";
    }

    @Override
    public Body body(int limitBytes) {
      byte[] bytes = body;
      if (bytes == null) {
        return Body.none();
      }
      return bytes.length > limitBytes ? Body.tooLarge(bytes.length) : Body.read(bytes);
    }
  }

  private PastServices() {}

  /** Lets a service make the calls under the rules, and returns how many were refused. */
  static int run(Path journalBase, Path rules, String service, List<Given> calls) throws Exception {
    int refused = 0;
    RuleSet loaded = RuleSet.load(rules, Surroundings.of(new RedactionDetector()));
    try (Journal journal = Journal.open(JournalOptions.of(journalBase, service))) {
      CallGuard guard =
          new CallGuard(
              loaded,
              journal::append,
              System::nanoTime,
              (where, fault) -> {
                throw new AssertionError(where, fault);
              },
              Caller.ofService(service));
      for (Given call : calls) {
        Admission admission = guard.admit(call);
        if (admission.refusal() == null) {
          admission.responded(200, 2);
        } else {
          refused++;
        }
      }
      journal.append(new JournalRecord(RecordKind.AGENT_STOP), Level.DURABLE, TEN_SECONDS_NS);
    }
    return refused;
  }
}
