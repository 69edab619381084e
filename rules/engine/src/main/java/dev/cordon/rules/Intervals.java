package dev.cordon.rules;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Rules by the numbers for which they hold. All limits that rules name cut the numbers into cells:
 * each limit is one, and what lies between two of them. Over the cells stands a binary tree, and a
 * rule hangs at the few nodes that make up its cells, so a number meets the rules between its cell
 * and the root: a search among the limits and one step for each level, however many rules there
 * are.
 */
final class Intervals {
  private static final int MAX_SCALE = 12;

  private final BigDecimal[] cuts;

  /** The cuts in units of 10^-scale; empty when they do not fit. */
  private final long[] scaled;

  private final int scale;
  private final @Nullable Together[] nodes; // children of node i: 2i and 2i + 1; cells come last
  private final int firstCell;

  private Intervals(BigDecimal[] cuts, @Nullable Together[] nodes) {
    this.cuts = cuts;
    this.nodes = nodes;
    firstCell = nodes.length / 2;
    int most = Money.MAX_EXPONENT; // then every amount in minor units can be scaled up
    for (BigDecimal cut : cuts) {
      most = Math.max(most, cut.stripTrailingZeros().scale());
    }
    scale = most;
    scaled = scaled(cuts, most);
  }

  private static long[] scaled(BigDecimal[] cuts, int scale) {
    long[] scaled = new long[scale <= MAX_SCALE ? cuts.length : 0];
    for (int i = 0; i < scaled.length; i++) {
      if (cuts[i].precision() - cuts[i].scale() + scale > 18) {
        return new long[0];
      }
      scaled[i] = cuts[i].movePointRight(scale).longValueExact();
    }
    return scaled;
  }

  /** The cell of a value; -1 when it is not comparable with numbers. */
  int cell(Drawn value) {
    switch (value.kind) {
      case FieldValues.NUMBER -> {
        return cell(value.number, value.decimals);
      }
      case FieldValues.DECIMAL -> {
        return value.object instanceof BigDecimal decimal ? cell(decimal, value.decimals) : -1;
      }
      case FieldValues.TEXT -> {
        if (!(value.object instanceof String word) || !Literal.isDecimal(word)) {
          return -1;
        }
        return word.length() <= 18 && word.indexOf('.') < 0
            ? cell(Long.parseLong(word), value.decimals)
            : cell(new BigDecimal(word), value.decimals);
      }
      default -> {
        return -1;
      }
    }
  }

  private int cell(long value, int decimals) {
    if (scaled.length == 0) {
      return cell(BigDecimal.valueOf(value), decimals);
    }
    long factor = 1;
    for (int i = decimals; i < scale; i++) {
      factor *= 10;
    }
    if (value > Long.MAX_VALUE / factor) {
      return 2 * cuts.length; // above every cut, as those fit
    }
    if (value < -(Long.MAX_VALUE / factor)) {
      return 0;
    }
    int at = Arrays.binarySearch(scaled, value * factor);
    return at >= 0 ? 2 * at + 1 : 2 * -(at + 1);
  }

