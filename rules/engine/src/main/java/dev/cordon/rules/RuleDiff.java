package dev.cordon.rules;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * What a new version of a rule file lets by that the old one did not, and the other way round.
 * Decides all cells of all kinds of calls by both: see docs/rule-language.md.
 */
public final class RuleDiff {

  /** Which way a decision changed. */
  public enum Change {
    LOOSER,
    STRICTER
  }

  /**
   * One difference: all cells that two rules decide in place of each other.
   *
   * @param why what is looser, or that it is stricter
   * @param destination the name in the new file; empty for what is no single call's
   * @param before null for what is no single call's
   * @param example null when the difference is no single call's, or no such call could be written
   * @param cells how many cells differ in this way
   */
  public record Difference(
      Change change,
      String why,
      String destination,
      @Nullable Decided before,
      @Nullable Decided after,
      @Nullable Example example,
      long cells) {}

  /**
   * What one rule set decides.
   *
   * @param effect {@code deny}, or {@code would deny} where it is only observed
   * @param ruleId the determining rule, or {@code default.write} style
   * @param file and line: where the rule, or the section that decides, stands
   */
  public record Decided(String effect, String ruleId, String file, int line) {}

  /**
   * A call that both rule sets decided when it was told.
   *
   * @param call its body is empty where its state says that it is too large
   * @param now the time of the call
   * @param origins where its values came from, as {@code crm at body text}
   */
  public record Example(CallFacts call, Instant now, List<String> origins) {
    public Example {
      origins = List.copyOf(origins);
    }

    /** As it is seen where bodies are read up to some length. */
    public CallFacts facts(int inspectUpToBytes) {
      return call.body().length <= inspectUpToBytes
          ? call
          : new CallFacts(
              call.method(),
              call.url(),
              call.headers(),
              BodyState.TOO_LARGE,
              new byte[0],
              call.caller());
    }
  }

  /**
   * All differences.
   *
   * @param gaps why there may be more; empty when everything was decided
   * @param leaves kinds of calls at hosts where something changed
   * @param changedLeaves those of them whose rules or class changed
   * @param cells that were decided
   */
  public record Report(
      List<Difference> differences,
      List<String> gaps,
      long leaves,
      long changedLeaves,
      long cells) {

    public Report {
      differences = List.copyOf(differences);
      gaps = List.copyOf(gaps);
    }

    /** Something is let by that was not, or was with more ado. */
    public boolean isLooser() {
      for (Difference one : differences) {
        if (one.change() == Change.LOOSER) {
          return true;
        }
      }
      return false;
    }

    /** Nothing is looser, and nothing was left out. */
    public boolean isProvedNoLooser() {
      return !isLooser() && gaps.isEmpty();
    }
  }

  /** A rule file with all below it. */
  private record Loaded(RuleFile file, List<Layer> layers) {}

  private final Loaded before;
  private final Loaded after;
  private final Map<String, Found> found = new LinkedHashMap<>();
  private final Set<String> gaps = new LinkedHashSet<>();
  private final List<Difference> differences = new ArrayList<>();

  /** A difference that is being looked at. */
  private static final class Found {
    final @Nullable String looser;
    final Decision before;
    final Decision after;
    final String where;
    @Nullable Example example;
    @Nullable Decision reallyBefore;
    @Nullable Decision reallyAfter;
    long cells;

    Found(@Nullable String looser, Decision before, Decision after, String where) {
      this.looser = looser;
      this.before = before;
      this.after = after;
      this.where = where;
    }
  }

  private RuleDiff(Loaded before, Loaded after) {
    this.before = before;
    this.after = after;
  }

  /**
   * Compares two rule files, each with its packs and layers.
   *
   * @throws RuleFileException when one of them cannot be loaded
   * @throws IOException when a file is missing or cannot be read
   */
  public static Report compare(Path before, Path after, Surroundings given)
      throws RuleFileException, IOException {
    CellProof.Clock clock = new CellProof.Clock(given.clock().instant());
    Surroundings surroundings =
        new Surroundings(given.detector(), clock, given.nanoClock(), new Ledger());
    FutureTask<Loaded> first = new FutureTask<>(loading(before, surroundings));
    Thread beside = new Thread(first, "cordon-rules-load"); // both take their time
    beside.start();
    Loaded second;
    try {
      second = load(after, surroundings);
    } finally {
      joined(first);
    }
    RuleDiff diff = new RuleDiff(joined(first), second);
    return diff.run(given.detector(), clock);
  }

  private static Callable<Loaded> loading(Path path, Surroundings surroundings) {
    return () -> load(path, surroundings);
  }

