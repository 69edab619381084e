package dev.cordon.rules;

import java.util.AbstractList;
import java.util.RandomAccess;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Things that are read from a bundle when they are first asked for, on whatever thread asks; for
 * every thread the same one. What was damaged on purpose throws then, and a call that meets it gets
 * what {@code on-error} says.
 */
abstract class LazyList<E> extends AbstractList<E> implements RandomAccess {

  private final AtomicReferenceArray<@Nullable E> read;

  LazyList(int size) {
    read = new AtomicReferenceArray<>(size);
  }

  /** Reads one of them. */
  abstract E read(int index) throws Bundle.DamagedException;

  @Override
  public E get(int index) {
    E known = read.get(index);
    return known == null ? first(index) : known;
  }

  private E first(int index) {
    E made;
    try {
      made = read(index);
    } catch (Bundle.DamagedException damaged) {
      throw new IllegalStateException(damaged.getMessage(), damaged);
    }
    E other = read.compareAndExchange(index, null, made);
    return other == null ? made : other;
  }

  @Override
  public int size() {
    return read.length();
  }
}
