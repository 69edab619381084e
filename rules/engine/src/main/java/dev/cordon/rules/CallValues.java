package dev.cordon.rules;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values of one call that conditions ask for; the body is read when the first one asks. */
final class CallValues {
  private final RuleFile file;
  private final CallFacts facts;
  private final Target target;
  private @Nullable BodyFormat format;
  private @Nullable FieldValues values;

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
    switch (format()) {
      case NONE -> {}
      case JSON -> read.readJson(facts.body());
      case FORM -> read.readForm(facts.body());
      case XML, GRAPHQL, OTHER -> read.setUnknown();
    }
    if (target.queryEnd > target.queryStart) {
      read.markQuery(FormReader.query(facts.url(), target));
    }
    values = read;
    return read;
  }

  /** Whether the body has listed fields only. */
  Truth listed(FieldsCheck check) {
    Truth body =
        switch (format()) {
          case NONE -> Truth.TRUE;
          case JSON -> check.json(facts.body());
          case FORM -> check.form(FormReader.body(facts.body()));
          case XML, GRAPHQL, OTHER -> Truth.UNKNOWN;
        };
    return body.and(check.query(FormReader.query(facts.url(), target)));
  }

  /** The body's fields if some condition asked for them. */
  @Nullable FieldValues readFields() {
    return values;
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
