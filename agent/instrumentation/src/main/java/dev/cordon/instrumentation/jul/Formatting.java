package dev.cordon.instrumentation.jul;

import org.jspecify.annotations.Nullable;

/**
 * The record that this thread is formatting: its parts are read raw, because the text made of them
 * is scanned as a whole.
 */
final class Formatting {

  // an array of the JDK, not a class of ours: the value stays behind in pooled threads
  private static final ThreadLocal<@Nullable Object[]> RECORD =
      ThreadLocal.withInitial(() -> new Object[1]);

  private Formatting() {}

  /** Made before it is needed: a class whose initialiser ran out of stack stays unusable. */
  static void check() {}

  static boolean isOf(@Nullable Object record) {
    return RECORD.get()[0] == record;
  }

  /** Returns the record that was formatted until now, to be handed to {@link #end}. */
  static @Nullable Object begin(@Nullable Object record) {
    @Nullable Object[] slot = RECORD.get();
    Object outer = slot[0];
    slot[0] = record;
    return outer;
  }

  static void end(@Nullable Object outer) {
    RECORD.get()[0] = outer;
  }
}
