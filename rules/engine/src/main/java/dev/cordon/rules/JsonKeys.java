package dev.cordon.rules;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one JSON object that a protocol gives a meaning. A key twice, or one that a forgiving
 * server may take for one of them, leaves the object without a certain meaning.
 */
final class JsonKeys {
  /** Tells that a body has no meaning that every server agrees on. */
  static final class Unclear extends IOException {
    private static final long serialVersionUID = 1;

    Unclear(String why) {
      super(why);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this; // a value, thrown and caught in here
    }
  }

  private final String[] known;
  private int seen;

  JsonKeys(String... known) {
    this.known = known;
  }

  /** The number of the key at the parser, -1 when it means nothing. */
  int of(String name) throws Unclear {
    for (int i = 0; i < known.length; i++) {
      if (known[i].equals(name)) {
        if ((seen & 1 << i) != 0) {
          throw new Unclear("a key twice");
        }
        seen |= 1 << i;
        return i;
      }
    }
    String loosely = Fold.loosely(name);
    for (String key : known) {
      if (Fold.same(key, loosely)) {
        throw new Unclear("a key in another case");
      }
    }
    return -1;
  }

  boolean has(int key) {
    return (seen & 1 << key) != 0;
  }

  static String string(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.VALUE_STRING) {
      throw new Unclear("no text");
    }
    return parser.getText();
  }

  static @Nullable String stringOrNull(JsonParser parser) throws IOException {
    JsonToken token = parser.nextToken();
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    if (token != JsonToken.VALUE_STRING) {
      throw new Unclear("no text");
    }
    return parser.getText();
  }

  static void skip(JsonParser parser) throws IOException {
    if (parser.nextToken() == null) {
      throw new Unclear("ends early");
    }
    parser.skipChildren();
  }
}
