package dev.cordon.rules;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a destination, or a pack's vendor, takes calls that name their operation in the body:
 * everywhere, or at some paths.
 */
final class Endpoints {
  private static final List<Protocol> NAMED =
      List.of(Protocol.GRAPHQL, Protocol.JSON_RPC, Protocol.SOAP);

  /** HTTP: at {@link #paths} only. */
  final Protocol everywhere;

  /** Ids are the ordinals of protocols. */
  final PathTrie paths = new PathTrie();

  private final List<CallPattern> patterns = new ArrayList<>();
  private final List<String> written = new ArrayList<>();
  private int has;

  Endpoints(Protocol everywhere) {
    this.everywhere = everywhere;
    has = 1 << everywhere.ordinal();
  }

  /** Reads {@code protocol} and {@code endpoints}. */
  static Endpoints read(Section section, Problems problems) {
    Protocol everywhere =
        Protocol.of(section.oneOf("protocol", "http", "http", "json-rpc", "graphql", "soap"));
    Endpoints endpoints = new Endpoints(everywhere);
    Section paths = section.section("endpoints");
    for (Protocol protocol : NAMED) {
      for (YamlNode.Scalar node : paths.scalars(protocol.word())) {
        CallPattern path = CallPattern.path(node, problems);
        if (path != null) {
          endpoints.add(path, protocol);
        }
      }
    }
    paths.done();
    return endpoints;
  }

  void add(CallPattern path, Protocol protocol) {
    paths.add(path, protocol.ordinal());
    patterns.add(path);
    written.add(protocol.word() + " " + path);
    has |= 1 << protocol.ordinal();
  }

  List<CallPattern> patterns() {
    return patterns;
  }

  /** As a rule file has it, for people and for comparing. */
  String text() {
    return everywhere.word() + " " + written;
  }

  boolean has(Protocol protocol) {
    return (has & 1 << protocol.ordinal()) != 0;
  }

  boolean isEmpty() {
    return has == 1 << Protocol.HTTP.ordinal();
  }
}
