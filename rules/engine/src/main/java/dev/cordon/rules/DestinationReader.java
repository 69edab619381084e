package dev.cordon.rules;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code destinations}. */
final class DestinationReader {
  private final Draft draft;
  private final Problems problems;

  DestinationReader(Draft draft) {
    this.draft = draft;
    problems = draft.problems;
  }

  void read(Section file) {
    Section all = file.section("destinations");
    for (YamlNode.Field field : all.takeAll()) {
      String name = field.key().text();
      if (!Draft.isId(name) || name.equals("any")) {
        problems.error(
            field.key().at(),
            "CRD133",
            "bad destination name '" + name + "'",
            "use letters, digits, '.', '-', '_'; 'any' stands for all");
        continue;
      }
      readDestination(name, Section.of("destination '" + name + "'", field.value(), problems));
    }
    all.done();
  }

  private void readDestination(String name, Section section) {
    Destination lower = draft.destinations.get(name);
    List<HostEntry> hosts = new ArrayList<>();
    for (YamlNode.Scalar node : section.scalars("hosts")) {
      HostEntry host = readHost(node);
      if (host != null) {
        hosts.add(host);
      }
    }
    if (lower == null && !section.has("hosts")) {
      problems.error(
          section.at(), "CRD112", "destination '" + name + "' has no 'hosts'", "list its hosts");
    }
    List<YamlNode.Scalar> portNodes = section.scalars("ports");
    int[] ports = new int[portNodes.size()];
    for (int i = 0; i < ports.length; i++) {
      ports[i] = (int) section.number("port", portNodes.get(i), 443, 1, 65535);
    }
    boolean tls = section.oneOf("tls", "optional", "required", "optional").equals("required");
    boolean privateAllowed = section.flag("private", false);
    if (section.has("private") && !privateAllowed) {
      refusePrivate(section, hosts);
    }
    boolean open = section.flag("open", false);
    boolean widen = section.flag("widen", false);
    if (lower != null) {
      change(lower, section, hosts, ports, tls, privateAllowed, widen);
      lower.open &= open;
      return;
    }
    if (widen) {
      problems.error(
          section.keyAt("widen"), "CRD210", "'widen' of what no lower layer has", "take it out");
    }
    Destination.Category category =
        Destination.Category.of(section.oneOf("category", "", "llm", "crm", "channel"));
    Endpoints endpoints = Endpoints.read(section, problems);
    Boolean exception = Draft.refuseWith(section);
    section.done();
    draft.destinations.put(
        name,
        new Destination(
            draft.destinations.size(),
            name,
            draft.layer,
            hosts,
            ports,
            tls,
            privateAllowed,
            open,
            category,
            endpoints,
            exception,
            draft.packs.get(name),
            draft.fileName));
  }

  private void refusePrivate(Section section, List<HostEntry> hosts) {
    for (HostEntry host : hosts) {
      if (host.isPrivate()) {
        problems.error(
            section.keyAt("private"),
            "CRD145",
            "private: false, but a host of it is a private address",
            "take the address or 'private' out");
        return;
      }
    }
  }

