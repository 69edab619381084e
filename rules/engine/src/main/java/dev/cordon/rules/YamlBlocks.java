package dev.cordon.rules;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Takes a rule file that is not YAML apart, so that one slip does not hide what else is wrong: into
 * its sections, which begin with a key at the start of a line, and those into their items or
 * entries, which begin where the first one of the section does. Each is read alone; those that
 * cannot be are told and left out, and so is a section of which nothing is left.
 */
final class YamlBlocks {
  /** Reads a text; what is wrong with its syntax is told at its lines moved down by some. */
  interface Reader {
    /** True when it is YAML. */
    boolean reads(String text, int linesBefore);
  }

  private record Block(int first, int end) {}

  private final String[] lines;
  private final Reader reader;
  private final boolean[] out;
  private int firstBroken = -1;

  private YamlBlocks(String[] lines, Reader reader) {
    this.lines = lines;
    this.reader = reader;
    out = new boolean[lines.length];
  }

  /**
   * The text without what is broken, every line in its place. Whether it reads now is not known.
   *
   * @param error the first line, from 1, that reading it as a whole found wrong
   * @return empty when no part of it, read alone, explains that
   */
  static String readable(String text, int error, Reader reader) {
    YamlBlocks blocks = new YamlBlocks(text.split("\n", -1), reader);
    blocks.leaveOut();
    return blocks.firstBroken < 0 || blocks.firstBroken >= error ? "" : blocks.rest();
  }

  private void leaveOut() {
    int first = next(0, 0, false);
    for (int i = 0; i < first; i++) {
      if (isContent(lines[i])) {
        return; // something before the first key: no rule file
      }
    }
    while (first < lines.length) {
      int end = next(first + 1, 0, false);
      leaveOut(new Block(first, end));
      first = end;
    }
  }

  /** Of a section. */
  private void leaveOut(Block section) {
    int child = section.first() + 1;
    while (child < section.end() && !isContent(lines[child])) {
      child++;
    }
    String head = lines[section.first()].strip();
    int comment = head.indexOf(" #");
    boolean open = (comment < 0 ? head : head.substring(0, comment).stripTrailing()).endsWith(":");
    int indent = child < section.end() ? indent(lines[child]) : 0;
    boolean list = child < section.end() && isDash(lines[child], indent);
    if (!open || child == section.end() || (!list && !isKey(lines[child], indent))) {
      leaveOutIfBroken(section);
      return;
    }
    boolean left = false;
    while (child < section.end()) {
      int end = Math.min(section.end(), next(child + 1, indent, list));
      left |= !leaveOutIfBroken(new Block(child, end));
      child = end;
    }
    if (!left) {
      leaveOut(section.first(), section.end());
    }
  }

  private boolean leaveOutIfBroken(Block block) {
    String alone = String.join("\n", Arrays.asList(lines).subList(block.first(), block.end()));
    alone += block.end() < lines.length ? "\n" : "";
    if (reader.reads(alone, block.first())) {
      return false;
    }
    leaveOut(block.first(), block.end());
    firstBroken = firstBroken < 0 ? block.first() : firstBroken;
    return true;
  }

  private void leaveOut(int first, int end) {
    for (int i = first; i < end; i++) {
      out[i] = true;
    }
  }

  private String rest() {
    List<String> rest = new ArrayList<>(lines.length);
    for (int i = 0; i < lines.length; i++) {
      rest.add(out[i] ? "" : lines[i]);
    }
    return String.join("\n", rest);
  }

  /** The next line that begins an item, or else a key, at this indentation; or the end. */
  private int next(int from, int indent, boolean list) {
    for (int i = from; i < lines.length; i++) {
      String line = lines[i];
      if (isContent(line)
          && indent(line) == indent
          && (list ? isDash(line, indent) : isKey(line, indent))) {
        return i;
      }
    }
    return lines.length;
  }

  private static boolean isContent(String line) {
    String text = line.strip();
    return !text.isEmpty() && text.charAt(0) != '#';
  }

  private static int indent(String line) {
    int at = 0;
    while (at < line.length() && line.charAt(at) == ' ') {
      at++;
    }
    return at;
  }

  private static boolean isDash(String line, int at) {
    return line.startsWith("- ", at) || line.stripTrailing().substring(at).equals("-");
  }

  /** A name and a colon: not what may be more of a value, as a closing bracket. */
  private static boolean isKey(String line, int from) {
    int at = from;
    while (at < line.length() && isName(line.charAt(at))) {
      at++;
    }
    return at > from
        && at < line.length()
        && line.charAt(at) == ':'
        && (at + 1 == line.length() || line.charAt(at + 1) <= ' ');
  }

  private static boolean isName(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "_-.$/".indexOf(c) >= 0;
  }
}
