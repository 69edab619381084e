package dev.cordon.rules;

import dev.cordon.rules.note.VerifierKey;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The place where one service's rules come from, read again for every version. All versions count
 * under the same limits. For one thread.
 */
public final class RuleSource {
  private final Path path;
  private final @Nullable Path overlay;
  private final Surroundings surroundings;
  private final @Nullable VerifierKey signer;
  private Map<Path, String> read = Map.of();
  private Layer.Loader loader = new Layer.Loader();
  private List<PackReader.Used> packs = List.of();
  private String name = "";
  private long serial = -1;

  public RuleSource(Path path, Surroundings surroundings) {
    this(path, null, surroundings, null);
  }

  /** Like the last one, of rules that nobody must have signed. */
  public RuleSource(Path path, @Nullable Path overlay, Surroundings surroundings) {
    this(path, overlay, surroundings, null);
  }

  /** Like the last one, without an overlay. */
  public RuleSource(Path path, Surroundings surroundings, @Nullable VerifierKey signer) {
    this(path, null, surroundings, signer);
  }

  /**
   * @param overlay an emergency overlay lies on top of the rules while it is there and has not
   *     expired
   * @param signer when there is one, only a bundle that it signed is loaded, and no overlay
   */
  public RuleSource(
      Path path, @Nullable Path overlay, Surroundings surroundings, @Nullable VerifierKey signer) {
    this.signer = signer;
    this.path = path;
    this.overlay = overlay;
    this.surroundings = surroundings;
  }

  public Path path() {
    return path;
  }

  /**
   * Reads all files, compiles them and runs the cases that stand in the file. Each file is read
   * once: what is tested is what is returned. With an overlay they are read again below it, and the
   * cases, which say what holds without an emergency, run without it.
   *
   * @throws RuleFileException with all problems; a case that fails is one
   * @throws IOException when the file is missing or cannot be read
   */
  public RuleSet load() throws RuleFileException, IOException {
    loader = new Layer.Loader(signer);
    name = "";
    serial = -1;
    refuseOddFile(path);
    try {
      loader.add(path, false);
    } finally {
      read = new LinkedHashMap<>(loader.read());
    }
    Bundle bundle = loader.bundle();
    RuleSet rules = bundle == null ? compiled() : unpacked(bundle);
    if (loader.hasErrors()) {
      throw new RuleFileException(loader.problems());
    }
    return overlay == null ? rules : overlaid(rules, overlay);
  }

  private RuleSet compiled() throws RuleFileException {
    Layer top = loader.top();
    if (top != null) {
      lookAtHead(top);
    }
    RuleFileReader reader = new RuleFileReader(surroundings, loader.packs());
    RuleSet rules = RuleSet.compile(loader, reader, surroundings);
    packs = reader.packs();
    List<YamlNode> cases = top == null ? List.of() : top.file().items("tests");
    if (top != null && !cases.isEmpty()) {
      RuleTests.embedded(rules, cases, top.problems(), surroundings.detector());
    }
    return rules;
  }

  private RuleSet unpacked(Bundle bundle) throws RuleFileException {
    name = bundle.name();
    serial = bundle.serial();
    packs = List.of();
    RuleSet rules = RuleSet.compile(loader, surroundings);
    Problems problems = new Problems(path.toString());
    try {
      List<YamlNode> cases = bundle.cases();
      if (!cases.isEmpty()) {
        problems = new Problems(bundle.topPath(path));
        RuleTests.embedded(rules, cases, problems, surroundings.detector());
      }
    } catch (Bundle.DamagedException damaged) {
      Bundle.tellDamaged(problems, damaged);
    }
    if (problems.hasErrors()) {
      throw new RuleFileException(problems.all());
    }
    return rules;
  }

  private RuleSet overlaid(RuleSet rules, Path over) throws RuleFileException, IOException {
    if (!Files.exists(over)) {
      read.put(over, ""); // an emergency may come
      return rules;
    }
    refuseOddFile(over);
    Layer.Loader both = new Layer.Loader(signer); // with a key: an overlay, unsigned, is refused
    try {
      both.add(path, false);
      if (!read.equals(both.read())) {
        throw new FileSystemException(path.toString(), null, "changed while it was read");
      }
      both.add(over, true);
    } finally {
      read = new LinkedHashMap<>(both.read());
    }
    return RuleSet.overlaid(rules.file(), both, surroundings);
  }

  private static void refuseOddFile(Path file) throws FileSystemException {
    if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
      throw new FileSystemException(file.toString(), null, "not a regular file");
    }
  }

  /** For what is told of a file that cannot be loaded; its own problems are told elsewhere. */
  private void lookAtHead(Layer top) {
    if (top.file().peek("name") instanceof YamlNode.Scalar text && text.text().length() <= 100) {
      name = text.text();
    }
    if (top.file().peek("serial") instanceof YamlNode.Scalar text
        && text.text().matches("[0-9]{1,18}")) {
      serial = Long.parseLong(text.text());
    }
  }

  /** The files that the last load looked at, the named one first, whether or not it could. */
  public Set<Path> files() {
    return read.isEmpty() ? Set.of(path) : read.keySet();
  }

  /** True when every file still holds what the last load read; false also when one is gone. */
  public boolean isAsLoaded() {
    for (Map.Entry<Path, String> file : read.entrySet()) {
      if (!file.getValue().equals(identity(file.getKey()))) {
        return false;
      }
    }
    return !read.isEmpty();
  }

  private static String identity(Path file) {
    if (!Files.isRegularFile(file)) { // a pipe would hold up whoever opens it
      return "";
    }
    try {
      byte[] bytes = RuleFileText.bytes(file, new Problems(file.toString()));
      return bytes == null ? "" : Layer.Loader.identity(bytes);
    } catch (IOException unreadable) {
      return "";
    }
  }

  /** SHA-256 of the named file as the last load read it, 64 hex digits; empty when it could not. */
  public String fileDigest() {
    return loader.namedDigest();
  }

  /** The key that must have signed what is loaded; null when none must. */
  public @Nullable VerifierKey signer() {
    return signer;
  }

  /** Of the last load. */
  Layer.Loader loader() {
    return loader;
  }

  /** Of the last load, as often as its files name them. */
  List<PackReader.Used> packs() {
    return packs;
  }

  /** What the last load found under {@code name}; empty when it got none. */
  public String name() {
    return name;
  }

  /** What the last load found under {@code serial}; -1 when it got none. */
  public long serial() {
    return serial;
  }
}
