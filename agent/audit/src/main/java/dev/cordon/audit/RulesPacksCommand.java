package dev.cordon.audit;

import dev.cordon.rules.Packs;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code rules packs [NAME]}: what is known of vendors. */
final class RulesPacksCommand {

  private static final String HELP =
      """
      usage: java -jar cordon.jar rules packs [--format text|json] [NAME]

      Lists the packs, or the calls of one: class, money, subjects, fields.

        -h, --help       this text

      exit codes: 0 told, 2 not told
      """;

  private RulesPacksCommand() {}

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (Arguments.asksForHelp(arguments)) {
      out.print(HELP);
      return Exit.OK;
    }
    return Attempt.run("rules packs", err, () -> packs(arguments, out));
  }

  private static int packs(List<String> arguments, PrintStream out) throws UsageException {
    Arguments given = Arguments.parse(arguments, Set.of(), Set.of("--format"));
    boolean json = given.oneOf("--format", "text", "json").equals("json");
    if (given.words().size() > 1) {
      throw new UsageException("one pack, please; see --help");
    }
    List<Packs.Known> all = Packs.all();
    List<Packs.Known> asked = all;
    if (!given.words().isEmpty()) {
      String name = given.words().get(0);
      asked = all.stream().filter(pack -> isNamed(pack, name)).toList();
      if (asked.isEmpty()) {
        List<String> names = all.stream().map(Packs.Known::name).toList();
        throw new UsageException("no pack '" + name + "'; known: " + String.join(", ", names));
      }
    }
    if (json) {
      out.println(json(asked));
    } else if (given.words().isEmpty()) {
      list(asked, out);
    } else {
      show(asked.get(0), out);
    }
    return Exit.OK;
  }

  private static boolean isNamed(Packs.Known pack, String name) {
    return pack.name().equals(name) || pack.name().startsWith(name + "/");
  }

  private static void list(List<Packs.Known> packs, PrintStream out) {
    for (Packs.Known pack : packs) {
      int high = 0;
      int money = 0;
      for (Packs.Call call : pack.calls()) {
        high += call.callClass().equals("write-high") ? 1 : 0;
        money += call.money().isEmpty() ? 0 : 1;
      }
      out.println(
          pad(pack.name(), 14)
              + pad(pack.calls().size() + " calls,", 11)
              + pad(high + " write-high,", 16)
              + pad(money + " with money", 16)
              + (pack.hosts().isEmpty() ? "any host" : String.join(", ", pack.hosts())));
    }
  }

  private static void show(Packs.Known pack, PrintStream out) {
    out.println(pack.name());
    out.println("reference: " + pack.reference() + " (read " + pack.checked() + ")");
    if (!pack.compared().isEmpty()) {
      out.println("compared:  with " + pack.compared());
    }
    out.println("hosts:     " + (pack.hosts().isEmpty() ? "any" : String.join(", ", pack.hosts())));
    int operations = 9;
    for (Packs.Call call : pack.calls()) {
      operations = Math.max(operations, call.operation().length());
    }
    out.println();
    for (Packs.Call call : pack.calls()) {
      out.println(pad(call.callClass(), 12) + pad(call.operation(), operations + 2) + call.call());
      List<String> more = new ArrayList<>();
      add(more, "money: ", call.money().isEmpty() ? List.of() : List.of(call.money()));
      add(more, "subject: ", call.subjects());
      add(more, "free text: ", call.freeText());
      add(more, "fields: ", call.fields());
      more.forEach(line -> out.println(" ".repeat(14) + line));
    }
  }

  private static void add(List<String> to, String label, List<String> values) {
    if (!values.isEmpty()) {
      to.add(label + String.join(", ", values));
    }
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(1, width - text.length()));
  }

  private static Json json(List<Packs.Known> packs) {
    Json json = new Json().open('{').key("packs").open('[');
    for (Packs.Known pack : packs) {
      json.item().open('{').text("name", pack.name()).text("reference", pack.reference());
      json.text("checked", pack.checked()).text("compared", pack.compared());
      json.texts("hosts", pack.hosts()).key("calls").open('[');
      for (Packs.Call call : pack.calls()) {
        json.item().open('{').text("operation", call.operation()).text("call", call.call());
        json.text("class", call.callClass()).text("money", call.money());
        json.texts("subjects", call.subjects()).texts("free_text", call.freeText());
        json.texts("fields", call.fields()).close('}');
      }
      json.close(']').close('}');
    }
    return json.close(']').close('}');
  }
}
