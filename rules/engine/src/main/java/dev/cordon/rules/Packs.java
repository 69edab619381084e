package dev.cordon.rules;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The packs that come with Cordon, for people and tools. */
public final class Packs {
  private Packs() {}

  /**
   * One pack.
   *
   * @param name with its version, as rule files write it
   * @param reference the vendor's documentation
   * @param checked the day on which it was read
   * @param compared what all calls were compared with, machine to machine; empty when with nothing
   * @param hosts empty for a generic one
   */
  public record Known(
      String name,
      String reference,
      String checked,
      String compared,
      List<String> hosts,
      List<Call> calls) {

    public Known {
      hosts = List.copyOf(hosts);
      calls = List.copyOf(calls);
    }
  }

  /**
   * One call of a pack.
   *
   * @param call as rule files write it
   * @param money where the amount stands, in words; empty when the call moves none
   * @param subjects fields that name whom the call is about
   * @param freeText fields that people's words go into
   */
  public record Call(
      String operation,
      String call,
      String callClass,
      String money,
      List<String> subjects,
      List<String> freeText,
      List<String> fields) {

    public Call {
      subjects = List.copyOf(subjects);
      freeText = List.copyOf(freeText);
      fields = List.copyOf(fields);
    }
  }

  /** All packs, by name. */
  public static List<Known> all() {
    List<Known> all = new ArrayList<>();
    for (String name : PackReader.NAMES) {
      all.add(known(bytes(name)));
    }
    return all;
  }

  /** What the pack that knows the host makes of a call; without one, what its method says. */
  public static Explanation explain(CallFacts facts, Surroundings surroundings) {
    Target target = Target.parse(facts.url());
    for (String name : PackReader.NAMES) {
      byte[] bytes = bytes(name);
      Pack pack = parse(bytes).named(name);
      for (String host : pack.hosts()) {
        boolean below = host.startsWith(".");
        if (below ? target.host.endsWith(host) : target.host.equals(host)) {
          return RuleSet.of(pack, bytes, host, surroundings).explain(facts);
        }
      }
    }
    return RuleSet.ofNoPack(surroundings).explain(facts);
  }

  private static Known known(byte[] bytes) {
    Pack pack = parse(bytes);
    YamlNode root = YamlReader.read(text(bytes), new Problems(""));
    Section head =
        root == null
            ? Section.empty("the pack", new Problems(""))
            : Section.of("the pack", root, new Problems(""));
    List<Call> calls = new ArrayList<>();
    for (Pack.Call call : pack.calls()) {
      calls.add(
          new Call(
              call.operation(),
              call.pattern().toString(),
              call.callClass().code(),
              money(call),
              call.subjects(),
              call.freeText(),
              call.fields()));
    }
    return new Known(
        pack.name(),
        head.text("reference", ""),
        head.text("checked", ""),
        head.text("compared", ""),
        pack.hosts(),
        calls);
  }

  private static String money(Pack.Call call) {
    if (!call.hasMoney()) {
      return "";
    }
    return call.amount()
        + " in "
        + call.currency()
        + (call.minor() ? ", smallest units" : "")
        + (call.amountIsText() ? ", as a text" : "");
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static Pack parse(byte[] bytes) {
    Problems problems = new Problems("pack");
    Pack pack = PackReader.parse(bytes, problems);
    if (pack == null || problems.hasErrors()) {
      throw new IllegalStateException("broken pack:\n" + new RuleFileException(problems.all()));
    }
    return pack;
  }

  private static byte[] bytes(String name) {
    String resource = PackReader.FOLDER + name + ".yaml";
    try (InputStream in = Packs.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("pack " + resource + " is not on the class path");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
