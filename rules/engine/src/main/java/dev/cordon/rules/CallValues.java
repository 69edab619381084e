package dev.cordon.rules;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The values of one call that conditions ask for; the body is read when the first one asks. */
class CallValues {
  private final RuleFile file;
  private final CallFacts facts;
  private final Target target;
  private @Nullable BodyFormat format;
  private @Nullable FieldValues values;
  private @Nullable Operations operations;
  private @Nullable Map<Condition, Truth> origins;
  private Protocol protocol = Protocol.HTTP;

  CallValues(RuleFile file, CallFacts facts, Target target) {
    this.file = file;
    this.facts = facts;
    this.target = target;
  }

  BodyFormat format() {
    BodyFormat known = format;
    if (known == null) {
      known = BodyFormat.of(facts);
      format = known;
    }
    return known;
  }

  /** The body's fields; the body is read when the first condition asks. */
  FieldValues fields() {
    FieldValues known = values;
    if (known != null) {
      return known;
    }
    FieldValues read = new FieldValues(file.fields(), file.knownNames());
    read(read);
    boolean inUrl = operations != null && format() == BodyFormat.NONE; // what was read is the query
    if (target.queryEnd > target.queryStart && !inUrl) {
      FormFields.markQuery(read, FormReader.query(facts.url(), target));
      if (facts.url().indexOf(';', target.queryStart) >= 0) {
        FormFields.markQueryCut(read, FormReader.query(facts.url(), target));
      }
    }
    values = read;
    return read;
  }

  /** Reads the body once more, for other fields than those of the rules. */
  void readInto(FieldValues other) {
    read(other);
  }

  /** Tells what the body asks an endpoint for; before any field is asked for. */
  void setOperations(Protocol of, @Nullable Operations asked) {
    if (protocol != of) { // decided again: no store that changes nothing
      protocol = of;
    }
    operations = asked;
  }

  private void read(FieldValues into) {
    Operations asked = operations;
    if (asked != null) {
      readOperation(asked, into);
      return;
    }
    switch (format()) {
      case NONE -> {}
      case JSON -> JsonFields.read(into, facts.body());
      case FORM -> FormFields.read(into, facts.body());
      case MULTIPART -> readMultipart(into);
      case XML -> XmlFields.read(into, facts.body(), protocol);
      case GRAPHQL, OTHER -> into.setUnknown();
    }
  }

  /** Of several requests each has its own fields: what one of them has is not what the call has. */
  private void readOperation(Operations asked, FieldValues into) {
    if (asked.unclear() || asked.requests != 1) {
      into.setUnknown();
      return;
    }
    switch (asked.protocol()) {
      case GRAPHQL -> {
        GraphQlRequest request = asked.graphQl;
        if (request == null) {
          into.setUnknown(); // the server knows its text, nobody else does
        } else {
          GraphQlFields.read(into, request, asked.json, asked.inArray);
        }
      }
      case JSON_RPC -> JsonFields.read(into, facts.body(), Protocol.JSON_RPC, asked.inArray, null);
      case SOAP -> XmlFields.read(into, facts.body(), Protocol.SOAP);
      case HTTP -> throw new IllegalStateException("no operations of HTTP");
    }
  }

  private void readMultipart(FieldValues into) {
    try {
      MultipartReader parts = MultipartReader.of(facts);
      FormFields form = new FormFields(into);
      while (parts.next()) {
        form.pair(parts.name(), parts.isFile() ? "" : parts.text(), parts.isFile());
      }
    } catch (JsonKeys.Unclear e) {
      into.setUnknown();
    }
  }

  /** Whether the body has listed fields only. */
  Truth listed(FieldsCheck check) {
    Truth body = listedInBody(check);
    boolean asksInUrl = operations != null && format() == BodyFormat.NONE;
    if (asksInUrl) {
      return Truth.UNKNOWN;
    }
    if (target.queryEnd <= target.queryStart) {
      return body;
    }
    Truth query = check.query(FormReader.query(facts.url(), target));
    return body.and(query.and(check.queryCut(FormReader.query(facts.url(), target))));
  }

