package dev.cordon.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The words, flags and options of one command. {@code --} ends the options. */
final class Arguments {
  private final List<String> words = new ArrayList<>();
  private final Map<String, List<String>> options = new HashMap<>();

  private Arguments() {}

  /**
   * @param flags options without a value, as {@code --check}
   * @param valued options with one, written {@code --format json} or {@code --format=json}
   */
  static Arguments parse(List<String> arguments, Set<String> flags, Set<String> valued)
      throws UsageException {
    Arguments parsed = new Arguments();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.equals("--")) {
        parsed.words.addAll(arguments.subList(i + 1, arguments.size()));
        break;
      }
      if (!argument.startsWith("-") || argument.equals("-")) {
        parsed.words.add(argument);
        continue;
      }
      int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
      String name = equals < 0 ? argument : argument.substring(0, equals);
      if (flags.contains(argument)) {
        parsed.options.put(argument, List.of());
      } else if (!valued.contains(name)) {
        throw new UsageException("unknown option '" + name + "'; see --help");
      } else if (equals < 0 && i + 1 == arguments.size()) {
        throw new UsageException(name + " needs a value; see --help");
      } else {
        String value = equals < 0 ? arguments.get(++i) : argument.substring(equals + 1);
        parsed.options.computeIfAbsent(name, any -> new ArrayList<>()).add(value);
      }
    }
    return parsed;
  }

  static boolean asksForHelp(List<String> arguments) {
    for (String argument : arguments) {
      if (argument.equals("--")) {
        return false;
      }
      if (argument.equals("--help") || argument.equals("-h")) {
        return true;
      }
    }
    return false;
  }

  List<String> words() {
    return words;
  }

  /** The words, of which there must be one. */
  List<String> files() throws UsageException {
    if (words.isEmpty()) {
      throw new UsageException("which file? see --help");
    }
    return words;
  }

  boolean has(String option) {
    return options.containsKey(option);
  }

  /** The last value given; null when there is none. */
  @Nullable String value(String option) {
    List<String> values = values(option);
    return values.isEmpty() ? null : values.get(values.size() - 1);
  }

  List<String> values(String option) {
    return options.getOrDefault(option, List.of());
  }

  /** One of the words; the first when the option is not there. */
  String oneOf(String option, String... known) throws UsageException {
    String value = value(option);
    if (value == null) {
      return known[0];
    }
    for (String word : known) {
      if (word.equals(value)) {
        return word;
      }
    }
    throw new UsageException(
        known.length == 1
            ? option + " knows " + known[0] + " only"
            : option + " is one of " + String.join(", ", known));
  }
}
