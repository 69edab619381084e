package dev.cordon.redaction;

import java.util.Objects;

/**
 * A detector's hit: where, never what.
 *
 * @param path field path such as {@code blocks[0].text}, {@code query.to} or {@code
 *     header.authorization}; empty where the text has no fields. A field name that is itself a
 *     finding stands there as its placeholder.
 * @param type as the journal counts it: the label of the kind, or the name of a type of the rule
 *     file's own
 * @param start offset in the input given: bytes of a body, characters of a query or header value
 */
public record Finding(Kind kind, String type, String path, int start, int end) {
  public Finding {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(path, "path");
    if (start < 0 || end <= start) {
      throw new IllegalArgumentException("bad span: start=" + start + " end=" + end);
    }
  }
}
