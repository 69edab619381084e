package dev.cordon.benchmarks;

import com.cedarpolicy.AuthorizationEngine;
import com.cedarpolicy.BasicAuthorizationEngine;
import com.cedarpolicy.model.AuthorizationRequest;
import com.cedarpolicy.model.entity.Entities;
import com.cedarpolicy.model.policy.PolicySet;
import com.cedarpolicy.value.EntityUID;
import com.cedarpolicy.value.PrimString;
import com.cedarpolicy.value.Value;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cordon.rules.BodyState;
import dev.cordon.rules.CallFacts;
import dev.cordon.rules.Effect;
import dev.cordon.rules.ReadCall;
import dev.cordon.rules.RuleSet;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.casbin.jcasbin.main.Enforcer;
import org.casbin.jcasbin.model.Model;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One decision by rule sets of different sizes, against three engines on the same decisions: each
 * rule denies one method on one path of one host, twenty rules a host, and the call is the one that
 * the last rule denies. The others are handed host, method and path; ours is measured likewise on a
 * call that has been read, and from the URL on. Run by hand: {@code java -cp ...
 * org.openjdk.jmh.Main RulesBenchmark -prof gc}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RulesBenchmark {
  private static final int RULES_PER_HOST = 20;
  private static final String CASBIN_MODEL =
      """
      [request_definition]
      r = host, method, path
      [policy_definition]
      p = host, method, path, eft
      [policy_effect]
      e = !some(where (p.eft == deny))
      [matchers]
      m = r.host == p.host && r.method == p.method && r.path == p.path
      """;

  /** How many rules. */
  @Param({"10", "100", "1000", "10000"})
  public int rules;

  private String host = "";
  private String path = "";
  private CallFacts facts = CallFacts.of("GET", "https://example.com");

  private static String host(int rule) {
    return "h" + rule / RULES_PER_HOST + ".example.com";
  }

  private static String path(int rule) {
    return "/v1/things" + rule % RULES_PER_HOST;
  }

  @Setup
  public void setUp() {
    host = host(rules - 1);
    path = path(rules - 1);
    facts = CallFacts.of("POST", "https://" + host + path);
  }

  /** Ours. */
  @State(Scope.Thread)
  public static class Cordon {
    private RuleSet ruleSet = load("version: 1\nname: none\n");
    private ReadCall read = ruleSet.read(CallFacts.of("GET", "https://example.com"));
    private ReadCall equal = read;
    private ReadCall above = read;
    private ReadCall between = read;

    @Setup
    public void setUp(RulesBenchmark benchmark) {
      StringBuilder destinations = new StringBuilder("destinations:\n");
      StringBuilder spread = new StringBuilder("rules:\n");
      StringBuilder equals = new StringBuilder("rules:\n");
      StringBuilder limits = new StringBuilder("rules:\n");
      StringBuilder bands = new StringBuilder("rules:\n");
      for (int i = 0; i < benchmark.rules; i++) {
        if (i % RULES_PER_HOST == 0) {
          destinations.append("  d").append(i / RULES_PER_HOST).append(": { hosts: [");
          destinations.append(host(i)).append("] }\n");
        }
        spread.append("  - { id: r").append(i).append(", to: d").append(i / RULES_PER_HOST);
        spread.append(", call: POST ").append(path(i)).append(", then: deny }\n");
        String same = "  - { id: r" + i + ", to: stripe, call: POST /v1/refunds, ";
        equals.append(same).append("when: [charge = ch_").append(i).append("], then: deny }\n");
        limits.append(same).append("when: [money > ").append(i).append(" EUR], then: deny }\n");
        bands.append(same).append("when: [money > ").append(i).append(" EUR, money <= ");
        bands.append(i + 1).append(" EUR], then: approve }\n");
      }
      String head = "version: 1\nname: bench\nowner: b@example.com\n";
      ruleSet = load(head + destinations + spread);
      read = ruleSet.read(benchmark.facts);
      String one =
          head + "packs: [stripe/1]\ndestinations: { stripe: { hosts: [api.stripe.com] } }\n";
      int last = benchmark.rules - 1;
      String body = "amount=" + last + "50&currency=eur&charge=ch_" + last;
      CallFacts refund =
          new CallFacts(
              "POST",
              "https://api.stripe.com/v1/refunds",
              List.of("Content-Type", "application/x-www-form-urlencoded"),
              BodyState.READ,
              body.getBytes(StandardCharsets.UTF_8));
      equal = load(one + equals).read(refund);
      above = load(one + limits).read(refund);
      between = load(one + bands).read(refund);
    }

    private static RuleSet load(String yaml) {
      try {
        Path file = Files.createTempFile("rules", ".yaml");
        try {
          return RuleSet.load(Files.writeString(file, yaml));
        } finally {
          Files.delete(file);
        }
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** The URL is read, the host and path found, the decision made. */
  @Benchmark
  public Effect cordonFromUrl(Cordon cordon) {
    return cordon.ruleSet.decide(facts).effect();
  }

  /** The host and path are found, the decision made. */
  @Benchmark
  public Effect cordon(Cordon cordon) {
    return cordon.read.decide().effect();
  }

  /** All rules on one endpoint, told apart by a text; one matches. */
  @Benchmark
  public Effect cordonOneEndpointTexts(Cordon cordon) {
    return cordon.equal.decide().effect();
  }

  /** All rules on one endpoint, each with a limit on the money; all match. */
  @Benchmark
  public Effect cordonOneEndpointLimits(Cordon cordon) {
    return cordon.above.decide().effect();
  }

  /** All rules on one endpoint, each with a lower and an upper limit; one matches. */
  @Benchmark
  public Effect cordonOneEndpointBands(Cordon cordon) {
    return cordon.between.decide().effect();
  }

  /** jCasbin with the rules as policies. */
  @State(Scope.Thread)
  public static class Casbin {
    private final Model model = new Model();
    private Enforcer enforcer = new Enforcer(model);

    @Setup
    public void setUp(RulesBenchmark benchmark) {
      model.loadModelFromText(CASBIN_MODEL);
      enforcer = new Enforcer(model);
      List<List<String>> policies = new ArrayList<>();
      for (int i = 0; i < benchmark.rules; i++) {
        policies.add(List.of(host(i), "POST", path(i), "deny"));
      }
      enforcer.addPolicies(policies);
    }
  }

  @Benchmark
  public boolean jcasbin(Casbin casbin) {
    return casbin.enforcer.enforce(host, "POST", path);
  }

  /** CEL, one program for each rule. */
  @State(Scope.Thread)
  public static class Cel {
    private final List<CelRuntime.Program> programs = new ArrayList<>();

    @Setup
    public void setUp(RulesBenchmark benchmark) throws Exception {
      CelCompiler compiler =
          CelCompilerFactory.standardCelCompilerBuilder()
              .addVar("host", SimpleType.STRING)
              .addVar("method", SimpleType.STRING)
              .addVar("path", SimpleType.STRING)
              .build();
      CelRuntime runtime = CelRuntimeFactory.standardCelRuntimeBuilder().build();
      for (int i = 0; i < benchmark.rules; i++) {
        String rule = "host == '" + host(i) + "' && method == 'POST' && path == '" + path(i) + "'";
        programs.add(runtime.createProgram(compiler.compile(rule).getAst()));
      }
    }
  }

  @Benchmark
  public boolean cel(Cel cel) throws Exception {
    Map<String, Object> call = Map.of("host", host, "method", "POST", "path", path);
    boolean denied = false;
    for (CelRuntime.Program program : cel.programs) {
      denied |= (Boolean) program.eval(call);
    }
    return denied;
  }

  /** Cedar through its Java binding. */
  @State(Scope.Thread)
  public static class Cedar {
    private final AuthorizationEngine engine = new BasicAuthorizationEngine();
    private PolicySet policies = new PolicySet();
    private final Entities entities = new Entities();

    @Setup
    public void setUp(RulesBenchmark benchmark) throws Exception {
      StringBuilder text = new StringBuilder("permit(principal, action, resource);\n");
      for (int i = 0; i < benchmark.rules; i++) {
        text.append("forbid(principal, action == Action::\"POST\", resource == Host::\"");
        text.append(host(i)).append("\") when { context.path == \"").append(path(i));
        text.append("\" };\n");
      }
      policies = PolicySet.parsePolicies(text.toString());
    }
  }

  @Benchmark
  public Object cedar(Cedar cedar) throws Exception {
    Map<String, Value> context = new HashMap<>();
    context.put("path", new PrimString(path));
    AuthorizationRequest request =
        new AuthorizationRequest(
            EntityUID.parse("Bot::\"bot\"").orElseThrow(),
            EntityUID.parse("Action::\"POST\"").orElseThrow(),
            EntityUID.parse("Host::\"" + host + "\"").orElseThrow(),
            context);
    return cedar.engine.isAuthorized(request, cedar.policies, cedar.entities);
  }
}
