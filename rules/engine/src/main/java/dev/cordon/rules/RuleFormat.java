package dev.cordon.rules;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;

/**
 * The one layout of a rule file: two blanks a level, lists two deeper than their key, no blanks at
 * line ends, no two empty lines together. Comments stay, with the line that they are on or above.
 */
public final class RuleFormat {
  private static final int NOT_SET = -1;

  private final List<String> lines;
  private final int[] indents; // by line, where something begins there
  private final boolean[] verbatim; // lines of block scalars: they only move with their key
  private final Iterator<Event> events;

  private RuleFormat(String text) {
    lines = new ArrayList<>(text.lines().toList());
    indents = new int[lines.size() + 1];
    Arrays.fill(indents, NOT_SET);
    verbatim = new boolean[lines.size() + 1];
    LoadSettings settings =
        LoadSettings.builder().setCodePointLimit(RuleFileText.MAX_BYTES).setUseMarks(true).build();
    events = new Parse(settings).parseString(text).iterator();
  }

  /**
   * The text of a rule file in its one layout. Formatting it again changes nothing.
   *
   * @throws RuleFileException when the file is not YAML as rule files are
   * @throws IOException when the file is missing or cannot be read
   */
  public static String format(Path file) throws RuleFileException, IOException {
    Problems problems = new Problems(file.toString());
    byte[] bytes = RuleFileText.bytes(file, problems);
    String text = bytes == null ? null : RuleFileText.text(bytes, problems);
    YamlNode before = text == null ? null : YamlReader.read(text, problems);
    if (text == null || before == null || problems.hasErrors()) {
      if (!problems.hasErrors()) {
        problems.error(Position.TOP, "CRD104", "empty", "a rule file begins with version: 1");
      }
      throw new RuleFileException(problems.all());
    }
    String formatted = new RuleFormat(text).format();
    YamlNode after = YamlReader.read(formatted, new Problems(file.toString()));
    if (after == null || !isSame(before, after)) {
      // the layout is not worth a rule that means something else
      problems.error(
          before.at(), "CRD104", "cannot be formatted without changing what it says", "report it");
      throw new RuleFileException(problems.all());
    }
    return formatted;
  }

  private static boolean isSame(YamlNode a, YamlNode b) {
    if (a instanceof YamlNode.Scalar one && b instanceof YamlNode.Scalar other) {
      return one.text().equals(other.text()) && one.quoted() == other.quoted();
    }
    if (a instanceof YamlNode.Items one && b instanceof YamlNode.Items other) {
      boolean same = one.items().size() == other.items().size();
      for (int i = 0; same && i < one.items().size(); i++) {
        same = isSame(one.items().get(i), other.items().get(i));
      }
      return same;
    }
    if (a instanceof YamlNode.Fields one && b instanceof YamlNode.Fields other) {
      boolean same = one.fields().size() == other.fields().size();
      for (int i = 0; same && i < one.fields().size(); i++) {
        YamlNode.Field left = one.fields().get(i);
        YamlNode.Field right = other.fields().get(i);
        same = isSame(left.key(), right.key()) && isSame(left.value(), right.value());
      }
      return same;
    }
    return false;
  }

  private String format() {
    while (events.hasNext()) {
      Event event = events.next();
      if (isNode(event)) {
        node(event, 0);
      }
    }
    return write();
  }

  private static boolean isNode(Event event) {
    return event instanceof ScalarEvent || event instanceof CollectionStartEvent;
  }

  /** Notes where the lines of a node begin; {@code indent} is that of a block node. */
  private void node(Event event, int indent) {
    if (event instanceof ScalarEvent scalar) {
      ScalarStyle style = scalar.getScalarStyle();
      if (style == ScalarStyle.LITERAL || style == ScalarStyle.FOLDED) {
        int end = line(scalar.getEndMark().orElseThrow());
        for (int i = line(scalar.getStartMark().orElseThrow()) + 1; i < end; i++) {
          verbatim[i] = true;
        }
      }
      return;
    }
    if (!(event instanceof CollectionStartEvent start)) {
      return;
    }
    boolean block = start.getFlowStyle() == FlowStyle.BLOCK;
    if (event.getEventId() == Event.ID.SequenceStart) {
      items(block, indent);
    } else {
      fields(block, indent);
    }
  }

  private void items(boolean block, int indent) {
    for (Event event = events.next();
        event.getEventId() != Event.ID.SequenceEnd;
        event = events.next()) {
      if (block) {
        begin(event, indent);
      }
      node(event, indent + 2);
    }
  }

  private void fields(boolean block, int indent) {
    for (Event event = events.next();
        event.getEventId() != Event.ID.MappingEnd;
        event = events.next()) {
      if (block) {
        begin(event, indent);
      }
      node(event, indent + 2);
      node(events.next(), indent + 2);
    }
  }

  /** The first that begins on a line is the outermost. */
  private void begin(Event event, int indent) {
    int line = line(event.getStartMark().orElseThrow());
    if (indents[line] == NOT_SET) {
      indents[line] = indent;
    }
  }

  private static int line(Mark mark) {
    return mark.getLine();
  }

  private String write() {
    StringBuilder out = new StringBuilder();
    int shift = 0;
    boolean empty = true; // none at the top
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      String content = line.strip();
      if (verbatim[i]) {
        String moved = line.isBlank() ? "" : moved(line, shift);
        out.append(moved).append('\n');
        empty = false;
        continue;
      }
      if (content.isEmpty()) {
        if (!empty) {
          out.append('\n');
        }
        empty = true;
        continue;
      }
      empty = false;
      int own = line.indexOf(content.charAt(0));
      int indent;
      if (indents[i] != NOT_SET) {
        indent = indents[i];
        shift = indent - own;
      } else if (content.startsWith("#")) {
        indent = ofComment(i, own + shift);
      } else {
        indent = Math.max(0, own + shift); // goes on with what began above
      }
      if (content.startsWith("- ")) {
        content = "- " + content.substring(2).stripLeading();
      }
      out.append(" ".repeat(Math.max(0, indent))).append(content).append('\n');
    }
    int end = out.length();
    while (end > 1 && out.charAt(end - 2) == '\n') {
      end--;
    }
    out.setLength(end);
    return out.toString();
  }

  /** A comment belongs to what stands below it. */
  private int ofComment(int line, int fallback) {
    for (int i = line + 1; i < lines.size(); i++) {
      if (indents[i] != NOT_SET) {
        return indents[i];
      }
      if (!lines.get(i).isBlank() && !lines.get(i).strip().startsWith("#")) {
        break; // within a value that goes on
      }
    }
    return fallback;
  }

  private static String moved(String line, int shift) {
    int own = 0;
    while (line.charAt(own) == ' ') {
      own++;
    }
    return " ".repeat(Math.max(0, own + shift)) + line.substring(own);
  }
}
