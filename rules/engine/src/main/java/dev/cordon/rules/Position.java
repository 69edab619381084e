package dev.cordon.rules;

/** A place in a file: line and column from 1, and how many characters it covers. */
record Position(int line, int column, int width) {

  static final Position TOP = new Position(1, 1, 1);

  /** A part of this place, {@code offset} characters in. */
  Position part(int offset, int length) {
    return new Position(line, column + offset, Math.max(1, length));
  }
}
