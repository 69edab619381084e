package dev.cordon.launcher;

import dev.cordon.journal.Durability;
import dev.cordon.redaction.RedactionKey;
import dev.cordon.rules.note.VerifierKey;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the operator asked for, checked as far as it can be without opening anything for good.
 *
 * @param rules the rule file, after {@code environment} chose one of a directory
 * @param rulesKey who must have signed the rules, or null when nobody must
 * @param environment a label for the journal; empty when none was given
 * @param overlay an emergency overlay, which need not be there; null when none was named
 * @param journal the directory under which this JVM makes its own
 * @param mode the mode the rule file must have, or null for whichever it has
 * @param service the name of the service in the journal
 * @param selfTest whether each hook is tried
 * @param sealKey the private key that signs checkpoints, or null for none
 * @param sealCopy a file on another device for signed checkpoints, or null for none
 * @param redactionKey of pseudonyms and of tokens that can be opened, or null for none
 * @param evidenceKey under which the keys of persons lie, or null for no evidence
 * @param durability when records are forced to the device
 * @param second a directory on another device for what the first does not take, or null for none
 */
record Options(
    File rules,
    @Nullable VerifierKey rulesKey,
    String environment,
    @Nullable File overlay,
    File journal,
    @Nullable RequiredMode mode,
    String service,
    boolean selfTest,
    @Nullable File sealKey,
    @Nullable File sealCopy,
    @Nullable RedactionKey redactionKey,
    @Nullable File evidenceKey,
    Durability durability,
    @Nullable File second) {

  /** Guards against starting production with the rule file of a laptop, and the reverse. */
  enum RequiredMode {
    ENFORCE,
    OBSERVE
  }

  private static final int MAX_KEY_BYTES = 4096;
  private static final int MAX_NAME_CHARS = 64; // becomes a directory name
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  /**
   * @param command main class or jar with the arguments of the JVM, null when it is unknown
   * @throws StartFailure with one line for the first mistake, and the others as details
   */
  static Options of(Settings settings, @Nullable String command) throws StartFailure {
    Reader reader = new Reader(settings);
    Options options =
        new Options(
            reader.rules(),
            reader.rulesKey(),
            reader.name(Option.ENVIRONMENT, ""),
            settings.get(Option.OVERLAY) == null
                ? null
                : reader.file(Option.OVERLAY, "an emergency overlay"),
            reader.file(Option.JOURNAL, "the directory for the journal"),
            reader.oneOf(Option.MODE, RequiredMode.values(), null),
            reader.name(Option.SERVICE, serviceOf(command)),
            reader.selfTest(),
            reader.optionalFile(Option.SEAL_KEY),
            reader.optionalFile(Option.SEAL_COPY),
            reader.redactionKey(),
            reader.optionalFile(Option.EVIDENCE_KEY),
            reader.durability(),
            reader.second());
    if (!reader.problems.isEmpty()) {
      List<String> others = new ArrayList<>();
      for (String problem : reader.problems.subList(1, reader.problems.size())) {
        others.add("cordon: " + problem);
      }
      throw new StartFailure(reader.problems.get(0), others);
    }
    return options;
  }

  /** Asked for on its own, because it says what to do about everything else that is wrong. */
  static OnStartFailure onStartFailure(Settings settings) {
    Settings.Setting setting = settings.get(Option.ON_START_FAILURE);
    return setting != null && setting.value().equals("observe")
        ? OnStartFailure.OBSERVE
        : OnStartFailure.EXIT;
  }

  /** The main class or the name of the jar, in characters that make a directory name anywhere. */
  static String serviceOf(@Nullable String command) {
    String main = command == null ? "" : command.strip();
    int jar = main.indexOf(".jar ");
    int space = main.indexOf(' ');
    if (jar > 0) {
      main = main.substring(0, jar); // a path with a space in it
    } else if (space > 0) {
      main = main.substring(0, space);
    }
    main = main.substring(Math.max(main.lastIndexOf('/'), main.lastIndexOf('\\')) + 1);
    if (main.endsWith(".jar")) {
      main = main.substring(0, main.length() - ".jar".length());
    }
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < main.length() && name.length() < MAX_NAME_CHARS; i++) {
      char character = main.charAt(i);
      boolean first = name.length() == 0;
      if (isLetterOrDigit(character) || (!first && "._-".indexOf(character) >= 0)) {
        name.append(character);
      } else if (!first) {
        name.append('-');
      }
    }
    return name.length() == 0 ? "java" : name.toString();
  }

  private static boolean isLetterOrDigit(char character) {
    return (character >= 'a' && character <= 'z')
        || (character >= 'A' && character <= 'Z')
        || (character >= '0' && character <= '9');
  }

  /** Reads what it can, so that one start shows every mistake. */
  private static final class Reader {
    private final Settings settings;
    private final List<String> problems;

    Reader(Settings settings) {
      this.settings = settings;
      this.problems = new ArrayList<>(settings.problems());
      oneOf(Option.ON_START_FAILURE, OnStartFailure.values(), null);
    }

    private static final File MISSING = new File("");

    File file(Option option, String what) {
      Settings.Setting setting = settings.get(option);
      if (setting == null && settings.isMeant(option)) {
        return MISSING;
      }
      if (setting == null) {
        problems.add(
            "option '"
                + option.key()
                + "' is missing ("
                + what
                + "); give "
                + option.key()
                + "=... in the agent arguments, -D"
                + option.systemProperty()
                + "=... or "
                + option.environmentVariable());
        return MISSING;
      }
      String problem = Settings.pathProblem(setting.value());
      if (problem != null) {
        problems.add("option '" + option.key() + "' is '" + setting.value() + "', " + problem);
        return MISSING;
      }
      return new File(setting.value());
    }

    @Nullable File optionalFile(Option option) {
      return settings.get(option) == null ? null : file(option, "a file");
    }

    File rules() {
      File rules = file(Option.RULES, "a rule file, or a directory of them with 'environment'");
      Settings.Setting environment = settings.get(Option.ENVIRONMENT);
      if (rules == MISSING) {
        return rules;
      }
      if (!rules.exists()) {
        problems.add("rule file " + rules + " does not exist");
        return rules;
      }
      if (!rules.isDirectory()) {
        if (!rules.isFile()) { // a pipe would hold up the start for ever
          problems.add("rule file " + rules + " is not a regular file; give a file");
        }
        return rules;
      }
      if (environment == null) {
        problems.add(
            "rules " + rules + " is a directory; choose with environment=NAME; " + choices(rules));
        return rules;
      }
      File bundle = new File(rules, environment.value() + ".cbundle");
      File chosen = bundle.isFile() ? bundle : new File(rules, environment.value() + ".yaml");
      if (NAME.matcher(environment.value()).matches() && !chosen.isFile()) {
        problems.add(
            "rules "
                + rules
                + " has no environment '"
                + environment.value()
                + "' ("
                + chosen.getName()
                + "); "
                + choices(rules));
      }
      return chosen;
    }

    /** The key itself, or a file that holds it. */
    @Nullable VerifierKey rulesKey() {
      Settings.Setting setting = settings.get(Option.RULES_KEY);
      if (setting == null) {
        return null;
      }
      String text = setting.value();
      try {
        File file = new File(text);
        if (file.isFile()) {
          try (InputStream in = new FileInputStream(file)) {
            text = new String(in.readNBytes(MAX_KEY_BYTES), StandardCharsets.UTF_8);
          }
        }
        return VerifierKey.parse(text);
      } catch (IllegalArgumentException wrong) {
        problems.add(
            "option 'rules-key' is no public key ("
                + wrong.getMessage()
                + "); give NAME+ID+KEY, or a file that holds it, as rules keygen makes it");
      } catch (IOException unreadable) {
        problems.add("option 'rules-key' names a file that cannot be read: " + setting.value());
      }
      return null;
    }

    /** From the file, or the environment variable, that the option names; never the key itself. */
    @Nullable RedactionKey redactionKey() {
      Settings.Setting setting = settings.get(Option.REDACTION_KEY);
      if (setting == null) {
        return null;
      }
      if (setting.value().startsWith(RedactionKey.PREFIX)) { // not to be shown in the message
        problems.add(
            "option 'redaction-key' is a key itself, which others can read there; give a file, or "
                + RedactionKey.ENVIRONMENT
                + "NAME");
        return null;
      }
      String problem = Settings.pathProblem(setting.value());
      if (problem != null) {
        problems.add("option 'redaction-key' is '" + setting.value() + "', " + problem);
        return null;
      }
      try {
        return RedactionKey.load(setting.value(), System.getenv());
      } catch (IOException refused) {
        problems.add("option 'redaction-key': " + refused.getMessage());
        return null;
      }
    }

    private static String choices(File directory) {
      String[] names = directory.list();
      if (names == null) {
        return "it cannot be read";
      }
      Arrays.sort(names);
      StringBuilder line = new StringBuilder();
      for (String name : names) {
        if (name.endsWith(".yaml")) {
          line.append(line.length() == 0 ? "it has " : ", ")
              .append(name, 0, name.length() - ".yaml".length());
        }
      }
      return line.length() == 0 ? "it has no file NAME.yaml" : line.toString();
    }

    String name(Option option, String fallback) {
      Settings.Setting setting = settings.get(option);
      if (setting == null) {
        return fallback;
      }
      if (!NAME.matcher(setting.value()).matches()) {
        problems.add(
            "option '"
                + option.key()
                + "' is '"
                + setting.value()
                + "'; use up to 64 letters, digits, '.', '_' and '-', beginning with a letter or"
                + " digit");
      }
      return setting.value();
    }

    <E extends Enum<E>> @Nullable E oneOf(Option option, E[] values, @Nullable E fallback) {
      Settings.Setting setting = settings.get(option);
      if (setting == null) {
        return fallback;
      }
      StringBuilder allowed = new StringBuilder();
      for (E value : values) {
        String text = value.name().toLowerCase(Locale.ROOT).replace('_', '-');
        if (text.equals(setting.value())) {
          return value;
        }
        allowed.append(allowed.length() == 0 ? "" : " or ").append(text);
      }
      problems.add("option '" + option.key() + "' is '" + setting.value() + "'; use " + allowed);
      return fallback;
    }

    private enum Switch {
      ON,
      OFF
    }

    @Nullable File second() {
      File second = optionalFile(Option.SECOND);
      Settings.Setting journal = settings.get(Option.JOURNAL);
      if (second != null
          && journal != null
          && second.getAbsoluteFile().equals(new File(journal.value()).getAbsoluteFile())) {
        problems.add("option 'second' is the journal's directory; name one on another device");
      }
      return second;
    }

    Durability durability() {
      Durability level = oneOf(Option.DURABILITY, Durability.values(), Durability.INTERVAL);
      return level == null ? Durability.INTERVAL : level;
    }

    boolean selfTest() {
      return oneOf(Option.SELF_TEST, Switch.values(), Switch.ON) != Switch.OFF;
    }
  }
}
