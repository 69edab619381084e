package dev.cordon.rules;

/** What a {@link PathTrie} looks up: regions of a text, one after the other. */
class Segments {
  String path = "";

  /** Segment {@code i} is {@code path[starts[i], ends[i])}. */
  int[] starts;

  int[] ends;

  /** Of each segment, by {@link Fold#hash}. */
  int[] hashes;

  int segments;

  Segments(int capacity) {
    starts = new int[capacity];
    ends = new int[capacity];
    hashes = new int[capacity];
  }
}
