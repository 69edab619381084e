package dev.cordon.rules;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the vendors' packs, which are class-path resources of the module rules/packs. */
final class PackReader {
  static final String FOLDER = "/dev/cordon/packs/vendors/";

  /** A resource folder cannot be listed from everywhere; a test compares this with the files. */
  static final List<String> NAMES =
      List.of(
          "anthropic",
          "discord",
          "freshdesk",
          "hubspot",
          "intercom",
          "line",
          "mcp",
          "openai",
          "salesforce",
          "sendgrid",
          "shopify",
          "slack",
          "stripe",
          "telegram",
          "twilio",
          "whatsapp",
          "zendesk");

  private final Problems problems;
  private final Map<String, YamlNode> parsed;
  private final List<Used> read = new ArrayList<>();

  /** A pack that was found; without bytes when it came parsed. */
  record Used(String name, byte[] bytes) {}

  /**
   * @param problems of the rule file that names the packs
   * @param parsed packs that came with the rule file
   */
  PackReader(Problems problems, Map<String, YamlNode> parsed) {
    this.problems = problems;
    this.parsed = parsed;
  }

  /** All packs that were found, in the order they were asked for. */
  List<Used> read() {
    return read;
  }

  /** The pack written as {@code stripe/2}; null with a problem. */
  @Nullable Pack find(YamlNode.Scalar written) {
    String text = written.text();
    int slash = text.indexOf('/');
    String name = slash < 0 ? text : text.substring(0, slash);
    YamlNode root = parsed.get(name);
    if (root == null && !NAMES.contains(name)) {
      problems.error(
          written.at(),
          "CRD126",
          "unknown pack '" + text + "'",
          Suggest.hint(name, NAMES, "known: " + String.join(", ", NAMES)));
      return null;
    }
    byte[] bytes = root == null ? ownBytes(name) : new byte[0];
    Problems own = new Problems("packs/vendors/" + name + ".yaml");
    Pack pack = root == null ? parse(bytes, own) : parse(root, own);
    if (pack == null || own.hasErrors()) {
      if (root != null) { // of a bundle that a later version of Cordon has built
        problems.error(
            written.at(), "CRD160", "the bundle's pack '" + text + "' cannot be read", "");
        return null;
      }
      throw new IllegalStateException("broken pack:\n" + new RuleFileException(own.all()));
    }
    if (!pack.name().equals(text)) {
      problems.error(
          written.at(),
          "CRD126",
          slash < 0 ? "pack '" + text + "' without its version" : "unknown pack '" + text + "'",
          "this version of Cordon has " + pack.name());
      return null;
    }
    read.add(new Used(name, bytes));
    return pack.named(name);
  }

  private static byte[] ownBytes(String name) {
    try (InputStream in = PackReader.class.getResourceAsStream(FOLDER + name + ".yaml")) {
      if (in == null) {
        throw new IllegalStateException("pack " + FOLDER + name + ".yaml is not on the class path");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The pack with {@code name/version} as its name; null when there is none to speak of. */
  static @Nullable Pack parse(byte[] bytes, Problems problems) {
    String text = RuleFileText.text(bytes, problems);
    YamlNode root = text == null ? null : YamlReader.read(text, problems);
    return root == null ? null : parse(root, problems);
  }

  private static @Nullable Pack parse(YamlNode root, Problems problems) {
    Section file = Section.of("the pack", root, problems);
    YamlNode.Scalar name = file.required("pack", "");
    file.required("reference", "the vendor's public documentation");
    file.required("checked", "the day on which it was read");
    file.text("compared", "");
    if (!file.has("hosts")) {
      problems.error(file.at(), "CRD112", "the pack has no 'hosts'", "[] for a generic one");
    }
    List<String> hosts = List.copyOf(texts(file, "hosts"));
    List<String> suffixes = words(file.text("suffix", ""));
    List<String> methodParameters = words(file.text("method-parameter", ""));
    Endpoints endpoints = Endpoints.read(file, problems);
    Shared shared =
        new Shared(
            paths(file, "recipients", problems),
            paths(file, "subjects", problems),
            paths(file, "free-text", problems),
            texts(file, "volatile"),
            refusals(file, problems));
    RefusalShape refusal = file.has("refusal") ? refusal(file.section("refusal"), problems) : null;
    if (refusal == null && !file.has("refusal")) {
      problems.error(file.at(), "CRD112", "the pack has no 'refusal'");
    }
    Map<String, Integer> exponents = exponents(file.section("currencies"));
    List<Pack.Call> calls = new ArrayList<>();
    List<Pack.Kind> kinds = new ArrayList<>();
    for (YamlNode node : file.items("calls")) {
      Pack.Call call = call(Section.of("the call", node, problems), shared, problems);
      if (call != null) {
        calls.add(call);
        kinds.add(new Pack.Kind(call.pattern(), call.callClass(), call.hasMoney()));
      }
    }
    file.done();
    return name == null
        ? null
        : new Pack(
            name.text(),
            hosts,
            suffixes,
            methodParameters,
            endpoints,
            calls,
            kinds,
            refusal,
            shared.recipients(),
            exponents);
  }

  /** As they stand in a pack and in a bundle: with blanks between them. */
  static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" +"));
  }

