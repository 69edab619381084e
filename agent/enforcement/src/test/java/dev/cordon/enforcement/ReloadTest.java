package dev.cordon.enforcement;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.bootstrap.Admission;
import dev.cordon.bootstrap.Body;
import dev.cordon.bootstrap.Header;
import dev.cordon.bootstrap.OutgoingCall;
import dev.cordon.journal.Appended;
import dev.cordon.journal.RecordKind;
import dev.cordon.journal.Told;
import dev.cordon.rules.Caller;
import dev.cordon.rules.RuleSet;
import dev.cordon.rules.Surroundings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Other rules while calls are under way: two versions that contradict each other in all they say.
 */
class ReloadTest {
  private static final int THREADS = 16;
  private static final int RELOADS = 1_000;
  private static final int LIMIT = 50;

  private static final String VERSION =
      """
      version: 1
      name: reload-test
      serial: %s
      owner: tests@example.com
      defaults: { mode: enforce, host: deny, read: allow, write: deny, unknown: deny }
      destinations: { crm: { hosts: [crm.example.com] } }
      rules:
        - { id: only, to: crm, call: POST /v1/%s, then: allow }
        - { id: never, to: crm, call: POST /v1/%s, then: forbid }
        - id: limited
          to: crm
          call: POST /v1/limited
          then: allow
          limits: [{ per: rule, max: 50, within: 1h }]
      redaction:
        logs: { types: [%s], with: token }
        outgoing: { types: [email], with: %s }
      """;

  @TempDir Path directory;
  private final Surroundings surroundings = Surroundings.of(new RedactionDetector());
  private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
  private final AtomicLong requests = new AtomicLong();

  private RuleSet odd() throws Exception {
    return load("odd", VERSION.formatted(1, "odd", "even", "email", "token"));
  }

  private RuleSet even() throws Exception {
    return load("even", VERSION.formatted(2, "even", "odd", "iban", "mask"));
  }

  private RuleSet load(String name, String text) throws Exception {
    return RuleSet.load(Files.writeString(directory.resolve(name + ".yaml"), text), surroundings);
  }

  @Test
  void aThousandReloadsUnderLoadDropNoCallAndMixNoTwoVersions() throws Exception {
    long oddPolicy = policy(odd());
    long evenPolicy = policy(even());
    ThreadLocal<List<Told>> records = ThreadLocal.withInitial(ArrayList::new);
    CallGuard guard =
        new CallGuard(
            odd(),
            (record, level, timeoutNs) -> {
              records.get().add(Told.of(record));
              return Appended.COMMITTED;
            },
            System::nanoTime,
            (where, fault) -> wrong.add(where + " " + fault),
            Caller.ofService("bot"));
    AtomicInteger throughLimit = new AtomicInteger();
    AtomicLong seenOdd = new AtomicLong();
    AtomicLong seenEven = new AtomicLong();
    List<Thread> callers = new ArrayList<>();
    boolean[] stop = new boolean[1];
    for (int t = 0; t < THREADS; t++) {
      Thread caller =
          new Thread(
              () -> {
                for (int i = 0; !stopped(stop) || i < 100; i++) {
                  String path = i % 16 == 7 ? "limited" : i % 2 == 0 ? "odd" : "even";
                  Call call = new Call(path);
                  records.get().clear();
                  LockSupport.parkNanos(500_000); // so that the reloads get a turn, too
                  try {
                    Admission admission = guard.admit(call);
                    if (admission.refusal() == null) {
                      admission.responded(200, 0);
                    }
                    requests.incrementAndGet();
                    Told request = records.get().get(0);
                    boolean odd = request.policy() == oddPolicy;
                    (odd ? seenOdd : seenEven).incrementAndGet();
                    if (!odd && request.policy() != evenPolicy) {
                      wrong.add("digest of neither version");
                    }
                    check(path, odd, admission, request, records.get());
                    if (path.equals("limited") && admission.refusal() == null) {
                      throughLimit.incrementAndGet();
                    }
                  } catch (Throwable thrown) {
                    wrong.add("a call was dropped: " + thrown);
                  }
                }
              });
      callers.add(caller);
      caller.start();
    }
    for (int i = 0; i < RELOADS; i++) {
      guard.activate(i % 2 == 0 ? even() : odd());
    }
    stop(stop);
    for (Thread caller : callers) {
      caller.join(60_000);
    }
    assertEquals(List.of(), wrong.stream().limit(5).toList());
    assertEquals(LIMIT, throughLimit.get(), "a reload must not reset what was counted");
    assertTrue(seenOdd.get() > 0 && seenEven.get() > 0, seenOdd + " odd, " + seenEven + " even");
    assertEquals(requests.get(), seenOdd.get() + seenEven.get());
  }

