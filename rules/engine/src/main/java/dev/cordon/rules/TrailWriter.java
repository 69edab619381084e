package dev.cordon.rules;

import java.util.ArrayList;
import java.util.Currency;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Fills a {@link Trail} with names of a call. Made once for a rule file; thread-safe. */
final class TrailWriter {
  private static final int MAX_NAMED_BODY_BYTES = 64 * 1024; // longer bodies: no names, no time
  private static final int MAX_OPERATIONS = 8;
  private static final Set<String> CURRENCIES = currencies();

  private static final int[] PROTOCOLS = new int[Protocol.values().length];

  static {
    PROTOCOLS[Protocol.GRAPHQL.ordinal()] = 1;
    PROTOCOLS[Protocol.JSON_RPC.ordinal()] = 2;
    PROTOCOLS[Protocol.SOAP.ordinal()] = 3;
  }

  final RuleFile file;
  final Prints prints;

  /** The rules' own fields are not in it: what is only told decides nothing. */
  private final FieldTable table = new FieldTable();

  private final @Nullable Money[][] money;
  private final boolean moneyCompared;

  TrailWriter(RuleFile file) {
    this.file = file;
    prints = new Prints(file);
    money = new @Nullable Money[file.destinations().size()][];
    boolean bound = false;
    for (Destination to : file.destinations()) {
      Pack pack = to.pack;
      money[to.index] = new @Nullable Money[pack == null ? 0 : pack.calls().size()];
      for (int i = 0; pack != null && i < pack.kinds().size(); i++) {
        bound |= to.money[i] != null;
        if (pack.kinds().get(i).money()) {
          Pack.Call call = pack.calls().get(i);
          money[to.index][i] =
              new Money(
                  table.add(call.amount()),
                  table.add(call.currency()),
                  call.minor(),
                  call.amountIsText(),
                  pack.currencyExponents());
        }
      }
    }
    moneyCompared = bound;
    table.freeze();
  }

  private static Set<String> currencies() {
    Set<String> codes = new HashSet<>();
    for (Currency currency : Currency.getAvailableCurrencies()) {
      codes.add(currency.getCurrencyCode());
    }
    return codes;
  }

  static int protocolCode(Protocol protocol) {
    return PROTOCOLS[protocol.ordinal()];
  }

  static Protocol protocol(int flags) {
    int code = flags >> Trail.PROTOCOL_SHIFT & 3;
    for (Protocol protocol : Protocol.values()) {
      if (PROTOCOLS[protocol.ordinal()] == code) {
        return protocol;
      }
    }
    return Protocol.HTTP;
  }

  /** A class that cannot be loaded near the end of an application's stack never can. */
  void warmUp() {
    Words.isName("v1");
    new Trail().add(Prints.SCAN, 0);
    TrailWriter.protocol(0);
  }

  /** Where the call goes and what it asks for. */
  void tellCall(Trail trail, CallFacts facts, Target target, Classification call) {
    int flags =
        switch (facts.bodyState()) {
          case NONE -> 0;
          case READ -> Trail.BODY_READ;
          case TOO_LARGE -> Trail.BODY_TOO_LARGE;
          case UNREADABLE -> Trail.BODY_UNREADABLE;
        };
    flags |= target.secure ? Trail.SECURE : 0;
    flags |= target.hostMalformed ? Trail.HOST_MALFORMED : 0;
    flags |= target.pathMalformed ? Trail.PATH_MALFORMED : 0;
    flags |= call.opensWebSocket() ? Trail.WEB_SOCKET : 0;
    trail.from = prints;
    trail.methods = call.methods;
    trail.classes = prints.classes;
    Operations asked = call.operations();
    if (asked != null) {
      flags |= protocolCode(asked.protocol()) << Trail.PROTOCOL_SHIFT;
      flags |= asked.unclear() ? Trail.UNCLEAR : 0;
      trail.operations = operations(asked);
    }
    trail.flags |= flags;
    trail.route = route(trail, target);
  }

  private String route(Trail trail, Target target) {
    if (target.pathMalformed || target.segments > Trail.MAX_ROUTE_SEGMENTS) {
      return "";
    }
    StringBuilder route = new StringBuilder(64);
    for (int i = 0; i < target.segments; i++) {
      int start = target.starts[i];
      int end = target.ends[i];
      route.append('/');
      if (Words.isName(target.path, start, end)) {
        route.append(target.path, start, end);
      } else {
        if (Words.isNameInOddCase(target.path, start, end)) {
          trail.flags |= Trail.ODD_CASE;
        }
        route.append('*');
      }
    }
    return route.length() == 0 ? "/" : route.toString();
  }

  private List<String> operations(Operations asked) {
    List<String> names = new ArrayList<>(1);
    if (asked.unclear()) {
      return names;
    }
    for (int i = 0; i < asked.size() && names.size() <= MAX_OPERATIONS; i++) {
      Operation operation = asked.get(i);
      StringBuilder name = new StringBuilder();
      for (int segment = 0; segment < operation.segments; segment++) {
        String text = operation.path.substring(operation.starts[segment], operation.ends[segment]);
        name.append(segment == 0 || text.isEmpty() ? "" : " ");
        name.append(isOperationName(text) ? text : "*");
      }
      names.add(name.toString());
    }
    return names;
  }

  private boolean isOperationName(String text) {
    if (text.isEmpty() || file.knownNames().containsKey(text)) {
      return true;
    }
    int slash = text.indexOf('/'); // tools/call
    return slash < 0
        ? Words.isName(text)
        : Words.isName(text, 0, slash) && Words.isName(text, slash + 1, text.length());
  }

  /** The names of what a write has, and its amount. */
  void tellFields(
      Trail trail, CallFacts facts, Target target, Classification call, CallValues values) {
    if (facts.bodyState() != BodyState.READ || facts.body().length > MAX_NAMED_BODY_BYTES) {
      return;
    }
    FieldValues fields = new FieldValues(table, this::known, 2);
    values.readInto(fields);
    trail.fields = fields.names();
    int packCall = call.packCallIndex();
    Destination destination = call.packDestination();
    Operations asked = call.operations();
    if (packCall < 0
        || destination == null
        || (asked != null && (asked.unclear() || asked.size() != 1))) {
      return;
    }
    Money where = money[destination.index][packCall];
    if (where == null || !fields.isOnly(where.currencyField())) {
      return;
    }
    String[] code = new String[1];
    fields.test(
        where.currencyField(),
        (kind, number, object) -> {
          code[0] = object instanceof String text ? text.toUpperCase(java.util.Locale.ROOT) : null;
          return Truth.TRUE;
        });
    String currency = code[0];
    if (currency == null || !CURRENCIES.contains(currency)) {
      return;
    }
    trail.money = MoneyReader.thousandths(fields, where, currency);
    trail.currency = currency;
    trail.moneyCompared = moneyCompared && destination.money[packCall] != null;
  }

  private @Nullable String known(String name) {
    String known = file.knownNames().get(name);
    return known != null ? known : Words.isName(name) ? name : null;
  }

  /** An identity of our own configuration; a header's value only when it is made of our words. */
  void tellActor(Trail trail, CallFacts facts, @Nullable String actor) {
    if (actor == null) {
      return;
    }
    boolean ours = actor.equals(facts.caller().actor());
    trail.actor = ours || Words.isName(actor) ? actor : "other";
  }
}
