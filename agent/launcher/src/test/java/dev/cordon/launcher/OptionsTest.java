package dev.cordon.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.journal.Durability;
import dev.cordon.redaction.RedactionKey;
import dev.cordon.rules.note.SignerKey;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class OptionsTest {

  @TempDir private Path directory;
  private Path rules;
  private final Properties properties = new Properties();
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void writeRules() throws IOException {
    rules = Files.writeString(directory.resolve("bot.yaml"), "version: 1\n");
  }

  @Test
  void argumentsAreEnough() throws StartFailure {
    Options options = options("rules=" + rules + ",journal=/var/journal");
    assertEquals(rules.toFile(), options.rules());
    assertEquals("/var/journal", options.journal().getPath());
    assertEquals("", options.environment());
    assertEquals("bot", options.service());
    assertNull(options.mode());
    assertTrue(options.selfTest());
  }

  @Test
  void aValueMayHoldAnEqualsSign() throws StartFailure {
    assertEquals("/a=b", options("rules=" + rules + ",journal=/a=b").journal().getPath());
  }

  @Test
  void argumentsWinOverSystemPropertiesOverEnvironmentOverConfigFile()
      throws IOException, StartFailure {
    Path config =
        Files.writeString(
            directory.resolve("cordon.properties"),
            "journal=/from-file\nservice=from-file\nenvironment=from-file\nrules=" + rules + "\n");
    environment.put("CORDON_CONFIG", config.toString());
    environment.put("CORDON_JOURNAL", "/from-variable");
    environment.put("CORDON_SERVICE", "from-variable");
    properties.setProperty("cordon.journal", "/from-property");
    assertEquals("/from-property", options(null).journal().getPath());
    assertEquals("/from-argument", options("journal=/from-argument").journal().getPath());
    assertEquals("from-variable", options(null).service());
    assertEquals("from-file", options(null).environment());
  }

  @Test
  void everySourceKnowsEveryOption() throws IOException, StartFailure {
    StringBuilder file = new StringBuilder();
    Map<Option, String> values =
        Map.ofEntries(
            Map.entry(Option.RULES, rules.toString()),
            Map.entry(Option.RULES_KEY, SignerKey.generate("a@example.com").verifier().toString()),
            Map.entry(Option.ENVIRONMENT, "production"),
            Map.entry(Option.OVERLAY, "/emergency.yaml"),
            Map.entry(Option.JOURNAL, "/j"),
            Map.entry(Option.MODE, "enforce"),
            Map.entry(Option.SERVICE, "crm"),
            Map.entry(Option.ON_START_FAILURE, "observe"),
            Map.entry(Option.SELF_TEST, "off"),
            Map.entry(Option.SEAL_KEY, "/seal.key"),
            Map.entry(Option.SEAL_COPY, "/copy.notes"),
            Map.entry(Option.REDACTION_KEY, redactionKey().toString()),
            Map.entry(Option.EVIDENCE_KEY, "/evidence.key"),
            Map.entry(Option.DURABILITY, "each-write"),
            Map.entry(Option.SECOND, "/mnt/second"));
    StringBuilder arguments = new StringBuilder();
    for (Option option : Option.values()) {
      if (option != Option.CONFIG) {
        file.append(option.key()).append('=').append(values.get(option)).append('\n');
        arguments.append(option.key()).append('=').append(values.get(option)).append(',');
        properties.setProperty(option.systemProperty(), values.get(option));
        environment.put(option.environmentVariable(), values.get(option));
      }
    }
    Path config = Files.writeString(directory.resolve("all.properties"), file);
    Options fromArguments =
        Options.of(Settings.read(arguments.toString(), new Properties(), Map.of()), null);
    assertEquals(new File("/emergency.yaml"), fromArguments.overlay());
    assertEquals(fromArguments, Options.of(Settings.read(null, properties, Map.of()), null));
    assertEquals(
        fromArguments, Options.of(Settings.read(null, new Properties(), environment), null));
    assertEquals(
        fromArguments,
        Options.of(Settings.read("config=" + config, new Properties(), Map.of()), null));
    assertFalse(fromArguments.selfTest());
    assertEquals(new File("/seal.key"), fromArguments.sealKey());
    assertEquals(new File("/copy.notes"), fromArguments.sealCopy());
    assertEquals(new File("/evidence.key"), fromArguments.evidenceKey());
    assertEquals(Options.RequiredMode.ENFORCE, fromArguments.mode());
    assertEquals("crm", fromArguments.service());
    assertEquals("RedactionKey[acme]", String.valueOf(fromArguments.redactionKey()));
  }

  private Path redactionKey() throws IOException {
    Path key = Files.createFile(directory.resolve("redaction.key"));
    if (key.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    }
    return Files.writeString(key, RedactionKey.generate("acme").secret() + "\n");
  }

  @Test
  void aKeyMayStandInAFileAndWhatIsNoneIsNotQuoted() throws Exception {
    String key = SignerKey.generate("a@example.com").verifier().toString();
    Path file = Files.writeString(directory.resolve("a.pub"), key + "\n");
    assertEquals(
        key,
        String.valueOf(options("rules=" + rules + ",journal=/j,rules-key=" + file).rulesKey()));
    SignerKey secret = SignerKey.generate("b@example.com");
    String line =
        failure("rules=" + rules + ",journal=/j,rules-key=" + secret.secret().replace(',', '.'))
            .line();
    assertTrue(line.startsWith("option 'rules-key' is no public key ("), line);
    assertFalse(line.contains(secret.secret().substring(40)), line);
  }

  @Test
  void aMisspeltArgumentIsNamedWithTheOneMeant() {
    StartFailure failure = failure("rulse=" + rules + ",journal=/j");
    assertEquals(
        "unknown option 'rulse' in the agent arguments (did you mean 'rules'?)", failure.line());
    assertTrue(failure.details().isEmpty(), "one mistake, one line");
  }

  @Test
  void aMisspeltSystemPropertyIsNamedWithTheOneMeant() {
    properties.setProperty("cordon.enviroment", "production");
    assertEquals(
        "unknown option 'cordon.enviroment' (did you mean 'cordon.environment'?)",
        failure("rules=" + rules + ",journal=/j").line());
  }

  @Test
  void anOptionLikeNoneIsAnsweredWithTheWholeList() {
    String line = failure("rules=" + rules + ",journal=/j,colour=red").line();
    for (Option option : Option.values()) {
      assertTrue(line.contains(option.key()), line);
    }
  }

  @Test
  void variablesOfAnOrchestratorAreLeftAlone() throws StartFailure {
    environment.put("CORDON_PORT", "tcp://10.0.0.1:80");
    environment.put("CORDON_SERVICE_HOST", "10.0.0.1");
    environment.put("CORDON_JOURNAL", " ");
    assertEquals("/j", options("rules=" + rules + ",journal=/j").journal().getPath());
  }

  @Test
  void aCommaInAValueIsExplained() {
    String line = failure("rules=" + rules + ",journal=/a,b/c").line();
    assertTrue(line.startsWith("'b/c' in the agent arguments is not option=value"), line);
    assertTrue(line.contains("environment variable"), line);
  }

  @Test
  void aMissingOptionIsNamedWithTheWaysToGiveIt() {
    String line = failure("rules=" + rules).line();
    assertTrue(line.startsWith("option 'journal' is missing"), line);
    assertTrue(line.contains("-Dcordon.journal="), line);
    assertTrue(line.contains("CORDON_JOURNAL"), line);
  }

  @Test
  void anOptionWithoutAValueOrGivenTwiceIsAMistake() {
    assertEquals(
        "option 'journal' in the agent arguments has no value",
        failure("rules=" + rules + ",journal=").line());
    assertEquals(
        "option 'journal' is given twice in the agent arguments",
        failure("rules=" + rules + ",journal=/a,journal=/b").line());
  }

  @Test
  void allMistakesAreTold() {
    StartFailure failure =
        failure("rules=" + rules + ",journal=/j,mode=strict,self-test=maybe,service=a/b");
    assertEquals("option 'mode' is 'strict'; use enforce or observe", failure.line());
    assertEquals(2, failure.details().size());
  }

  @Test
  void aDirectoryOfRulesNeedsAnEnvironmentAndSaysWhichItHas() throws IOException, StartFailure {
    Path sets = Files.createDirectory(directory.resolve("sets"));
    Files.writeString(sets.resolve("staging.yaml"), "version: 1\n");
    Files.writeString(sets.resolve("production.yaml"), "version: 1\n");
    Files.writeString(sets.resolve("notes.txt"), "");
    assertEquals(
        sets.resolve("production.yaml").toFile(),
        options("rules=" + sets + ",environment=production,journal=/j").rules());
    assertEquals(
        "rules "
            + sets
            + " is a directory; choose with environment=NAME; it has production, staging",
        failure("rules=" + sets + ",journal=/j").line());
    assertEquals(
        "rules " + sets + " has no environment 'prod' (prod.yaml); it has production, staging",
        failure("rules=" + sets + ",environment=prod,journal=/j").line());
    assertTrue(
        failure("rules=" + sets + ",environment=../sets/staging,journal=/j")
            .line()
            .startsWith("option 'environment' is '../sets/staging'"));
  }

  @Test
  void aMissingRuleFileIsNamed() {
    Path missing = directory.resolve("none.yaml");
    assertEquals(
        "rule file " + missing + " does not exist",
        failure("rules=" + missing + ",journal=/j").line());
  }

  @Test
  void aPathThatNoFileCanHaveIsOneLine() throws IOException {
    assertEquals(
        "option 'journal' is '/j\ud800', a path that cannot be written in this locale's encoding;"
            + " set LC_ALL=C.UTF-8",
        failure("rules=" + rules + ",journal=/j\ud800").line());
    StartFailure rulesFailure = failure("rules=/r\ud800,journal=/j");
    assertTrue(rulesFailure.line().startsWith("option 'rules' is "), rulesFailure.line());
    assertTrue(rulesFailure.details().isEmpty(), "one mistake, one line");
    assertEquals(
        "config file /c\ud800 (from the agent arguments) is a path that cannot be written in this"
            + " locale's encoding; set LC_ALL=C.UTF-8",
        failure("config=/c\ud800,rules=" + rules + ",journal=/j").line());
    Path config = Files.writeString(directory.resolve("nul.properties"), "journal=a\\u0000b\n");
    assertEquals(
        "option 'journal' is 'a\0b', a path with a NUL character in it; take it out",
        failure("config=" + config + ",rules=" + rules).line());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void devicesAndPipesAreNotRead() {
    assertEquals(
        "config file /dev/zero (from the agent arguments) is not a regular file",
        failure("config=/dev/zero,rules=" + rules + ",journal=/j").line());
    assertEquals(
        "rule file /dev/zero is not a regular file; give a file",
        failure("rules=/dev/zero,journal=/j").line());
  }

  @Test
  void aConfigFileHasALimit() throws IOException, StartFailure {
    String settings = "rules=" + rules + "\njournal=/j\n#";
    Path config = directory.resolve("large.properties");
    Files.writeString(config, settings + "x".repeat((64 << 10) - settings.length()));
    assertEquals("/j", options("config=" + config).journal().getPath());
    Files.writeString(config, settings + "x".repeat((64 << 10) - settings.length() + 1));
    assertEquals(
        "config file " + config + " (from the agent arguments) is larger than 64 KiB",
        failure("config=" + config).line());
  }

  @Test
  void theSecondDeviceIsNotTheFirst() throws StartFailure {
    String rest = ",journal=/j,rules=" + rules;
    assertEquals(new File("/k"), options("second=/k" + rest).second());
    assertNull(options("journal=/j,rules=" + rules).second());
    assertEquals(
        "option 'second' is the journal's directory; name one on another device",
        failure("second=/j" + rest).line());
  }

  @Test
  void durabilityIsOneOfFourWords() throws StartFailure {
    String rest = ",journal=/j,rules=" + rules;
    assertEquals(Durability.INTERVAL, options("journal=/j,rules=" + rules).durability());
    assertEquals(Durability.EACH_WRITE, options("durability=each-write" + rest).durability());
    assertEquals(Durability.NONE, options("durability=none" + rest).durability());
    assertEquals(
        "option 'durability' is 'always'; use none or interval or each-write or each",
        failure("durability=always" + rest).line());
  }

  @Test
  void aConfigFileThatIsMissingOrADirectoryIsNamed() {
    assertEquals(
        "config file /none (from the agent arguments) does not exist",
        failure("config=/none,rules=" + rules + ",journal=/j").line());
    assertEquals( // what it holds may be all that is asked for
        List.of(), failure("config=/none").details());
    assertEquals(
        "config file " + directory + " (from the agent arguments) is a directory",
        failure("config=" + directory + ",rules=" + rules + ",journal=/j").line());
  }

  @Test
  void onStartFailureIsKnownWhateverElseIsWrong() {
    assertEquals(
        OnStartFailure.OBSERVE,
        Options.onStartFailure(
            Settings.read("what=ever,on-start-failure=observe", properties, environment)));
    assertEquals(
        OnStartFailure.EXIT,
        Options.onStartFailure(Settings.read("on-start-failure=ignore", properties, environment)));
  }

  @Test
  void theServiceIsNamedAfterTheJarOrTheMainClass() {
    assertEquals("crm-1.2", Options.serviceOf("/opt/my apps/crm-1.2.jar --port 80"));
    assertEquals("crm", Options.serviceOf("crm.jar"));
    assertEquals("com.example.Main", Options.serviceOf("com.example.Main a b"));
    assertEquals("com.example.Main", Options.serviceOf("crm/com.example.Main"));
    assertEquals("Main-Inner", Options.serviceOf("Main$Inner"));
    assertEquals("java", Options.serviceOf(null));
    assertEquals("java", Options.serviceOf("--- "));
    assertEquals(64, Options.serviceOf("a".repeat(300)).length());
  }

  private Options options(@Nullable String arguments) throws StartFailure {
    return Options.of(Settings.read(arguments, properties, environment), "bot.jar");
  }

  private StartFailure failure(String arguments) {
    return assertThrows(StartFailure.class, () -> options(arguments));
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void aRedactionKeyIsReadFromAFileThatOnlyItsOwnerReads() throws Exception {
    Path key = redactionKey();
    String secret = Files.readString(key).strip();
    String arguments = "rules=" + rules + ",journal=/var/journal,redaction-key=";
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
    StartFailure open = assertThrows(StartFailure.class, () -> options(arguments + key));
    assertTrue(open.line().contains("chmod 600"), open.line());
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    assertEquals("RedactionKey[acme]", String.valueOf(options(arguments + key).redactionKey()));
    for (String wrong :
        new String[] {
          directory.toString(), directory + "/none", "env:CORDON_TEST_NO_SUCH_KEY", secret
        }) {
      StartFailure refused = assertThrows(StartFailure.class, () -> options(arguments + wrong));
      assertTrue(refused.line().contains("redaction"), refused.line());
      assertFalse(refused.line().contains(secret), "a key is not shown");
    }
    Files.writeString(key, secret.substring(0, secret.length() - 5));
    StartFailure damaged = assertThrows(StartFailure.class, () -> options(arguments + key));
    assertFalse(damaged.line().contains(secret.substring(25, 40)), "a key is not shown");
  }
}
