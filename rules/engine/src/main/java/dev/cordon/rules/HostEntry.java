package dev.cordon.rules;

import org.jspecify.annotations.Nullable;

/**
 * A host of a destination: a name, everything below a name, an address or a network.
 *
 * @param name with a leading dot for everything below it; empty for an address
 * @param prefix of 128 bits; networks of IPv4 are mapped
 */
record HostEntry(String name, @Nullable IpAddress address, int prefix) {

  static HostEntry name(String name) {
    return new HostEntry(name, null, 0);
  }

  /** A host of this entry, as a URL has it. */
  String example() {
    if (address == null) {
      return name.startsWith(".") ? "any" + name : name;
    }
    return address.isV4() ? address.toString() : "[" + address + "]";
  }

  void addTo(HostIndex index, int destination) {
    if (address == null) {
      index.addName(name, destination);
    } else {
      index.addAddress(address, prefix, destination);
    }
  }

  /** True when every host of the other entry is one of this. */
  boolean covers(HostEntry other) {
    if (address != null) {
      return other.address != null
          && other.prefix >= prefix
          && address.sharesPrefix(other.address, prefix);
    }
    return other.address == null
        && (name.equals(other.name) || (name.startsWith(".") && other.name.endsWith(name)));
  }

  /** True when it is an address or network of which all is private. */
  boolean isPrivate() {
    return address != null && IpAddress.isPrivate(address, prefix);
  }

  boolean contains(IpAddress ip) {
    return address != null && address.sharesPrefix(ip, prefix);
  }
}
