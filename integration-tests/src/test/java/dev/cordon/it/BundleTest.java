package dev.cordon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.it.services.Hello;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules that were built and signed with the real command line, in the real agent. */
final class BundleTest {
  @TempDir private Path directory;
  private Path bundle;
  private Path key;

  @BeforeEach
  void build() throws Exception {
    Path rules = RuleFiles.enforcing(directory);
    bundle = directory.resolve("prod.cbundle");
    key = directory.resolve("release.key");
    cordon(0, "rules", "build", rules.toString(), "-o", bundle.toString());
    cordon(0, "rules", "keygen", "release@example.com", "-o", key.toString());
  }

  private static void cordon(int exit, String... arguments) throws Exception {
    Cli.Ended ended = Cli.run(Jdk.current(), arguments);
    assertEquals(exit, ended.exitCode(), ended::toString);
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void aServiceStartsFromASignedBundleWithoutReadingYaml(Jdk jdk) throws Exception {
    cordon(0, "rules", "sign", bundle.toString(), "--key", key.toString());
    Path classes = directory.resolve("classes.txt");
    ForkedJvm.Ended ended =
        ForkedJvm.of(jdk)
            .option("-Xlog:class+load:file=" + classes)
            .agent(arguments())
            .main(Hello.class)
            .run();
    assertEquals(0, ended.exitCode(), ended::toString);
    assertEquals("hello\n", ended.out());
    assertEquals(List.of(), ended.errBeyondBanner(), ended::toString);
    String loaded = Files.readString(classes);
    assertTrue(loaded.contains("dev.cordon.rules.BundleReader"), "the bundle was read");
    assertFalse(loaded.contains("org.snakeyaml"), "no YAML class is needed");
    List<String> journal = Cli.tailJson(directory.resolve("journal"));
    assertTrue(
        journal.stream()
            .anyMatch(line -> line.contains("policy.activate") && line.contains("\"signer\":\"")),
        journal::toString);
  }

  @ParameterizedTest
  @EnumSource(Jdk.class)
  void anUnsignedOneIsAStartFailure(Jdk jdk) throws Exception {
    ForkedJvm.Ended ended = ForkedJvm.of(jdk).agent(arguments()).main(Hello.class).run();
    assertEquals(1, ended.exitCode(), ended::toString);
    assertEquals("", ended.out());
    assertTrue(ended.err().contains("error[CRD161] not signed"), ended::toString);
  }

  /** What a restart knows is the file of serials beside the journal. */
  @ParameterizedTest
  @EnumSource(Jdk.class)
  void anOlderBundleIsAStartFailureThoughItIsSigned(Jdk jdk) throws Exception {
    cordon(0, "rules", "sign", bundle.toString(), "--key", key.toString());
    byte[] current = Files.readAllBytes(bundle);
    assertEquals(0, ForkedJvm.of(jdk).agent(arguments()).main(Hello.class).run().exitCode());
    Path rules = directory.resolve("older.yaml");
    String text = Files.readString(RuleFiles.enforcing(directory));
    Files.writeString(rules, text.replace("serial: 7", "serial: 6"));
    cordon(0, "rules", "build", rules.toString(), "-o", bundle.toString());
    cordon(0, "rules", "sign", bundle.toString(), "--key", key.toString());
    ForkedJvm.Ended older = ForkedJvm.of(jdk).agent(arguments()).main(Hello.class).run();
    assertEquals(1, older.exitCode(), older::toString);
    assertEquals("", older.out());
    assertTrue(
        older.err().contains("has serial 6, but it/enforce had serial 7 here before"),
        older::toString);
    Files.writeString(rules, text.replace("POST /allowed", "POST /more"));
    cordon(0, "rules", "build", rules.toString(), "-o", bundle.toString());
    cordon(0, "rules", "sign", bundle.toString(), "--key", key.toString());
    ForkedJvm.Ended reused = ForkedJvm.of(jdk).agent(arguments()).main(Hello.class).run();
    assertEquals(1, reused.exitCode(), reused::toString);
    assertTrue(
        reused.err().contains("has serial 7, under which it/enforce had other rules"),
        reused::toString);
    Files.write(bundle, current);
    assertEquals(0, ForkedJvm.of(jdk).agent(arguments()).main(Hello.class).run().exitCode());
  }

  private String arguments() {
    return "rules="
        + bundle
        + ",rules-key="
        + key
        + ".pub,journal="
        + directory.resolve("journal")
        + ",service=bot";
  }
}
