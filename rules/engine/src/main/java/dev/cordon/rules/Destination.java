package dev.cordon.rules;

import org.jspecify.annotations.Nullable;

/** A destination of a rule file, with the pack bound to it. */
final class Destination {

  final int index;
  final String name;
  final int[] ports; // empty: any
  final boolean tlsRequired;
  final Endpoints endpoints;
  final @Nullable Boolean refuseWithException;
  final @Nullable Pack pack;

  /** Patterns of the file's `classify`: ids into {@link RuleFile#classified()}. */
  final PathTrie classified = new PathTrie();

  /** The pack's calls: ids into {@code calls}. */
  final PathTrie packCalls = new PathTrie();

  /** Rules to this destination: ids into {@link RuleFile#rules()}. */
  final PathTrie rules = new PathTrie();

  /** Money of the pack's calls, where a rule asks for it. */
  final @Nullable Money[] money;

  /** Fields that name the subject of the pack's calls, where a rule asks for it. */
  final int[][] subjects;

  final String defaultHelp;
  final String tlsRuleId;

  Destination(
      int index,
      String name,
      int[] ports,
      boolean tlsRequired,
      Endpoints endpoints,
      @Nullable Boolean refuseWithException,
      @Nullable Pack pack,
      String fileName) {
    this.index = index;
    this.name = name;
    this.ports = ports;
    this.tlsRequired = tlsRequired;
    this.endpoints = endpoints;
    this.refuseWithException = refuseWithException;
    this.pack = pack;
    money = new @Nullable Money[pack == null ? 0 : pack.calls().size()];
    subjects = new int[money.length][0];
    defaultHelp =
        "no rule of " + fileName + " allows this call to " + name + "; add one with then: allow";
    tlsRuleId = "destination." + name + ".tls";
    if (pack != null) {
      for (int i = 0; i < pack.calls().size(); i++) {
        packCalls.add(pack.calls().get(i).pattern(), i);
      }
    }
  }

  /** True when calls may name operations of the protocol; a path like /graphql always may. */
  boolean has(Protocol protocol) {
    return protocol == Protocol.HTTP
        || protocol == Protocol.GRAPHQL
        || endpoints.has(protocol)
        || (pack != null && pack.endpoints().has(protocol));
  }

  boolean hasPort(int port) {
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