  /** A later layer may narrow a destination; what it leaves out stays out for good. */
  private void change(
      Destination lower,
      Section section,
      List<HostEntry> hosts,
      int[] ports,
      boolean tls,
      boolean privateAllowed,
      boolean widen) {
    for (String key : List.of("category", "protocol", "endpoints", "refuse-with")) {
      if (section.take(key) != null) {
        problems.error(
            section.keyAt(key),
            "CRD209",
            "'" + key + "' of '" + lower.name + "' is settled by a lower layer",
            "take it out");
      }
    }
    section.done();
    boolean mayWiden = widen && lower.open && !draft.locked.contains(lower.layer);
    if (widen && !mayWiden) {
      problems.error(
          section.keyAt("widen"),
          "CRD210",
          "the lower layer does not let '" + lower.name + "' be widened",
          "it would say open: true, and its file would not be locked");
    }
    boolean narrower = privateAllowed ? lower.privateAllowed : true;
    if (!narrower && !mayWiden) {
      loosens(section.keyAt("private"), lower);
    }
    lower.privateAllowed |= privateAllowed && mayWiden;
    if (section.has("tls") && !tls && lower.tlsRequired) {
      problems.error(
          section.keyAt("tls"),
          "CRD210",
          "a lower layer requires TLS for '" + lower.name + "'",
          "take tls out");
    }
    lower.tlsRequired |= tls;
    if (!hosts.isEmpty()) {
      boolean inside = hosts.stream().allMatch(host -> covers(lower.hosts, host));
      if (!inside && !mayWiden) {
        loosens(section.keyAt("hosts"), lower);
      } else {
        draft.narrowed.add(new Draft.Narrowed(lower, lower.hosts, lower.ports));
        lower.hosts = hosts;
      }
    }
    if (ports.length > 0) {
      boolean inside = lower.ports.length == 0 || isSubset(ports, lower.ports);
      if (!inside && !mayWiden) {
        loosens(section.keyAt("ports"), lower);
      } else {
        draft.narrowed.add(new Draft.Narrowed(lower, lower.hosts, lower.ports));
        lower.ports = ports;
      }
    }
  }

  private void loosens(Position at, Destination lower) {
    problems.error(
        at,
        "CRD210",
        "destination '" + lower.name + "' may only become narrower than in the lower layer",
        "name a destination of its own for more; or widen: true where the lower layer is open");
  }

  private static boolean covers(List<HostEntry> all, HostEntry host) {
    return all.stream().anyMatch(one -> one.covers(host));
  }

  private static boolean isSubset(int[] some, int[] all) {
    for (int port : some) {
      if (!Destination.isIn(all, port)) {
        return false;
      }
    }
    return true;
  }

  private @Nullable HostEntry readHost(YamlNode.Scalar node) {
    String written = node.text();
    int slash = written.indexOf('/');
    String address = slash < 0 ? written : written.substring(0, slash);
    boolean bracketed = address.startsWith("[") && address.endsWith("]");
    IpAddress ip =
        bracketed
            ? IpAddress.v6(address, 1, address.length() - 1)
            : address.indexOf(':') >= 0
                ? IpAddress.v6(address, 0, address.length())
                : IpAddress.v4(address, 0, address.length());
    if (ip != null) {
      int most = ip.isV4() ? 32 : 128;
      int prefix = slash < 0 ? most : prefix(written.substring(slash + 1), most);
      if (prefix >= 0) {
        return new HostEntry("", ip, prefix + 128 - most);
      }
    }
    boolean below = written.startsWith(".");
    String name = Target.canonicalName(below ? written.substring(1) : written);
    if (ip == null && name != null && !endsInNumber(name)) {
      return HostEntry.name(below ? "." + name : name);
    }
    String hint = "write api.example.com, .example.com for all hosts below it, or an address";
    if (written.contains("://")) {
      hint = "write the host alone, without scheme and path";
    } else if (written.contains("*")) {
      hint = "write .example.com for all hosts below example.com";
    } else if (written.indexOf(':') > 0 && !bracketed) {
      hint = "write ports under `ports`";
    }
    problems.error(node.at(), "CRD125", "bad host '" + written + "'", hint);
    return null;
  }

  /** Clients take a name whose last label is 17 or 0x11 for an address. */
  private static boolean endsInNumber(String name) {
    int label = name.lastIndexOf('.') + 1;
    boolean hex = name.startsWith("0x", label);
    for (int i = hex ? label + 2 : label; i < name.length(); i++) {
      char c = name.charAt(i);
      if ((c < '0' || c > '9') && !(hex && c >= 'a' && c <= 'f')) {
        return false;
      }
    }
    return hex || label < name.length();
  }

  private static int prefix(String text, int most) {
    if (!text.matches("[0-9]{1,3}")) {
      return -1;
    }
    int prefix = Integer.parseInt(text);
    return prefix <= most ? prefix : -1;
  }
}
