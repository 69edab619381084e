package dev.cordon.rules;

import org.jspecify.annotations.Nullable;

/** Reads the fields of a form, or of the text parts of a multipart body. */
final class FormFields extends FieldWalk {

  // fields that vendors take in place of all others, as a text of JSON
  private static final String PAYLOAD_JSON = "payload_json";
  private static final String PAYLOAD = "payload";

  FormFields(FieldValues out) {
    super(out);
    out.setForm();
  }

  static void read(FieldValues out, byte[] body) {
    FormFields form = new FormFields(out);
    FormReader pairs = FormReader.body(body);
    while (pairs.next() && !out.isUnknown()) {
      form.pair(pairs.key(), pairs.value(), false);
    }
  }

  /**
   * @param file the value is a file, which nothing can be compared with
   */
  void pair(@Nullable String key, @Nullable String value, boolean file) {
    String path = key == null ? null : FieldValues.dotted(key);
    // some servers take the whole form to be in the charset that _charset_ names
    if (key == null || path == null || value == null || holdsTheForm(key, value)) {
      out.setUnknown();
      return;
    }
    markAsPhp(this, key);
    int end = path.indexOf('.');
    int bracket = path.indexOf('[');
    end = end < 0 ? path.length() : end;
    out.noteName(path.substring(0, bracket >= 0 && bracket < end ? bracket : end));
    Frame here = descend(path, true);
    if (here == null) {
      return;
    }
    for (int i = 0; i < here.size; i++) {
      FieldTable.Node node = here.nodes[i];
      if (node.field >= 0) {
        if (file) {
          out.captureOnce(node.field, FieldValues.OBJECT, 0, null);
        } else {
          out.captureOnce(node.field, FieldValues.TEXT, 0, value);
        }
      }
      if (!node.isAnyDepth) {
        out.flag(node.below, FieldValues.WRONG);
      }
    }
  }

  private static boolean holdsTheForm(String key, String value) {
    String name = Fold.loosely(key);
    return Fold.same("_charset_", name)
        || PAYLOAD_JSON.equals(name)
        || (PAYLOAD.equals(name) && value.stripLeading().startsWith("{"));
  }

  /** A body field that stands in the query, too: servers differ in which one they take. */
  static void markQuery(FieldValues out, FormReader query) {
    FieldWalk walk = new FieldWalk(out);
    while (query.next()) {
      if (!mark(out, walk, query.key())) {
        out.setUnknown();
        return;
      }
    }
  }

  /**
   * Likewise for a query that some servers cut at semicolons, too: a piece that is no key then, as
   * of {@code ids=[1;2]}, is one to nobody.
   */
  static void markQueryCut(FieldValues out, FormReader query) {
    FieldWalk walk = new FieldWalk(out);
    query.andSemicolons();
    while (query.next()) {
      boolean unused = mark(out, walk, query.key());
    }
  }

  private static boolean mark(FieldValues out, FieldWalk walk, @Nullable String key) {
    String path = key == null ? null : FieldValues.dotted(key);
    if (key == null || path == null) {
      return false;
    }
    markAsPhp(walk, key);
    Frame here = descend(walk, path, false);
    for (int i = 0; here != null && i < here.size; i++) {
      out.flag(here.nodes[i].here, FieldValues.OTHER_SOURCE);
    }
    return true;
  }

  /** {@code refund.amount} and {@code refund amount} are {@code refund_amount} to PHP. */
  private static void markAsPhp(FieldWalk walk, String key) {
    if (key.indexOf('.') < 0 && key.indexOf(' ') < 0) {
      return;
    }
    String name = FormReader.asPhp(key);
    walk.start();
    Frame root = walk.frame(0);
    for (int i = 0; i < root.size; i++) {
      for (FieldTable.Node node : root.nodes[i].likely(Fold.loosely(name))) {
        walk.out.flag(node.here, FieldValues.OTHER_SOURCE);
      }
    }
  }

  private @Nullable Frame descend(String path, boolean values) {
    return descend(this, path, values);
  }

  /** Follows a dotted key; null when it is longer than any that is followed. */
  private static @Nullable Frame descend(FieldWalk walk, String path, boolean values) {
    walk.start();
    Frame here = walk.frame(0);
    int at = 0;
    int steps = 0;
    while (at < path.length()) {
      if (++steps > FieldValues.MAX_DEPTH) {
        walk.out.setUnknown();
        return null;
      }
      Frame next = walk.frame(steps & 1); // only the last two are needed
      boolean element = path.charAt(at) == '[';
      passThrough(walk.out, here, element, values);
      if (element) {
        walk.enterElement(here, next);
        at += 2;
      } else {
        int start = path.charAt(at) == '.' ? at + 1 : at;
        int end = start;
        while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
          end++;
        }
        walk.enterField(here, next, path.substring(start, end));
        at = end;
      }
      if (!values && at >= path.length()) {
        next.dropAnyDepthOf(here); // q is not somewhere in q
      }
      here = next;
      if (here.size == 0) {
        return here;
      }
    }
    return here;
  }

  /** A key goes on below these nodes: they are containers. */
  private static void passThrough(FieldValues out, Frame here, boolean element, boolean values) {
    for (int i = 0; i < here.size; i++) {
      FieldTable.Node node = here.nodes[i];
      if (node.field >= 0) {
        if (!values) {
          out.flag(node.field, FieldValues.OTHER_SOURCE);
        } else if (out.kind(node.field) < 0) {
          out.capture(node.field, FieldValues.OBJECT, 0, null);
        } else if (out.kind(node.field) != FieldValues.OBJECT) {
          out.flag(node.field, FieldValues.WRONG); // a=1&a[b]=2
        }
      }
      if (!values) {
        continue;
      }
      if (node.elements != null) {
        out.flag(node.elements.here, element ? FieldValues.REACHED : FieldValues.WRONG);
      }
      if (element && !node.isAnyDepth) {
        for (int j = 0; j < node.childList.size(); j++) {
          out.flag(node.childList.get(j).here, FieldValues.WRONG);
        }
      }
    }
  }
}