  /** What holds for every call of a pack. */
  private record Shared(
      Set<String> recipients,
      Set<String> subjects,
      Set<String> freeText,
      Set<String> volatileFields,
      Map<String, RefusalShape> refusals) {}

  private static @Nullable RefusalShape refusal(Section section, Problems problems) {
    int status = (int) section.number("status", 403, 200, 599);
    YamlNode.Scalar type = section.required("content-type", "");
    YamlNode.Scalar body = section.required("body", "");
    section.done();
    if (type == null || body == null || body.text().isBlank()) {
      problems.error(section.at(), "CRD112", "a refusal needs content-type and body");
      return null;
    }
    if (status > 200 && status < 400) {
      problems.error(section.keyAt("status"), "CRD115", "a refusal has status 200 or 400 to 599");
      return null;
    }
    return new RefusalShape(status, type.text(), body.text());
  }

  /** Named shapes, for calls that are answered in another format than the rest of the pack. */
  private static Map<String, RefusalShape> refusals(Section file, Problems problems) {
    Map<String, RefusalShape> named = new HashMap<>();
    Section section = file.section("refusals");
    for (YamlNode.Field field : section.takeAll()) {
      RefusalShape shape = refusal(Section.of("the refusal", field.value(), problems), problems);
      if (shape != null) {
        named.put(field.key().text(), shape);
      }
    }
    section.done();
    return named;
  }

  private static Map<String, Integer> exponents(Section section) {
    Map<String, Integer> exponents = new HashMap<>();
    for (YamlNode.Scalar code : section.scalars("no-decimals")) {
      exponents.put(code.text(), 0);
    }
    for (YamlNode.Scalar code : section.scalars("three-decimals")) {
      exponents.put(code.text(), 3);
    }
    for (YamlNode.Scalar code : section.scalars("uncertain")) {
      exponents.put(code.text(), -1);
    }
    section.done();
    return exponents;
  }

  private static Pack.@Nullable Call call(Section section, Shared shared, Problems problems) {
    YamlNode.Scalar operation = section.required("operation", "");
    YamlNode.Scalar callNode = section.required("call", "");
    CallPattern pattern = callNode == null ? null : CallPattern.parse(callNode, 0, problems);
    CallClass callClass =
        switch (section.oneOf("class", "write", "read", "write", "write-high")) {
          case "read" -> CallClass.READ;
          case "write" -> CallClass.WRITE;
          default -> CallClass.WRITE_HIGH;
        };
    List<String> fields = List.copyOf(texts(section, "fields"));
    Set<String> recipients = paths(section, "recipients", problems);
    recipients.addAll(shared.recipients());
    // what the call says is surer than what holds for all
    Set<String> subjects = paths(section, "subjects", problems);
    subjects.addAll(shared.subjects());
    Set<String> freeText = paths(section, "free-text", problems);
    freeText.addAll(shared.freeText());
    Set<String> volatileFields = texts(section, "volatile");
    volatileFields.addAll(shared.volatileFields());
    RefusalShape refusal = null;
    YamlNode.Scalar shape = section.scalar("refusal");
    if (shape != null) {
      refusal = shared.refusals().get(shape.text());
      if (refusal == null) {
        problems.error(shape.at(), "CRD114", "unknown refusal '" + shape.text() + "'");
      }
    }
    String amount = "";
    String currency = "";
    boolean minor = false;
    boolean amountIsText = false;
    if (section.has("money")) {
      Section money = section.section("money");
      amount = money.text("amount", "");
      currency = money.text("currency", "");
      minor = money.flag("minor", false);
      amountIsText = money.flag("text", false);
      money.done();
      if (amount.isEmpty() || currency.isEmpty()) {
        problems.error(money.at(), "CRD112", "money needs amount and currency");
      }
    }
    section.done();
    if (operation == null || pattern == null) {
      return null;
    }
    return new Pack.Call(
        operation.text(),
        pattern,
        callClass,
        fields,
        Set.copyOf(recipients),
        amount,
        currency,
        minor,
        amountIsText,
        List.copyOf(subjects),
        List.copyOf(freeText),
        List.copyOf(volatileFields),
        refusal);
  }

  private static Set<String> paths(Section section, String key, Problems problems) {
    Set<String> paths = new LinkedHashSet<>();
    for (YamlNode.Scalar node : section.scalars(key)) {
      String wrong = FieldTable.wrong(node.text());
      if (wrong != null) {
        problems.error(node.at(), "CRD120", "bad field '" + node.text() + "': " + wrong);
      }
      paths.add(node.text());
    }
    return paths;
  }

  private static Set<String> texts(Section section, String key) {
    Set<String> texts = new LinkedHashSet<>();
    for (YamlNode.Scalar node : section.scalars(key)) {
      texts.add(node.text());
    }
    return texts;
  }
}
