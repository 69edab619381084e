package dev.cordon.rules;

import java.math.BigDecimal;
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
  private static final int MAX_SUBJECT_CHARS = 256; // longer ones name nobody
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

  /** By destination and call of its pack: whom a call is about; null where nobody keeps it. */
  private final Whom @Nullable [][][] subjects;

  /**
   * Where a call names its subject.
   *
   * @param field of the body; -1: a segment of the path
   * @param segment from 1; 0: a field
   */
  private record Whom(int field, int segment) {}

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
    subjects = file.kept().retention().rawEvidenceDays() == 0 ? null : subjects();
    table.freeze();
  }

  private Whom[][][] subjects() {
    Whom[][][] all = new Whom[file.destinations().size()][][];
    for (Destination to : file.destinations()) {
      Pack pack = to.pack;
      Whom[][] ofCalls = new Whom[pack == null ? 0 : pack.calls().size()][];
      for (int i = 0; pack != null && i < ofCalls.length; i++) {
        List<String> paths = pack.calls().get(i).subjects();
        ofCalls[i] = new Whom[paths.size()];
        for (int j = 0; j < ofCalls[i].length; j++) {
          String path = paths.get(j);
          ofCalls[i][j] =
              path.matches("path\\.[1-9][0-9]?")
                  ? new Whom(-1, Integer.parseInt(path.substring("path.".length())))
                  : new Whom(table.add(path), 0);
        }
      }
      all[to.index] = ofCalls;
    }
    return all;
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
      tellSubject(trail, target, call, null);
      return;
    }
    FieldValues fields = new FieldValues(table, this::known, 2);
    values.readInto(fields);
    trail.fields = fields.names();
    tellSubject(trail, target, call, fields);
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

  /**
   * The one whom the call is about: the first field of the pack that is there. Of a batch for
   * several, and of a field that is there and cannot be told, nobody is.
   *
   * @param fields of the body; null: it was not read
   */
  void tellSubject(Trail trail, Target target, Classification call, @Nullable FieldValues fields) {
    Whom[][][] known = subjects;
    int packCall = call.packCallIndex();
    Destination destination = call.packDestination();
    Operations asked = call.operations();
    if (known == null
        || packCall < 0
        || destination == null
        || (asked != null && (asked.unclear() || asked.size() != 1))) {
      return;
    }
    for (Whom whom : known[destination.index][packCall]) {
      if (whom.segment() > 0) {
        int segment = whom.segment() - 1;
        if (target.pathMalformed || segment >= target.segments) {
          return;
        }
        trail.subject = target.path.substring(target.starts[segment], target.ends[segment]);
        return;
      }
      if (fields == null) {
        continue;
      }
      if (fields.exists(whom.field()) != Truth.FALSE) {
        trail.subject = only(fields, whom.field());
        return;
      }
    }
  }

  /** The one value of a field as text; empty when it is several, or none that names somebody. */
  private static String only(FieldValues fields, int field) {
    if (!fields.isOnly(field)) {
      return "";
    }
    String[] text = {""};
    fields.test(
        field,
        (kind, number, object) -> {
          switch (kind) {
            case FieldValues.TEXT, FieldValues.STRING ->
                text[0] = object instanceof String value ? value : "";
            case FieldValues.NUMBER -> text[0] = Long.toString(number);
            case FieldValues.DECIMAL ->
                text[0] = object instanceof BigDecimal value ? value.toPlainString() : "";
            default -> {}
          }
          return Truth.TRUE;
        });
    return text[0].length() > MAX_SUBJECT_CHARS ? "" : text[0];
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
