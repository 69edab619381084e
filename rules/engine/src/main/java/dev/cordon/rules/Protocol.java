package dev.cordon.rules;

/** How the calls of an endpoint are told apart. */
enum Protocol {
  /** By method and path. */
  HTTP("http"),
  /** By the method in the body, and for MCP by the tool. */
  JSON_RPC("json-rpc"),
  /** By the kind of operation and its top fields. */
  GRAPHQL("graphql"),
  /** By the element in the body of the envelope. */
  SOAP("soap");

  private final String word;

  Protocol(String word) {
    this.word = word;
  }

  /** As rule files write it. */
  String word() {
    return word;
  }

  static Protocol of(String word) {
    for (Protocol protocol : values()) {
      if (protocol.word.equals(word)) {
        return protocol;
      }
    }
    throw new IllegalArgumentException("no protocol '" + word + "'");
  }
}
