package dev.cordon.rules;

import java.io.Reader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Builds the node tree from parser events. Composed nodes no longer tell an alias from a copy, and
 * say nothing of duplicate keys: both must be refused with their place.
 */
final class YamlReader {
  private static final int MAX_DEPTH = 32; // the deepest rule file has 7 levels

  private final Problems problems;
  private final Iterator<Event> events;
  private int depth;

  private YamlReader(Problems problems, Iterator<Event> events) {
    this.problems = problems;
    this.events = events;
  }

  /** The root node, or null when there is none to go on with; problems say why. */
  static @Nullable YamlNode read(String text, Problems problems) {
    YamlNode plain = PlainYaml.read(text);
    return plain != null ? plain : readAny(text, problems);
  }

  /**
   * Likewise; of what is not YAML the parts that are. Problems then say so, and are {@link
   * Problems#inPart}.
   */
  static @Nullable YamlNode readParts(String text, Problems problems) {
    YamlNode plain = PlainYaml.read(text);
    if (plain != null) {
      return plain;
    }
    int told = problems.size();
    try {
      return readEvents(text, problems);
    } catch (MarkedYamlEngineException e) {
      List<MarkedYamlEngineException> faults = new ArrayList<>();
      List<Integer> above = new ArrayList<>();
      String rest =
          YamlBlocks.readable(
              text,
              position(e, 0).line(),
              (alone, linesBefore) -> {
                MarkedYamlEngineException fault = fault(alone);
                if (fault != null && faults.size() < Problems.MAX_ERRORS) {
                  faults.add(fault);
                  above.add(linesBefore);
                }
                return fault == null;
              });
      if (rest.isEmpty() || fault(rest) != null) {
        tell(e, 0, problems);
        return null;
      }
      problems.keep(told);
      for (int i = 0; i < faults.size(); i++) {
        tell(faults.get(i), above.get(i), problems);
      }
      problems.inPart();
      return readEvents(rest, problems);
    }
  }

  private static @Nullable MarkedYamlEngineException fault(String text) {
    try {
      for (Event event : parse(text, "")) {
        if (event == null) {
          break;
        }
      }
      return null;
    } catch (MarkedYamlEngineException e) {
      return e;
    } catch (YamlEngineException e) {
      return null; // told when it is read
    }
  }