  private Truth listedInBody(FieldsCheck check) {
    Operations asked = operations;
    if (asked != null && (asked.unclear() || asked.requests != 1)) {
      return Truth.UNKNOWN;
    }
    if (asked != null && asked.protocol() == Protocol.GRAPHQL) {
      GraphQlRequest request = asked.graphQl;
      return request == null || request.variables != null || !GraphQlFields.isStraight(request)
          ? Truth.UNKNOWN
          : check.json(asked.json, Protocol.GRAPHQL, asked.inArray);
    }
    return switch (format()) {
      case NONE -> Truth.TRUE;
      case JSON ->
          asked != null
              ? check.json(facts.body(), Protocol.JSON_RPC, asked.inArray)
              : check.json(facts.body());
      case FORM -> check.form(FormReader.body(facts.body()));
      case MULTIPART -> check.multipart(facts);
      case XML -> check.xml(facts.body());
      case GRAPHQL, OTHER -> Truth.UNKNOWN;
    };
  }

  /** The body's fields if some condition asked for them. */
  @Nullable FieldValues readFields() {
    return values;
  }

  /** Whether the body, whatever its format, holds something of the types. */
  Truth bodyHas(Set<String> types, Detector detector) {
    return switch (facts.bodyState()) {
      case NONE -> Truth.FALSE;
      case TOO_LARGE, UNREADABLE -> Truth.UNKNOWN;
      case READ -> {
        String type = header("content-type");
        yield detector.isIn(facts.body(), type == null ? "" : type, types);
      }
    };
  }

  /** The same however often it is asked, whatever is learned meanwhile. */
  Truth cameFrom(Condition.CameFrom asked, Evaluation call) {
    Map<Condition, Truth> known = origins;
    if (known == null) {
      known = new IdentityHashMap<>(4);
      origins = known;
    }
    Truth truth = known.get(asked);
    if (truth == null) {
      truth = asked.ask(call);
      known.put(asked, truth);
    }
    return truth;
  }

  Truth testQuery(String name, FieldValues.Test test) {
    FormReader pairs = FormReader.query(facts.url(), target);
    Truth truth = Truth.UNKNOWN;
    boolean found = false;
    while (pairs.next()) {
      Truth is = isKey(pairs, name);
      if (is == Truth.FALSE) {
        continue;
      }
      String value = pairs.value();
      if (is == Truth.UNKNOWN || found || value == null) {
        return Truth.UNKNOWN; // a broken key may be any; of two values servers take either
      }
      found = true;
      truth = test.test(FieldValues.TEXT, 0, value);
    }
    return truth;
  }

  Truth queryExists(String name) {
    FormReader pairs = FormReader.query(facts.url(), target);
    Truth exists = Truth.FALSE;
    while (pairs.next()) {
      exists = exists.or(isKey(pairs, name));
    }
    return exists;
  }

  private static Truth isKey(FormReader pairs, String name) {
    String key = pairs.key();
    String path = key == null ? null : FieldValues.dotted(key);
    return path == null ? Truth.UNKNOWN : Truth.of(path.equals(name));
  }

  Truth testHeader(String name, FieldValues.Test test) {
    String value = header(name);
    return value == null ? Truth.UNKNOWN : test.test(FieldValues.TEXT, 0, value);
  }

  /** The value of a header; null when it is not there, or twice. */
  @Nullable String header(String name) {
    return header(facts, name);
  }

  static @Nullable String header(CallFacts facts, String name) {
    List<String> headers = facts.headers();
    String value = null;
    for (int i = 0; i + 1 < headers.size(); i += 2) {
      if (Fold.same(name, headers.get(i))) {
        if (value != null) {
          return null;
        }
        value = headers.get(i + 1).strip();
      }
    }
    return value;
  }

  Truth headerExists(String name) {
    List<String> headers = facts.headers();
    for (int i = 0; i + 1 < headers.size(); i += 2) {
      if (Fold.same(name, headers.get(i))) {
        return Truth.TRUE;
      }
    }
    return Truth.FALSE;
  }
}
