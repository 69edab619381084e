package dev.cordon.journal;

import dev.cordon.journal.NameGuard.Category;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Numbers for names. Interned on the callers' threads, written by the writer before the first
 * record that uses them and again into every new file. Bounded: a name that finds no place, or is
 * none, is {@link #OTHER}.
 */
final class Dictionary {

  static final int ABSENT = 0;
  static final int OTHER = 1;
  static final int FIRST = 2;
  static final int MAX_ENTRIES;

  static {
    int all = FIRST;
    for (int i = 0; i < Category.count(); i++) {
      all += Category.of(i).maxEntries;
    }
    MAX_ENTRIES = all;
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private final ConcurrentHashMap<String, Integer>[] ids = new ConcurrentHashMap[Category.count()];

  private final @Nullable String[] names = new String[MAX_ENTRIES];
  private final byte[] categories = new byte[MAX_ENTRIES];
  private final int[] counts = new int[Category.count()];
  private volatile int size = FIRST; // written after names and categories, read before them

  Dictionary() {
    for (int i = 0; i < ids.length; i++) {
      ids[i] = new ConcurrentHashMap<>();
    }
  }

  int id(Category category, @Nullable String name) {
    if (name == null || name.isEmpty()) {
      return ABSENT;
    }
    Integer known = ids[category.ordinal()].get(name);
    return known != null ? known : intern(category, name);
  }

  private int intern(Category category, String name) {
    if (!NameGuard.isName(category, name)) {
      return OTHER;
    }
    ConcurrentHashMap<String, Integer> ofCategory = ids[category.ordinal()];
    synchronized (this) { // first sight of a name only; no I/O inside
      Integer known = ofCategory.get(name);
      if (known != null) {
        return known;
      }
      int id = size;
      if (counts[category.ordinal()] == category.maxEntries || id == MAX_ENTRIES) {
        return OTHER;
      }
      counts[category.ordinal()]++;
      names[id] = name;
      categories[id] = (byte) category.ordinal();
      size = id + 1;
      ofCategory.put(name, id);
      return id;
    }
  }

  int size() {
    return size;
  }

  String name(int id) {
    String name = names[id];
    return name == null ? NameGuard.OTHER : name;
  }

  int category(int id) {
    return categories[id];
  }
}