  private static Iterable<Event> parse(String text, String label) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(label)
            .setCodePointLimit(RuleFileText.MAX_BYTES)
            .setUseMarks(true)
            .build();
    return new Parse(settings).parseReader(new WholePairs(text));
  }

  private static void tell(MarkedYamlEngineException fault, int linesAbove, Problems problems) {
    String problem = fault.getProblem() == null ? "not YAML" : fault.getProblem();
    problems.error(
        position(fault, linesAbove), "CRD101", "not valid YAML: " + problem.strip(), hint(problem));
  }

  private static Position position(MarkedYamlEngineException fault, int linesAbove) {
    Position at = fault.getProblemMark().map(YamlReader::position).orElse(Position.TOP);
    return new Position(at.line() + linesAbove, at.column(), at.width());
  }

  /** Likewise, by the library; nothing of what is not YAML. */
  static @Nullable YamlNode readAny(String text, Problems problems) {
    try {
      return readEvents(text, problems);
    } catch (MarkedYamlEngineException e) {
      tell(e, 0, problems);
      return null;
    }
  }

  private static @Nullable YamlNode readEvents(String text, Problems problems) {
    try {
      return new YamlReader(problems, parse(text, problems.file()).iterator()).document();
    } catch (TooDeep e) {
      return null; // said already
    } catch (MarkedYamlEngineException e) {
      throw e;
    } catch (YamlEngineException e) {
      problems.error(Position.TOP, "CRD101", "not valid YAML: " + firstLine(e.getMessage()));
      return null;
    }
  }

  /** The library reads 1,025 characters at a time and fails where that cuts a surrogate pair. */
  private static final class WholePairs extends Reader {
    private final String text;
    private int at;

    WholePairs(String text) {
      this.text = text;
    }

    @Override
    public int read(char[] into, int offset, int length) {
      int end = Math.min(text.length(), at + length);
      if (end == at) {
        return length == 0 ? 0 : -1;
      }
      if (end - at > 1 && end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
        end--;
      }
      text.getChars(at, end, into, offset);
      int read = end - at;
      at = end;
      return read;
    }

    @Override
    public void close() {}
  }

  private @Nullable YamlNode document() {
    YamlNode root = null;
    boolean several = false;
    while (events.hasNext()) {
      Event event = events.next();
      switch (event.getEventId()) {
        case StreamStart, StreamEnd, DocumentEnd, Comment -> {}
        case DocumentStart -> {
          if (root != null && !several) {
            several = true;
            problems.error(
                position(event), "CRD108", "a second document", "a rule file is one document");
          }
        }
        case Alias, Scalar, SequenceStart, MappingStart -> {
          YamlNode node = node(event);
          root = root == null ? node : root;
        }
        case SequenceEnd, MappingEnd -> throw new IllegalStateException("unbalanced events");
      }
    }
    return root;
  }

  private YamlNode node(Event event) {
    refuseExtras(event);
    Position at = position(event);
    if (event instanceof ScalarEvent scalar) {
      return scalar(scalar, at);
    }
    if (!(event instanceof CollectionStartEvent)) {
      return new YamlNode.Scalar("", false, true, at); // an alias, refused above
    }
    if (++depth > MAX_DEPTH) {
      problems.error(at, "CRD117", "nested deeper than " + MAX_DEPTH + " levels");
      throw new TooDeep();
    }
    YamlNode node =
        event.getEventId() == Event.ID.SequenceStart
            ? new YamlNode.Items(items(), at)
            : new YamlNode.Fields(fields(), at);
    depth--;
    return node;
  }

  private List<YamlNode> items() {
    List<YamlNode> items = new ArrayList<>();
    for (Event event = events.next();
        event.getEventId() != Event.ID.SequenceEnd;
        event = events.next()) {
      if (event.getEventId() != Event.ID.Comment) {
        items.add(node(event));
      }
    }
    return items;
  }

  private List<YamlNode.Field> fields() {
    List<YamlNode.Field> fields = new ArrayList<>();
    Map<String, Position> seen = new HashMap<>();
    for (Event event = events.next();
        event.getEventId() != Event.ID.MappingEnd;
        event = events.next()) {
      YamlNode key = node(event);
      YamlNode value = node(events.next());
      if (!(key instanceof YamlNode.Scalar name)) {
        problems.error(key.at(), "CRD113", "a key must be a single value, this is " + key.what());
        continue;
      }
      Position first = seen.putIfAbsent(name.text(), name.at());
      if (first != null) {
        problems.error(
            name.at(),
            "CRD110",
            "duplicate key '" + name.text() + "'",
            "first at " + first.line() + ":" + first.column());
        continue;
      }
      fields.add(new YamlNode.Field(name, value));
    }
    return fields;
  }

  private YamlNode.Scalar scalar(ScalarEvent event, Position at) {
    Position end = event.getEndMark().map(YamlReader::position).orElse(at);
    boolean oneLine = end.line() == at.line();
    int width = oneLine ? Math.max(1, end.column() - at.column()) : 1;
    boolean plain = event.isPlain();
    boolean inPlace = oneLine && plain && width == event.getValue().length();
    return new YamlNode.Scalar(
        event.getValue(), inPlace, !plain, new Position(at.line(), at.column(), width));
  }

  private void refuseExtras(Event event) {
    Position at = position(event);
    if (event instanceof AliasEvent) {
      problems.error(
          at,
          "CRD106",
          "aliases are not allowed",
          "write the value out; for hosts write .example.com instead of *.example.com");
      return;
    }
    Optional<Anchor> anchor =
        event instanceof NodeEvent node ? node.getAnchor() : Optional.<Anchor>empty();
    if (anchor.isPresent()) {
      problems.error(
          at,
          "CRD106",
          "anchors are not allowed: &" + anchor.get().getValue(),
          "write the value out where it is needed");
    }
    Optional<String> tag = Optional.empty();
    if (event instanceof ScalarEvent scalar) {
      tag = scalar.getTag();
    } else if (event instanceof CollectionStartEvent collection) {
      tag = collection.getTag();
    }
    if (tag.isPresent()) {
      problems.error(at, "CRD107", "tags are not allowed: " + tag.get(), "leave it out");
    }
  }

  private static String hint(String problem) {
    if (problem.contains("got {")) {
      return "in a path write * for one segment, not {id}";
    }
    if (problem.contains("got [")) {
      return "put a condition with [] into quotes";
    }
    return problem.contains("alphabetic") || problem.contains("alias")
        ? "put a value that begins with * into quotes; for hosts write .example.com"
        : "";
  }

  private static String firstLine(@Nullable String message) {
    if (message == null) {
      return "cannot be read";
    }
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }

  private static Position position(Event event) {
    return event.getStartMark().map(YamlReader::position).orElse(Position.TOP);
  }

  private static Position position(Mark mark) {
    return new Position(mark.getLine() + 1, mark.getColumn() + 1, 1);
  }

  /** Ends the reading; the problem is recorded. */
  private static final class TooDeep extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooDeep() {
      super(null, null, false, false);
    }
  }
}
