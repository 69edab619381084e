package dev.cordon.rules;

/** What a {@link PathTrie} looks up: regions of a text, one after the other. */
class Segments {
  String path = "";

  /** Segment {@code i} is {@code path[starts[i], ends[i])}. */
  int[] starts;

  int[] ends;
  int segments;

  Segments(int capacity) {
    starts = new int[capacity];
    ends = new int[capacity];
  }
}
