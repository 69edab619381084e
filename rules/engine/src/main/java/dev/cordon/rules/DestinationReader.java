package dev.cordon.rules;

import java.util.List;

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
      if (!Draft.ID.matcher(name).matches() || name.equals("any")) {
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
    List<YamlNode.Scalar> hostNodes = section.scalars("hosts");
    if (hostNodes.isEmpty() && !section.has("hosts")) {
      problems.error(
          section.at(), "CRD112", "destination '" + name + "' has no 'hosts'", "list its hosts");
    }
    List<YamlNode.Scalar> portNodes = section.scalars("ports");
    int[] ports = new int[portNodes.size()];
    for (int i = 0; i < ports.length; i++) {
      ports[i] = (int) section.number("port", portNodes.get(i), 443, 1, 65535);
    }
    boolean tls = section.oneOf("tls", "optional", "required", "optional").equals("required");
    if (section.has("private") && !section.flag("private", true)) {
      problems.warning(
          section.keyAt("private"),
          "CRD119",
          "'private: false' is not acted on by this version",
          "the addresses that a name resolves to are not looked at");
    }
    Endpoints endpoints = Endpoints.read(section, problems);
    Boolean exception = Draft.refuseWith(section);
    section.done();
    int index = draft.destinations.size();
    Pack pack = draft.packs.get(name);
    draft.destinations.put(
        name, new Destination(index, name, ports, tls, endpoints, exception, pack, draft.fileName));
    for (YamlNode.Scalar host : hostNodes) {
      readHost(host, index);
    }
  }

  private void readHost(YamlNode.Scalar node, int destination) {
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
        draft.hosts.addAddress(ip, prefix + 128 - most, destination);
        return;
      }
    }
    boolean below = written.startsWith(".");
    String name = Target.canonicalName(below ? written.substring(1) : written);
    if (ip == null && name != null && !name.matches("(.*\\.)?(0x[0-9a-f]*|[0-9]+)")) {
      draft.hosts.addName(below ? "." + name : name, destination);
      return;
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
  }

  private static int prefix(String text, int most) {
    if (!text.matches("[0-9]{1,3}")) {
      return -1;
    }
    int prefix = Integer.parseInt(text);
    return prefix <= most ? prefix : -1;
  }
}