  private int cell(BigDecimal value, int decimals) {
    int low = 0;
    int high = cuts.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      // the cut is moved, not the value: that may be too small to be moved any further
      int sign = value.compareTo(cuts[middle].movePointRight(decimals));
      if (sign == 0) {
        return 2 * middle + 1;
      }
      if (sign > 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return 2 * low;
  }

  /** Hands over all rules that hold in a cell. */
  void find(int cell, Evaluation call) {
    for (int node = firstCell + cell; node > 0; node >>= 1) {
      Together rules = nodes[node];
      if (rules != null) {
        call.meet(rules);
      }
    }
  }

  /** The first and the last cell of a range whose limits are among the cuts. */
  static int[] span(Range range, BigDecimal[] cuts) {
    int from = 0;
    int to = 2 * cuts.length;
    if (range.low() != null) {
      from = 2 * Arrays.binarySearch(cuts, range.low()) + (range.withLow() ? 1 : 2);
    }
    if (range.high() != null) {
      to = 2 * Arrays.binarySearch(cuts, range.high()) + (range.withHigh() ? 1 : 0);
    }
    return new int[] {from, to};
  }

  /** Collects rules and the ranges in which they hold: all of them in one number. */
  static final class Builder {
    private record Held(Rule rule, boolean fires, List<List<Range>> ranges) {}

    private final List<Held> all = new ArrayList<>();
    private final TreeSet<BigDecimal> limits = new TreeSet<>(); // 2.0 is 2

    /**
     * @param ranges of each condition; it holds in any of them
     * @param fires nothing more has to be known of the call
     */
    void add(Rule rule, boolean fires, List<List<Range>> ranges) {
      all.add(new Held(rule, fires, ranges));
      for (List<Range> condition : ranges) {
        for (Range range : condition) {
          if (range.low() != null) {
            limits.add(range.low());
          }
          if (range.high() != null) {
            limits.add(range.high());
          }
        }
      }
    }

    @Nullable Intervals build() {
      if (all.isEmpty()) {
        return null;
      }
      BigDecimal[] cuts = limits.toArray(new BigDecimal[0]);
      int cells = 2;
      while (cells < 2 * cuts.length + 1) {
        cells *= 2;
      }
      Together.@Nullable Builder[] builders = new Together.@Nullable Builder[2 * cells];
      for (Held held : all) {
        for (int[] span : spans(held.ranges, cuts)) {
          hang(held, builders, cells + span[0], cells + span[1]);
        }
      }
      @Nullable Together[] nodes = new @Nullable Together[2 * cells];
      for (int i = 0; i < nodes.length; i++) {
        Together.Builder builder = builders[i];
        nodes[i] = builder == null ? null : builder.build();
      }
      return new Intervals(cuts, nodes);
    }

    /** At the fewest nodes that have the cells from one to the other below them, and no others. */
    private static void hang(Held held, Together.@Nullable Builder[] builders, int from, int to) {
      int left = from;
      int right = to;
      while (left <= right) {
        if ((left & 1) == 1) {
          hang(held, builders, left++);
        }
        if ((right & 1) == 0) {
          hang(held, builders, right--);
        }
        left >>= 1;
        right >>= 1;
      }
    }

    private static void hang(Held held, Together.@Nullable Builder[] builders, int node) {
      Together.Builder builder = builders[node];
      if (builder == null) {
        builder = new Together.Builder();
        builders[node] = builder;
      }
      if (held.fires) {
        builder.fires(held.rule);
      } else {
        builder.asks(held.rule);
      }
    }

    /** Where all conditions hold: first and last cell of each stretch, none twice. */
    private static List<int[]> spans(List<List<Range>> conditions, BigDecimal[] cuts) {
      List<int[]> spans = List.of(new int[] {0, 2 * cuts.length});
      for (List<Range> condition : conditions) {
        List<int[]> own = new ArrayList<>(condition.size());
        for (Range range : condition) {
          own.add(span(range, cuts));
        }
        own.sort((a, b) -> Integer.compare(a[0], b[0]));
        spans = both(spans, own);
      }
      return spans;
    }

    /** The cells that two sorted lists have in common. */
    private static List<int[]> both(List<int[]> a, List<int[]> b) {
      List<int[]> common = new ArrayList<>();
      int i = 0;
      int j = 0;
      while (i < a.size() && j < b.size()) {
        int from = Math.max(a.get(i)[0], b.get(j)[0]);
        int to = Math.min(a.get(i)[1], b.get(j)[1]);
        boolean again = !common.isEmpty() && common.get(common.size() - 1)[1] >= from;
        if (from <= to && !again) { // in (5 | 5.0) is one number
          common.add(new int[] {from, to});
        }
        if (a.get(i)[1] < b.get(j)[1]) {
          i++;
        } else {
          j++;
        }
      }
      return common;
    }
  }
}
