package dev.cordon.launcher.pack;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import java.util.function.LongBinaryOperator;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every shape of lambda that the agent jar holds; run as compiled and as rewritten. */
public class LambdaSamples implements Supplier<List<String>> {

  interface Named {
    String name();

    default Supplier<String> greeting() {
      return () -> "hello " + hidden().get();
    }

    private Supplier<String> hidden() {
      return this::name;
    }
  }

  interface Marker {}

  interface Wide<T extends Comparable<T>> {
    T pick(T left, T right);
  }

  interface Narrow extends Wide<String> {
    @Override
    String pick(String left, String right);
  }

  interface SerialSupplier extends Supplier<String>, Serializable {}

  /** Has a lambda of the same compiled name as its superclass, with the same descriptor. */
  static final class Below extends LambdaSamples {
    @Override
    Supplier<String> own() {
      return () -> "below, " + super.own().get() + field;
    }
  }

  String field = "field";

  Supplier<String> own() {
    return () -> "above " + field;
  }

  private String secret(String text) {
    return text + " kept";
  }

  static int twice(int value) {
    return 2 * value;
  }

  static String join(String first, Object... others) {
    return first + others.length;
  }

  @Override
  public List<String> get() {
    List<String> said = new ArrayList<>();
    long big = 1L << 40;
    double half = 0.5;
    byte small = 7;
    Supplier<Integer> boxed = () -> twice(small);
    LongBinaryOperator wide = (left, right) -> left * big + right;
    DoubleSupplier doubles = () -> big + half;
    IntFunction<String[]> array = String[]::new;
    Function<Integer, Integer> unboxed = LambdaSamples::twice;
    ToLongFunction<Integer> widened = LambdaSamples::twice;
    ToDoubleFunction<Integer> floated = Integer::floatValue;
    IntSupplier length = field::length;
    BiFunction<String, Integer, Character> unbound = String::charAt;
    Function<String, StringBuilder> made = StringBuilder::new;
    Function<String, String> hidden = this::secret;
    Function<String, String> varied = LambdaSamples::join;
    Narrow bridged = (left, right) -> left.compareTo(right) > 0 ? left : right;
    Wide<String> same = bridged;
    Runnable marked = (Runnable & Marker) () -> said.add("marked");
    Named named = () -> "Ada";
    said.add(boxed.get() + " " + wide.applyAsLong(2, 3) + " " + doubles.getAsDouble());
    said.add(array.apply(3).length + " " + unboxed.apply(4) + " " + widened.applyAsLong(5));
    said.add(floated.applyAsDouble(6) + " " + length.getAsInt() + unbound.apply("abc", 1));
    said.add(made.apply("made").reverse() + hidden.apply("secret") + varied.apply("varied"));
    said.add(same.pick("a", "b") + (marked instanceof Marker) + named.greeting().get());
    marked.run();
    said.add(own().get() + new Below().own().get());
    said.add(restored(() -> "serial " + half).get());
    Supplier<Supplier<String>> nested = () -> () -> "nested " + field + small;
    said.add(nested.get().get());
    Map<Integer, List<String>> groups =
        Stream.of("one", "two", "three")
            .sorted(Comparator.comparing(String::length).thenComparing(Comparator.reverseOrder()))
            .collect(Collectors.groupingBy(String::length, TreeMap::new, Collectors.toList()));
    said.add(groups.toString());
    Object first = onlyOne();
    said.add("one instance: " + (first == onlyOne()));
    return said;
  }

  private static Supplier<String> onlyOne() {
    return () -> "only";
  }

  private static Supplier<String> restored(SerialSupplier supplier) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(supplier);
      }
      ClassLoader here = LambdaSamples.class.getClassLoader();
      try (ObjectInputStream in =
          new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())) {
            @Override
            protected Class<?> resolveClass(java.io.ObjectStreamClass type)
                throws IOException, ClassNotFoundException {
              return Class.forName(type.getName(), false, here);
            }
          }) {
        return (SerialSupplier) in.readObject();
      }
    } catch (IOException | ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
