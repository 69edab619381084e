package dev.cordon.rules;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A destination of a rule file, with the pack bound to it. */
final class Destination {

  final int index;
  final String name;

  // what a later layer may narrow; settled when the rule set is compiled
  List<HostEntry> hosts;
  int[] ports; // empty: any
  boolean tlsRequired;
  boolean privateAllowed;
  boolean open;
  final int layer;

  /** What is on the other side, where the file says so. */
  enum Category {
    NONE(""),
    /** A language model: what is sent may be given tokens that its answer brings back. */
    LLM("llm"),
    /** Holds what is known of customers. */
    CRM("crm"),
    /** Where customers write. */
    CHANNEL("channel");

    private static final Category[] ALL = values();

    private final String word;

    Category(String word) {
      this.word = word;
    }

    static Category of(String word) {
      for (Category category : ALL) {
        if (category.word.equals(word)) {
          return category;
        }
      }
      return NONE;
    }

    /** What its answers are a source of; null: of nothing that a rule may ask for. */
    Origins.@Nullable Source source() {
      return switch (this) {
        case NONE, LLM -> null;
        case CRM -> Origins.Source.CRM;
        case CHANNEL -> Origins.Source.CUSTOMER_TEXT;
      };
    }
  }

  final Category category;

  final Endpoints endpoints;
  final @Nullable Boolean refuseWithException;
  final @Nullable Pack pack;

  /** Patterns of the file's `classify`: ids into {@link RuleFile#classified()}. */
  final PathTrie classified;

  /** The pack's calls: ids into {@code calls}. */
  final PathTrie packCalls;

  /** Rules to this destination: ids into {@link RuleFile#rules()}. */
  final PathTrie rules = new PathTrie();

  /** Money of the pack's calls, where a rule asks for it. */
  final @Nullable Money[] money;

  /** Fields that name the subject of the pack's calls, where a rule asks for it. */
  final int[][] subjects;

  /** In which it stands. */
  final String fileName;

  final String defaultHelp;
  final String tlsRuleId;
  final String privateRuleId;
  final String narrowedRuleId;

  Destination(
      int index,
      String name,
      int layer,
      List<HostEntry> hosts,
      int[] ports,
      boolean tlsRequired,
      boolean privateAllowed,
      boolean open,
      Category category,
      Endpoints endpoints,
      @Nullable Boolean refuseWithException,
      @Nullable Pack pack,
      String fileName) {
    this.index = index;
    this.name = name;
    this.layer = layer;
    this.hosts = hosts;
    this.ports = ports;
    this.tlsRequired = tlsRequired;
    this.privateAllowed = privateAllowed;
    this.open = open;
    this.category = category;
    this.endpoints = endpoints;
    this.refuseWithException = refuseWithException;
    this.pack = pack;
    classified = new PathTrie();
    packCalls = new PathTrie();
    money = new @Nullable Money[pack == null ? 0 : pack.calls().size()];
    subjects = new int[money.length][0];
    this.fileName = fileName;
    defaultHelp =
        "no rule of " + fileName + " allows this call to " + name + "; add one with then: allow";
    tlsRuleId = "destination." + name + ".tls";
    privateRuleId = "destination." + name + ".private";
    narrowedRuleId = "destination." + name + ".narrowed";
    if (pack != null) {
      for (int i = 0; i < pack.kinds().size(); i++) {
        packCalls.add(pack.kinds().get(i).pattern(), i);
      }
    }
  }

  private Destination(Destination of) {
    index = of.index;
    name = of.name;
    layer = of.layer;
    hosts = of.hosts;
    ports = of.ports;
    tlsRequired = of.tlsRequired;
    privateAllowed = of.privateAllowed;
    open = of.open;
    category = of.category;
    endpoints = of.endpoints;
    refuseWithException = of.refuseWithException;
    pack = of.pack;
    classified = of.classified;
    packCalls = of.packCalls;
    money = of.money;
    subjects = of.subjects;
    fileName = of.fileName;
    defaultHelp = of.defaultHelp;
    tlsRuleId = of.tlsRuleId;
    privateRuleId = of.privateRuleId;
    narrowedRuleId = of.narrowedRuleId;
  }

  /** The same destination, for other rules; when all of it is settled. */
  Destination withoutRules() {
    return new Destination(this);
  }

  boolean isModel() {
    return category == Category.LLM;
  }

  /** True when calls may name operations of the protocol; a path like /graphql always may. */
  boolean has(Protocol protocol) {
    return protocol == Protocol.HTTP
        || protocol == Protocol.GRAPHQL
        || endpoints.has(protocol)
        || (pack != null && pack.endpoints().has(protocol));
  }

  /**
   * True when a private address is what the file means, not what a wide network happens to hold.
   */
  boolean reaches(IpAddress ip) {
    if (privateAllowed || !IpAddress.isPrivate(ip, 128)) {
      return true;
    }
    for (HostEntry host : hosts) {
      if (host.isPrivate() && host.contains(ip)) {
        return true;
      }
    }
    return false;
  }

  boolean hasPort(int port) {
    return isIn(ports, port);
  }

  /** No ports at all are any port. */
  static boolean isIn(int[] ports, int port) {
    if (ports.length == 0) {
      return true;
    }
    for (int known : ports) {
      if (known == port) {
        return true;
      }
    }
    return false;
  }
}