  /** What was done must be what the version of the record says. */
  private void check(String path, boolean odd, Admission admission, Told request, List<Told> all) {
    boolean refused = admission.refusal() != null;
    if (request.kind() != RecordKind.CALL_REQUEST || all.size() != (refused ? 1 : 2)) {
      wrong.add("records " + all);
    }
    for (Told record : all) {
      if (record.policy() != request.policy()) {
        wrong.add("the answer was recorded under another version than the request");
      }
    }
    if (!path.equals("limited")) {
      boolean allowed = path.equals("odd") == odd;
      if (allowed == refused || !(allowed ? "redacted" : "deny").equals(request.decision())) {
        wrong.add(path + " under " + (odd ? "odd" : "even") + ": " + request.decision());
      }
    }
    if (!refused) {
      byte[] body = admission.body();
      boolean token = body != null && new String(body, UTF_8).contains("[EMAIL]");
      if (body == null || token != odd) {
        wrong.add("redacted as the other version says");
      }
    }
  }

  @Test
  void linesAreRedactedByTheRulesInForceAndCountedUnderTheirDigest() throws Exception {
    List<Told> records = new ArrayList<>();
    CallGuard guard =
        new CallGuard(
            odd(),
            (record, level, timeoutNs) -> {
              records.add(Told.of(record));
              return Appended.ACCEPTED;
            },
            () -> 0, // the clock stands: after the first count nothing is due
            (where, fault) -> wrong.add(where));
    assertEquals("of [EMAIL]", guard.line("of eve@example.com"));
    assertEquals("of [EMAIL]", guard.line("of eve@example.com"));
    assertEquals(1, records.size());
    guard.activate(even());
    assertEquals(2, records.size(), "what was counted is told under the rules that counted it");
    assertEquals(policy(odd()), records.get(1).policy());
    assertEquals("of eve@example.com", guard.line("of eve@example.com"));
    assertEquals("of [IBAN]", guard.line("of DE89370400440532013000"));
    assertEquals(policy(even()), records.get(2).policy());
  }

  @Test
  void aLimitThatOneVersionLacksGoesOnInTheNext() throws Exception {
    CallGuard guard =
        new CallGuard(
            odd(),
            (record, level, timeoutNs) -> Appended.COMMITTED,
            System::nanoTime,
            (where, fault) -> wrong.add(where),
            Caller.ofService("bot"));
    for (int i = 0; i < LIMIT; i++) {
      assertEquals(null, guard.admit(new Call("limited")).refusal());
    }
    guard.activate(
        load(
            "without",
            VERSION
                .formatted(3, "odd", "even", "email", "token")
                .replaceAll("(?m)^.*limits:.*\n", "")));
    assertEquals(null, guard.admit(new Call("limited")).refusal());
    System.gc(); // nothing but the ledger holds the account now
    guard.activate(odd());
    assertNotNull(guard.admit(new Call("limited")).refusal());
  }

  private static synchronized boolean stopped(boolean[] stop) {
    return stop[0];
  }

  private static synchronized void stop(boolean[] stop) {
    stop[0] = true;
  }

  private static long policy(RuleSet rules) {
    return Long.parseUnsignedLong(rules.digest().substring(0, 16), 16);
  }

  private record Call(String path) implements OutgoingCall {
    @Override
    public String library() {
      return "test";
    }

    @Override
    public String method() {
      return "POST";
    }

    @Override
    public String url() {
      return "https://crm.example.com/v1/" + path;
    }

    @Override
    public List<Header> headers() {
      return List.of(new Header("Content-Type", "application/json"));
    }

    @Override
    public Body body(int limitBytes) {
      return Body.read("{\"note\":\"mail eve@example.com\"}".getBytes(UTF_8));
    }
  }
}
