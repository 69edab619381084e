package dev.cordon.rules;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the body of a call asks an endpoint to do: one or more operations, or {@link #unclear} when
 * two servers might do different things with it.
 */
final class Operations {
  static final int MAX_OPERATIONS = 100; // in one call; more are unclear

  private final Protocol protocol;
  private final List<Operation> all = new ArrayList<>(1);
  private boolean unclear;

  /** The JSON of the request's id, to answer with; {@code null} in a batch or without one. */
  String requestId = "null";

  /** The requests in a batch; 1 for a call that is none. */
  int requests = 1;

  /** The requests stand in an array, even if there is one only. */
  boolean inArray;

  /** The GraphQL operation that runs, when it is the only one. */
  @Nullable GraphQlRequest graphQl;

  /** The JSON that has the requests; empty when they stand elsewhere. */
  byte[] json = {};

  private Operations(Protocol protocol) {
    this.protocol = protocol;
  }

  /**
   * Null when the call asks an endpoint for nothing but its path: a page, the answer to a CORS
   * question, a stream.
   */
  static @Nullable Operations read(
      Protocol protocol, int methods, CallFacts facts, Target target, BodyFormat format) {
    boolean empty = format == BodyFormat.NONE;
    boolean reads = (methods & ~Methods.READS) == 0;
    boolean asked = target.queryEnd > target.queryStart;
    Operations operations = new Operations(protocol);
    switch (protocol) {
      case HTTP -> {
        return null;
      }
      case GRAPHQL -> {
        if (reads && empty && !asked) {
          return null;
        }
        GraphQlRequest.read(facts, target, format, operations);
      }
      case JSON_RPC -> {
        if ((methods & Methods.POST) == 0
            && empty
            && !(reads && RpcRequest.isInQuery(facts, target))) {
          return null;
        }
        RpcRequest.read(facts, target, format, operations);
      }
      case SOAP -> {
        if (reads && empty && (!asked || SoapRequest.asksForDescription(facts, target))) {
          return null;
        }
        SoapRequest.read(facts, format, operations);
      }
    }
    if (operations.all.isEmpty()) {
      operations.unclear = true;
    }
    return operations;
  }

  Protocol protocol() {
    return protocol;
  }

  void add(Operation operation) {
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).same(operation)) {
        return;
      }
    }
    if (all.size() == MAX_OPERATIONS) {
      unclear = true;
      return;
    }
    all.add(operation);
  }

  void setUnclear() {
    unclear = true;
  }

  boolean unclear() {
    return unclear;
  }

  int size() {
    return all.size();
  }

  Operation get(int index) {
    return all.get(index);
  }

  /** Tells what a persisted operation was found to be. */
  void replace(int index, Operation operation) {
    all.set(index, operation);
  }
}