  private static Loaded joined(FutureTask<Loaded> task) throws RuleFileException, IOException {
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a rule file was read", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof RuleFileException problem) {
        throw problem;
      }
      if (cause instanceof IOException fault) {
        throw fault;
      }
      throw new IllegalStateException(cause);
    }
  }

  private static Loaded load(Path path, Surroundings surroundings)
      throws RuleFileException, IOException {
    Layer.Loader loader = new Layer.Loader();
    loader.add(path, false);
    RuleFile file =
        new RuleFileReader(surroundings, loader.packs()).unindexed().read(loader.layers());
    if (loader.hasErrors()) {
      throw new RuleFileException(loader.problems());
    }
    return new Loaded(file, loader.layers());
  }

  private Report run(Detector detector, CellProof.Clock clock) {
    compareFiles();
    CellProof proof =
        new CellProof(
            before.file(),
            after.file(),
            detector,
            clock,
            gaps,
            CellProof.MAX_CELLS_IN_ALL,
            new Collector());
    proof.run();
    found.forEach((key, one) -> add(one));
    return new Report(
        differences, List.copyOf(gaps), proof.leaves, proof.changedLeaves, proof.cells);
  }

  // ---- what is no single call's

  private void compareFiles() {
    RuleFile.Defaults was = before.file().defaults();
    RuleFile.Defaults is = after.file().defaults();
    compare("defaults.on-error", was.onError(), is.onError());
    compare("defaults.on-journal-down", was.onJournalDown(), is.onJournalDown());
    compare("redaction.logs", before.file().logs(), after.file().logs());
    compare("redaction.outgoing", before.file().outgoing(), after.file().outgoing());
    RuleFile.Kept kept = before.file().kept();
    RuleFile.Kept now = after.file().kept();
    compare("redaction.responses", kept.responses(), now.responses());
    for (RedactionPattern old : kept.patterns()) {
      for (RedactionPattern own : now.patterns()) {
        if (old.name().equals(own.name()) && !old.sameAs(own)) { // nobody proves what they match
          tell(true, "redaction.patterns." + old.name() + ": another pattern, it may find less");
        }
      }
    }
    if (kept.writeBackDenied() != now.writeBackDenied()) {
      tell(
          kept.writeBackDenied(),
          "redaction.write-back: " + (kept.writeBackDenied() ? "allow" : "deny"));
    }
    kept.approvals()
        .forEach(
            (name, policy) -> {
              ApprovalPolicy other = now.approvals().get(name);
              String looser = other == null ? null : Permission.looser(policy, other);
              if (looser != null) {
                tell(true, "approvals." + name + ": " + looser);
              } else if (other != null && Permission.looser(other, policy) != null) {
                tell(false, "approvals." + name);
              }
            });
  }

  private void compare(String what, Fallback was, Fallback is) {
    for (boolean read : new boolean[] {true, false}) {
      boolean allowed = read ? was.readAllowed() : was.writeAllowed();
      boolean allows = read ? is.readAllowed() : is.writeAllowed();
      if (allowed != allows) {
        tell(allows, what + "." + (read ? "read" : "write") + ": " + (allows ? "allow" : "deny"));
      }
    }
  }

  private void compare(String what, Redaction was, Redaction is) {
    String looser = Permission.looser(was, List.of(is));
    if (looser != null) {
      tell(true, what + ": " + looser);
    } else if (Permission.looser(is, List.of(was)) != null) {
      tell(false, what);
    }
  }

  private void tell(boolean looser, String why) {
    differences.add(
        new Difference(looser ? Change.LOOSER : Change.STRICTER, why, "", null, null, null, 0));
  }

  // ---- what cells tell

  private final class Collector implements CellProof.Differences {
    private String last = "";

    @Override
    public boolean differs(
        @Nullable String looser, CellProof.Skeleton where, Decision was, Decision is) {
      boolean observesNow =
          looser != null
              && before.file().defaults().mode() == Mode.ENFORCE
              && after.file().defaults().mode() == Mode.OBSERVE;
      last =
          observesNow
              ? "mode"
              : looser
                  + " "
                  + was.destination()
                  + " "
                  + was.effect()
                  + was.enforced()
                  + was.ruleId()
                  + " "
                  + is.effect()
                  + is.enforced()
                  + is.ruleId();
      Found one =
          found.computeIfAbsent(
              last,
              any ->
                  new Found(
                      observesNow ? "mode: observe" : looser,
                      was,
                      is,
                      where.call().method() + " " + where.call().url()));
      one.cells++;
      return one.example == null;
    }

    @Override
    public void call(@Nullable String looser, CellProof.Real call, Decision was, Decision is) {
      Found one = Objects.requireNonNull(found.get(last));
      List<String> origins = new ArrayList<>();
      call.origins()
          .forEach(
              (origin, known) -> {
                if (known != LeafCells.NOT_KNOWN) {
                  origins.add((known == LeafCells.WHOLE_KNOWN ? "" : "in part ") + origin);
                }
              });
      one.example = new Example(call.facts(), call.now(), origins);
      one.reallyBefore = was;
      one.reallyAfter = is;
    }
  }

  private void add(Found one) {
    Decision was = one.reallyBefore == null ? one.before : one.reallyBefore;
    Decision is = one.reallyAfter == null ? one.after : one.reallyAfter;
    if (one.example == null) {
      if (one.looser != null) { // it may be that no call is like that
        gaps.add(
            one.where
                + " may be looser: "
                + one.looser
                + ", "
                + was.ruleId()
                + " before and "
                + is.ruleId()
                + " after; but no such call could be written");
      }
      return;
    }
    differences.add(
        new Difference(
            one.looser == null ? Change.STRICTER : Change.LOOSER,
            one.looser == null ? "stricter" : one.looser,
            is.destination().isEmpty() ? was.destination() : is.destination(),
            decided(was, before),
            decided(is, after),
            one.example,
            one.cells));
  }

  private static Decided decided(Decision decision, Loaded loaded) {
    String effect = (decision.enforced() ? "" : "would ") + Fold.lower(decision.effect().name());
    for (Rule rule : loaded.file().rules()) {
      if (rule.id().equals(decision.ruleId())) {
        return new Decided(effect, rule.id(), rule.file(), rule.at().line());
      }
    }
    String section = decision.ruleId().startsWith("destination.") ? "destinations" : "defaults";
    String file = "";
    int line = 1;
    for (Layer layer : loaded.layers()) {
      boolean has = layer.file().has(section);
      if (has || file.isEmpty() || (layer.top() && line == 1)) {
        file = layer.problems().file();
        line = has ? layer.file().keyAt(section).line() : 1;
      }
    }
    return new Decided(effect, decision.ruleId(), file, line);
  }
}
