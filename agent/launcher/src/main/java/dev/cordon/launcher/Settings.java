package dev.cordon.launcher;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What was set, by whom, before anybody asks whether it makes sense: agent arguments, then system
 * properties, then environment variables, then the config file; the first that names an option
 * wins.
 */
final class Settings {

  /**
   * One value.
   *
   * @param source for messages: {@code the agent arguments}, {@code the system property
   *     cordon.rules} ...
   */
  record Setting(String value, String source) {}

  private static final String ARGUMENTS = "the agent arguments";
  private static final String PROPERTY_PREFIX = "cordon.";
  private static final int MAX_CONFIG_BYTES = 64 << 10;

  private final Map<Option, Setting> settings = new EnumMap<>(Option.class);
  private final List<String> problems = new ArrayList<>();
  private final Set<Option> meantOptions = EnumSet.noneOf(Option.class);

  private Settings() {}

  /** Reads all four sources; what is wrong with them is in {@link #problems()}. */
  static Settings read(
      @Nullable String arguments, Properties properties, Map<String, String> environment) {
    Settings settings = new Settings();
    settings.addArguments(arguments == null ? "" : arguments);
    settings.addProperties(properties);
    settings.addEnvironment(environment);
    settings.addConfigFile();
    return settings;
  }

  @Nullable Setting get(Option option) {
    return settings.get(option);
  }

  /**
   * True when the option was probably given all the same, misspelt or in a config file that cannot
   * be read, so that it is not reported missing, too.
   */
  boolean isMeant(Option option) {
    return meantOptions.contains(option);
  }

  /** One line each, in the order of the sources. */
  List<String> problems() {
    return problems;
  }

  private void addArguments(String arguments) {
    int from = 0;
    while (from <= arguments.length()) {
      int comma = arguments.indexOf(',', from);
      int to = comma < 0 ? arguments.length() : comma;
      String part = arguments.substring(from, to).strip();
      from = to + 1;
      if (part.isEmpty()) {
        continue;
      }
      int equals = part.indexOf('=');
      if (equals < 1) {
        Option meant = Option.nearest(part);
        problems.add(
            "'"
                + part
                + "' in the agent arguments is not option=value"
                + (meant == null
                    ? "; a value with a comma in it goes into a system property, an environment"
                        + " variable or a config file"
                    : " (did you mean '" + meant.key() + "=...'?)"));
        continue;
      }
      addNamed(part.substring(0, equals).strip(), part.substring(equals + 1).strip(), ARGUMENTS);
    }
  }

  private void addProperties(Properties properties) {
    for (String name : new TreeSet<>(properties.stringPropertyNames())) {
      if (name.startsWith(PROPERTY_PREFIX)) {
        Option option = Option.of(name.substring(PROPERTY_PREFIX.length()));
        String source = "the system property " + name;
        if (option == null) {
          unknown(name, Option.nearest(name.substring(PROPERTY_PREFIX.length())), source, true);
        } else {
          add(option, properties.getProperty(name, ""), source);
        }
      }
    }
  }

  /**
   * Unknown CORDON_ variables are left alone: an orchestrator sets CORDON_PORT and the like for
   * every service named cordon. Empty ones count as not set, because a template cannot unset one.
   */
  private void addEnvironment(Map<String, String> environment) {
    for (Option option : Option.values()) {
      String value = environment.get(option.environmentVariable());
      if (value != null && !value.isBlank()) {
        add(option, value, "the environment variable " + option.environmentVariable());
      }
    }
  }

  private void addConfigFile() {
    Setting config = settings.get(Option.CONFIG);
    if (config == null) {
      return;
    }
    Properties properties = new Properties();
    File file = new File(config.value());
    String problem = load(properties, file);
    if (problem != null) {
      problems.add("config file " + file + " (from " + config.source() + ") " + problem);
      meantOptions.addAll(EnumSet.allOf(Option.class));
      return;
    }
    String source = "the config file " + file;
    for (String name : new TreeSet<>(properties.stringPropertyNames())) {
      if (name.equals(Option.CONFIG.key())) {
        problems.add("a config file cannot name another; take 'config' out of " + file);
      } else {
        addNamed(name, properties.getProperty(name, "").strip(), source);
      }
    }
  }

  /** What is wrong with the file, or null. Devices and pipes are not opened: they may not end. */
  private static @Nullable String load(Properties properties, File file) {
    String path = pathProblem(file.getPath());
    if (path != null) {
      return "is " + path;
    }
    if (!file.exists()) {
      return "does not exist";
    }
    if (file.isDirectory()) {
      return "is a directory";
    }
    if (!file.isFile()) {
      return "is not a regular file";
    }
    try (InputStream in = new FileInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_CONFIG_BYTES + 1);
      if (bytes.length > MAX_CONFIG_BYTES) {
        return "is larger than 64 KiB";
      }
      properties.load(new StringReader(new String(bytes, StandardCharsets.UTF_8)));
      return null;
    } catch (IOException unreadable) {
      return "cannot be read";
    } catch (IllegalArgumentException malformed) {
      return "is not a properties file";
    }
  }

  /** Why no file can have this path, or null; for messages that end with {@code 'path', ...}. */
  static @Nullable String pathProblem(String path) {
    if (path.indexOf('\0') >= 0) {
      return "a path with a NUL character in it; take it out";
    }
    try {
      Path unused = Path.of(path);
      return null;
    } catch (InvalidPathException unmappable) {
      return "a path that cannot be written in this locale's encoding; set LC_ALL=C.UTF-8";
    }
  }

  private void addNamed(String name, String value, String source) {
    Option option = Option.of(name);
    if (option == null) {
      unknown(name, Option.nearest(name), source, false);
    } else {
      add(option, value, source);
    }
  }

  private void unknown(String name, @Nullable Option meant, String source, boolean property) {
    StringBuilder line = new StringBuilder("unknown option '").append(name).append('\'');
    if (!property) {
      line.append(" in ").append(source);
    }
    if (meant != null) {
      meantOptions.add(meant);
      line.append(" (did you mean '")
          .append(property ? meant.systemProperty() : meant.key())
          .append("'?)");
    } else {
      line.append("; the options are");
      String comma = " ";
      for (Option option : Option.values()) {
        line.append(comma).append(option.key());
        comma = ", ";
      }
    }
    problems.add(line.toString());
  }

  private void add(Option option, String value, String source) {
    if (value.isEmpty()) {
      problems.add("option '" + option.key() + "' in " + source + " has no value");
      return;
    }
    Setting before = settings.get(option);
    if (before == null) {
      settings.put(option, new Setting(value, source));
    } else if (before.source().equals(source)) {
      problems.add("option '" + option.key() + "' is given twice in " + source);
    }
  }
}
