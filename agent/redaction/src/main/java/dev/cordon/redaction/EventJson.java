package dev.cordon.redaction;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The strings of the JSON of one event, and of which text of the model each is a piece: as OpenAI
 * ({@code choices[].delta.content}, {@code tool_calls[].function.arguments}, {@code
 * response.output_text.delta}), Anthropic ({@code content_block_delta}) and those like them send
 * it.
 */
final class EventJson {
  private static final int MAX_DEPTH = 64;

  /** Names of strings of which each event has a piece. */
  private static final Set<String> PIECES =
      Set.of(
          "content",
          "text",
          "arguments",
          "partial_json",
          "delta",
          "thinking",
          "reasoning",
          "reasoning_content",
          "refusal",
          "transcript",
          "input",
          "code");

  /** Names of what tells texts of one event stream apart. */
  private static final Set<String> INDEXES =
      Set.of("index", "output_index", "content_index", "summary_index", "item_id");

  /** A string value, between its quotes. */
  record Piece(int start, int end, Level in, String name) {}

  /** An object or an array. */
  private static final class Level {
    final @Nullable Level parent;
    final String name;
    final boolean object;
    final int position; // in the array that it is in
    int items;
    String index = "";

    Level(@Nullable Level parent, String name, boolean object, int position) {
      this.parent = parent;
      this.name = name;
      this.object = object;
      this.position = position;
    }
  }

  private final byte[] bytes;
  private final List<Piece> strings = new ArrayList<>();
  private int at;
  private String type = "";

  private EventJson(byte[] bytes, int from) {
    this.bytes = bytes;
    this.at = from;
  }

  /** Null when it is no object, or nested too deep. */
  static @Nullable EventJson read(byte[] bytes, int from) {
    EventJson json = new EventJson(bytes, from);
    return json.walk() ? json : null;
  }

  List<Piece> strings() {
    return strings;
  }

  /** A sign of life, which interrupts no text. */
  boolean isPing() {
    return type.equals("ping");
  }

  /** The name of the text that a string is a piece of; null when it stands for itself. */
  @Nullable String textOf(Piece piece) {
    if (!PIECES.contains(piece.name())) {
      return null;
    }
    boolean delta = piece.name().equals("delta");
    StringBuilder path = new StringBuilder(type).append('|').append(piece.name());
    for (Level level = piece.in(); level != null; level = level.parent) {
      delta |= level.name.equals("delta");
      boolean top = level.parent != null && level.parent.parent == null;
      delta |=
          top
              && piece.name().equals("text")
              && (level.name.equals("choices") || level.name.equals("candidates"));
      path.append('|').append(level.name).append('#');
      if (level.index.isEmpty()) {
        path.append(level.position);
      } else {
        path.append(level.index);
      }
    }
    return delta ? path.toString() : null;
  }

  private boolean walk() {
    Level level = null;
    int depth = 0;
    while (true) {
      blanks();
      if (at == bytes.length) {
        return false;
      }
      byte b = bytes[at];
      if (level != null && b == (level.object ? '}' : ']')) {
        at++;
        level = level.parent;
        depth--;
        if (level == null) {
          return ends();
        }
        continue;
      }
      if (b == ',' && level != null) {
        at++;
        continue;
      }
      String name = "";
      if (level != null && level.object) {
        String key = string();
        blanks();
        if (key == null || at == bytes.length || bytes[at] != ':') {
          return false;
        }
        at++;
        blanks();
        name = key;
        if (at == bytes.length) {
          return false;
        }
        b = bytes[at];
      }
      int position = level == null || level.object ? 0 : level.items++;
      if (b == '{' || b == '[') {
        if (++depth > MAX_DEPTH) {
          return false;
        }
        at++;
        level = new Level(level, name, b == '{', position);
      } else if (level == null || !value(level, name)) {
        return false;
      }
    }
  }

  private boolean value(Level level, String name) {
    int start = at;
    if (bytes[at] == '"') {
      if (string() == null) {
        return false;
      }
      strings.add(new Piece(start + 1, at - 1, level, name));
    } else {
      while (at < bytes.length && ",]} \r\n\t".indexOf(bytes[at]) < 0) {
        at++;
      }
      if (at == start) {
        return false;
      }
    }
    if (level.object && INDEXES.contains(name)) {
      level.index +=
          name + '=' + new String(bytes, start, at - start, StandardCharsets.UTF_8) + ';';
    } else if (level.parent == null && name.equals("type") && bytes[start] == '"') {
      type = new String(bytes, start + 1, at - start - 2, StandardCharsets.UTF_8);
    }
    return true;
  }

  /** Reads a string; null when it has no end. */
  private @Nullable String string() {
    if (bytes[at] != '"') {
      return null;
    }
    int start = ++at;
    while (at < bytes.length && bytes[at] != '"') {
      at += bytes[at] == '\\' ? 2 : 1;
    }
    if (at >= bytes.length) {
      return null;
    }
    at++;
    return new String(bytes, start, at - 1 - start, StandardCharsets.UTF_8);
  }

  private void blanks() {
    while (at < bytes.length && (bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\r')) {
      at++;
    }
  }

  /** Nothing but the end of the line may follow. */
  private boolean ends() {
    blanks();
    return at == bytes.length || bytes[at] == '\n';
  }
}
