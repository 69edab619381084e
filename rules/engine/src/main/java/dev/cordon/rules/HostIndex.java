package dev.cordon.rules;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the destinations of a host: a trie over the labels from the right, and the addresses. */
final class HostIndex {

  /** Receives the destinations of a host, the least specific first. */
  interface Hits {
    void destination(int destination, boolean exact);
  }

  /** What {@link #find} finds for a host that stands in the file as it is. */
  private record Found(int[] destinations, boolean[] exact) {}

  private final Node root = new Node();
  private final List<String> names = new ArrayList<>();
  private final Map<String, Found> named = new HashMap<>();
  private final List<AddressEntry> addresses = new ArrayList<>();

  /** A name, or a name with a leading dot for everything below it. */
  void addName(String name, int destination) {
    boolean below = name.startsWith(".");
    Node node = root;
    int end = name.length();
    int stop = below ? 1 : 0;
    while (end >= stop) {
      int dot = name.lastIndexOf('.', end - 1);
      int start = dot < stop ? stop : dot + 1;
      String label = name.substring(start, end);
      Node child = node.children.get(label);
      if (child == null) {
        child = new Node();
        node.children.put(label, child);
      }
      node = child;
      end = start - 1;
    }
    if (below) {
      node.below = append(node.below, destination);
    } else {
      node.exact = append(node.exact, destination);
      names.add(name);
    }
  }

  void addAddress(IpAddress address, int prefix, int destination) {
    addresses.add(new AddressEntry(address, prefix, destination));
    addresses.sort((a, b) -> Integer.compare(a.prefix, b.prefix));
  }

  /** Ends the filling: hosts that are named, which most calls go to, are found in one step. */
  void freeze() {
    for (int i = 0; i < names.size(); i++) {
      Collector collector = new Collector();
      find(names.get(i), null, collector);
      named.put(names.get(i), collector.found());
    }
  }

  private static final class Collector implements Hits {
    private int[] destinations = {};
    private boolean[] exact = {};

    @Override
    public void destination(int destination, boolean isExact) {
      int count = destinations.length;
      destinations = Arrays.copyOf(destinations, count + 1);
      exact = Arrays.copyOf(exact, count + 1);
      destinations[count] = destination;
      exact[count] = isExact;
    }

    Found found() {
      return new Found(destinations, exact);
    }
  }

  void find(String host, @Nullable IpAddress ip, Hits hits) {
    if (ip == null) {
      Found known = named.get(host);
      if (known != null) {
        for (int i = 0; i < known.destinations.length; i++) {
          hits.destination(known.destinations[i], known.exact[i]);
        }
        return;
      }
    }
    if (ip != null) {
      for (int i = 0; i < addresses.size(); i++) { // few, and no iterator on the call path
        AddressEntry entry = addresses.get(i);
        if (entry.address.sharesPrefix(ip, entry.prefix)) {
          hits.destination(entry.destination, entry.prefix == 128);
        }
      }
      return;
    }
    Node node = root;
    int end = host.length();
    while (end > 0) {
      int start = host.lastIndexOf('.', end - 1) + 1;
      int slot = node.children.first(host, start, end);
      if (slot < 0) {
        return;
      }
      node = node.children.node(slot);
      end = start - 1;
      for (int destination : end > 0 ? node.below : node.exact) {
        hits.destination(destination, end <= 0);
      }
    }
  }

  private static int[] append(int[] ids, int id) {
    for (int known : ids) {
      if (known == id) {
        return ids;
      }
    }
    int[] longer = Arrays.copyOf(ids, ids.length + 1);
    longer[ids.length] = id;
    return longer;
  }

  private static final class Node {
    final SegmentTable<Node> children = new SegmentTable<>();
    int[] exact = {};
    int[] below = {};
  }

  private record AddressEntry(IpAddress address, int prefix, int destination) {}
}
