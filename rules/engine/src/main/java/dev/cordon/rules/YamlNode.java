package dev.cordon.rules;

import java.util.List;

/** The plain YAML of a rule file: no anchors, no tags, keys are text. */
sealed interface YamlNode {

  Position at();

  /** What it is, in the words of an error message. */
  String what();

  /**
   * Any value that is no list and no mapping.
   *
   * @param inPlace the text stands in the file as it is, on one line: offsets are columns
   * @param quoted written with quotes: never a number or true or false
   */
  record Scalar(String text, boolean inPlace, boolean quoted, Position at) implements YamlNode {
    @Override
    public String what() {
      return text.isEmpty() && !quoted ? "nothing" : "a single value";
    }

    /** The place of a part of the text; the whole value when offsets are not columns. */
    Position part(int offset, int length) {
      return inPlace ? at.part(offset, length) : at;
    }
  }

  record Items(List<YamlNode> items, Position at) implements YamlNode {
    @Override
    public String what() {
      return "a list";
    }
  }

  record Fields(List<Field> fields, Position at) implements YamlNode {
    @Override
    public String what() {
      return "a mapping";
    }
  }

  record Field(Scalar key, YamlNode value) {}
}
