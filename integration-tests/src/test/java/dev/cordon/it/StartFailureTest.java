package dev.cordon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.it.services.Hello;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every mistake of an operator: one clear line, no stack trace, and no service. */
final class StartFailureTest {

  private static final String ENDING = "; the JVM does not start (on-start-failure=exit)";

  @TempDir private Path directory;
  private Path rules;
  private Path journal;

  @BeforeEach
  void prepare() throws IOException {
    rules = RuleFiles.enforcing(directory);
    journal = directory.resolve("journal");
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void noOptionsAtAll(Jdk jdk) throws Exception {
    ForkedJvm.Ended ended = ForkedJvm.of(jdk).agent("").main(Hello.class).run();
    assertEquals(1, ended.exitCode(), ended::toString);
    assertEquals("", ended.out());
    assertEquals(2, ended.err().lines().count(), ended::toString);
    assertTrue(ended.err().contains("option 'rules' is missing"), ended::toString);
    assertTrue(ended.err().contains("option 'journal' is missing"), ended::toString);
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void anUnknownOption(Jdk jdk) throws Exception {
    assertEquals(
        "cordon: unknown option 'jurnal' in the agent arguments (did you mean 'journal'?)" + ENDING,
        onlyLine(jdk, "rules=" + rules + ",jurnal=" + journal));
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void aMissingRuleFile(Jdk jdk) throws Exception {
    Path missing = directory.resolve("none.yaml");
    assertEquals(
        "cordon: rule file " + missing + " does not exist" + ENDING,
        onlyLine(jdk, "rules=" + missing + ",journal=" + journal));
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void aRuleFileThatIsADirectory(Jdk jdk) throws Exception {
    assertEquals(
        "cordon: rules "
            + directory
            + " is a directory; choose with environment=NAME; it has rules"
            + ENDING,
        onlyLine(jdk, "rules=" + directory + ",journal=" + journal));
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void aRuleFileWithErrorsShowsThemAll(Jdk jdk) throws Exception {
    Path wrong =
        Files.write(
            directory.resolve("wrong.yaml"),
            List.of(
                "version: 1", "name: x", "serial: 1", "ruels: []", "defaults: { read: maybe }"));
    ForkedJvm.Ended ended = fail(jdk, "rules=" + wrong + ",journal=" + journal);
    List<String> lines = ended.err().lines().toList();
    assertTrue(lines.get(0).startsWith(wrong + ":"), ended::toString);
    assertTrue(
        lines.stream().filter(line -> line.contains(": error[CRD")).count() >= 2, ended::toString);
    assertEquals(
        "cordon: rule file " + wrong + " has errors" + ENDING,
        lines.get(lines.size() - 1),
        ended::toString);
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void anEmptyRuleFile(Jdk jdk) throws Exception {
    Path empty = Files.createFile(directory.resolve("empty.yaml"));
    assertTrue(fail(jdk, "rules=" + empty + ",journal=" + journal).err().contains("error[CRD"));
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void aBinaryRuleFile(Jdk jdk) throws Exception {
    byte[] bytes = new byte[4096];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31);
    }
    Path binary = Files.write(directory.resolve("binary.yaml"), bytes);
    ForkedJvm.Ended ended = fail(jdk, "rules=" + binary + ",journal=" + journal);
    assertTrue(ended.err().contains("error[CRD"), ended::toString);
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void aJournalDirectoryThatIsAFile(Jdk jdk) throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    String line = onlyLine(jdk, "rules=" + rules + ",journal=" + file);
    assertTrue(line.contains(file.toString()), line);
    assertTrue(line.endsWith(ENDING), line);
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void aRuleFileOfTheOtherMode(Jdk jdk) throws Exception {
    assertEquals(
        "cordon: rule file "
            + rules
            + " has mode enforce, but this JVM must run with mode observe; give another rule file"
            + " or change the option 'mode'"
            + ENDING,
        onlyLine(jdk, "rules=" + rules + ",mode=observe,journal=" + journal));
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void twoAgentsOfOurs(Jdk jdk) throws Exception {
    String arguments = "rules=" + rules + ",journal=" + journal;
    ForkedJvm.Ended ended =
        ForkedJvm.of(jdk).agent(arguments).agent(arguments).main(Hello.class).run();
    assertEquals(1, ended.exitCode(), ended::toString);
    assertEquals(1, ended.errBeyondBanner().size(), ended::toString);
    assertTrue(
        ended.errBeyondBanner().get(0).contains("attach one Cordon agent only"), ended::toString);
  }

  /** Copied while it was half there, or without the entry that holds the classes. */
  @ParameterizedTest
  @EnumSource(Jdk.class)
  void anAgentJarThatIsNotWhole(Jdk jdk) throws Exception {
    for (String damage : List.of("none", "empty", "huge", "cut")) {
      Path jar = directory.resolve(damage + ".jar");
      damage(jar, damage);
      ForkedJvm.Ended ended =
          ForkedJvm.of(jdk)
              .agent(jar, "rules=" + rules + ",journal=" + journal)
              .main(Hello.class)
              .run();
      assertEquals(1, ended.exitCode(), ended::toString);
      assertEquals("", ended.out(), damage);
      assertTrue(ended.err().startsWith("cordon: the agent jar cannot be read ("), ended::toString);
      assertEquals(1, ended.err().lines().count(), ended::toString);
    }
  }

  private static void damage(Path target, String how) throws IOException {
    try (JarFile whole = new JarFile(ForkedJvm.agentJar().toFile());
        JarOutputStream out =
            new JarOutputStream(Files.newOutputStream(target), whole.getManifest())) {
      for (JarEntry entry : (Iterable<JarEntry>) whole.stream()::iterator) {
        boolean classes = entry.getName().equals("cordon/classes");
        if (entry.getName().equals(JarFile.MANIFEST_NAME) || classes && how.equals("none")) {
          continue;
        }
        byte[] content = whole.getInputStream(entry).readAllBytes();
        out.putNextEntry(new JarEntry(entry.getName()));
        if (classes) {
          out.write(
              switch (how) {
                case "empty" -> new byte[0];
                case "huge" -> new byte[] {127, -1, -1, -1, 0};
                default -> Arrays.copyOf(content, content.length / 4); // its index is whole
              });
        } else {
          out.write(content);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void withObserveTheServiceRunsUnguardedAndALoudLineSaysSo(Jdk jdk) throws Exception {
    ForkedJvm.Ended ended =
        ForkedJvm.of(jdk)
            .agent("on-start-failure=observe,journal=" + journal + ",rules=/none.yaml")
            .main(Hello.class)
            .run();
    assertEquals(0, ended.exitCode(), ended::toString);
    assertEquals("hello\n", ended.out());
    assertEquals(
        "cordon: WARNING: rule file /none.yaml does not exist; this JVM RUNS UNGUARDED"
            + " (on-start-failure=observe)\n",
        ended.err());
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void aJournalDirectoryThatCannotBeWritten(Jdk jdk) throws Exception {
    // the one place where not even root makes a directory
    Assumptions.assumeTrue(Files.isDirectory(Path.of("/proc/self")));
    String line = onlyLine(jdk, "rules=" + rules + ",journal=/proc/cordon");
    assertTrue(line.contains("/proc/cordon"), line);
    assertTrue(line.endsWith(ENDING), line);
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void aRuleFileOfTenMegabytesIsNotRead(Jdk jdk) throws Exception {
    Path large = Files.write(directory.resolve("large.yaml"), new byte[10 << 20]);
    ForkedJvm.Ended ended = fail(jdk, "rules=" + large + ",journal=" + journal);
    assertTrue(ended.err().contains("error[CRD102]"), ended::toString);
  }

  /** Every mistake of this class, where the operator prefers a service without a guard to none. */
  @ParameterizedTest
  @EnumSource(Jdk.class)
  void withObserveNoMistakeKeepsTheServiceFromRunning(Jdk jdk) throws Exception {
    String journalOption = ",journal=" + journal;
    String rulesOption = "rules=" + rules;
    Path file = Files.createFile(directory.resolve("file"));
    Path wrong = Files.writeString(directory.resolve("wrong.yaml"), "version: 1\nruels: []\n");
    Path binary = Files.write(directory.resolve("binary.yaml"), new byte[] {0, 1, 2, (byte) 0xff});
    for (String arguments :
        List.of(
            "service=crm",
            rulesOption,
            rulesOption + ",jurnal=" + journal,
            "rules=" + directory.resolve("none.yaml") + journalOption,
            "rules=" + directory + journalOption,
            "rules=" + wrong + journalOption,
            "rules=" + file + journalOption,
            "rules=" + binary + journalOption,
            rulesOption + ",mode=observe" + journalOption,
            rulesOption + ",journal=" + file,
            rulesOption + ",config=" + directory.resolve("none.properties") + journalOption)) {
      ForkedJvm.Ended ended =
          ForkedJvm.of(jdk).agent("on-start-failure=observe," + arguments).main(Hello.class).run();
      assertEquals(0, ended.exitCode(), () -> arguments + ": " + ended);
      assertEquals("hello\n", ended.out(), () -> arguments + ": " + ended);
      assertEquals(
          1,
          ended.err().lines().filter(line -> line.contains("this JVM RUNS UNGUARDED")).count(),
          () -> arguments + ": " + ended);
      assertFalse(ended.err().contains("at dev.cordon"), () -> arguments + ": " + ended);
      assertEquals("", ended.banner(), "it does not look guarded");
    }
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void theConfigurationMayComeFromEverywhere(Jdk jdk) throws Exception {
    Path config =
        Files.writeString(
            directory.resolve("cordon.properties"),
            "journal=" + journal + "\n",
            StandardCharsets.UTF_8);
    ForkedJvm.Ended ended =
        ForkedJvm.of(jdk)
            .option("-Dcordon.config=" + config)
            .environment("CORDON_RULES", rules.toString())
            .agent("service=crm")
            .main(Hello.class)
            .run();
    assertEquals(0, ended.exitCode(), ended::toString);
    assertEquals("hello\n", ended.out());
    assertFalse(ended.banner().isEmpty(), ended::toString);
    assertEquals(List.of(), ended.errBeyondBanner(), ended::toString);
    assertTrue(Files.isDirectory(journal.resolve("crm")), "journal of the service");
  }

  private String onlyLine(Jdk jdk, String arguments) throws Exception {
    ForkedJvm.Ended ended = fail(jdk, arguments);
    assertEquals(1, ended.err().lines().count(), ended::toString);
    return ended.err().strip();
  }

  private ForkedJvm.Ended fail(Jdk jdk, String arguments) throws Exception {
    ForkedJvm.Ended ended = ForkedJvm.of(jdk).agent(arguments).main(Hello.class).run();
    assertEquals(1, ended.exitCode(), ended::toString);
    assertEquals("", ended.out(), "the service must not have run");
    assertFalse(ended.err().contains("\tat "), ended::toString);
    assertFalse(ended.err().contains("    at "), ended::toString);
    return ended;
  }
}
