package dev.cordon.rules;

import dev.cordon.rules.note.VerifierKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One file of a rule set, with what is wrong with it.
 *
 * @param number from 0, the lowest layer
 * @param top the file that the rule set is named after
 * @param overlay an emergency overlay, above the top
 */
record Layer(
    String fileName,
    int number,
    boolean top,
    boolean overlay,
    byte[] bytes,
    Section file,
    Problems problems) {

  /** Reads a file and the layers below it; loads nothing that is not pinned by its digest. */
  static final class Loader {
    private static final int MAX_DEPTH = 5;
    private static final int MAX_LAYERS = 20;

    private final List<Layer> layers = new ArrayList<>();
    private final List<Problems> problems = new ArrayList<>();
    private final Set<Path> loaded = new HashSet<>();
    private final Set<Path> open = new HashSet<>();
    private final Map<Path, String> read = new LinkedHashMap<>();
    private final @Nullable VerifierKey signer;
    private boolean broken; // a file could be read in part only
    private @Nullable Bundle bundle;
    private byte @Nullable [] named;
    private @Nullable Path bundlePath;
    private Map<String, YamlNode> packs = Map.of();

    Loader() {
      this(null);
    }

    /**
     * @param signer when there is one, only a bundle that it signed is loaded
     */
    Loader(@Nullable VerifierKey signer) {
      this.signer = signer;
    }

    /** What the files came in; null when they are files. */
    @Nullable Bundle bundle() {
      return bundle;
    }

    /** The packs that came with the files; the others are Cordon's own. */
    Map<String, YamlNode> packs() {
      unpack();
      return packs;
    }

    /** Lowest first; what could not be read is missing, and problems say why. */
    List<Layer> layers() {
      unpack();
      return layers;
    }

    /** SHA-256 of the file that was named, 64 hex digits; empty when it could not be read. */
    String namedDigest() {
      return named == null ? "" : sha256(named);
    }

    /**
     * What tells a file from what may take its place. A bundle adds up by itself; SHA-256 would
     * take a tenth of the time in which a cold JVM reads it.
     */
    static String identity(byte[] bytes) {
      if (!Bundle.isOne(bytes)) {
        return sha256(bytes);
      }
      CRC32C sum = new CRC32C();
      sum.update(bytes, 0, bytes.length);
      return bytes.length + " " + sum.getValue();
    }

    /**
     * The {@link #identity} of every file that was looked at, the first one under the name it was
     * given by: a link may lead elsewhere the next time. Empty where a file could not be read.
     */
    Map<Path, String> read() {
      return read;
    }

    /** The file that the rule set is named after; null when it is no rule file at all. */
    @Nullable Layer top() {
      for (Layer layer : layers()) {
        if (layer.top()) {
          return layer;
        }
      }
      return null;
    }

    /** When the overlay, which was added last, stops; problems when that is not said. */
    long expiresMs(InstantSource clock) {
      Layer overlay = layers.isEmpty() ? null : layers.get(layers.size() - 1);
      if (overlay == null || !overlay.overlay()) {
        return 0; // it could not be read, and that was told
      }
      Section file = overlay.file();
      YamlNode.Scalar role = file.required("role", "write role: emergency");
      if (role != null && !role.text().equals("emergency")) {
        overlay.problems().error(role.at(), "CRD147", "an overlay has role: emergency", "");
      }
      YamlNode.Scalar expires = file.required("expires", "as in: expires: 2026-12-31T18:00:00Z");
      if (expires == null) {
        return 0;
      }
      Instant now = clock.instant();
      try {
        Instant until = Instant.parse(expires.text());
        if (until.isAfter(now.plus(Duration.ofHours(24)))) {
          overlay
              .problems()
              .error(expires.at(), "CRD147", "an emergency lasts at most 24 hours", "");
        } else if (!until.isAfter(now)) {
          overlay
              .problems()
              .warning(expires.at(), "CRD213", "the emergency overlay has expired", "remove it");
        }
        return until.toEpochMilli();
      } catch (DateTimeParseException e) {
        overlay
            .problems()
            .error(
                expires.at(),
                "CRD144",
                "'" + expires.text() + "' is no time",
                "write YYYY-MM-DDTHH:MM:SSZ");
        return 0;
      }
    }

    /** Of all files that were read, in the order in which they were asked for. */
    List<Problem> problems() {
      List<Problem> all = new ArrayList<>();
      for (Problems one : problems) {
        all.addAll(one.all());
      }
      return all;
    }

    boolean hasErrors() {
      for (Problems one : problems) {
        if (one.hasErrors()) {
          return true;
        }
      }
      return false;
    }

    /**
     * Adds a file that a person names, on top of what is there.
     *
     * @throws IOException when it is missing or cannot be read
     */
    void add(Path path, boolean overlay) throws IOException {
      Problems own = problems(path);
      read.put(path, "");
      byte[] bytes = RuleFileText.bytes(path, own);
      if (bytes == null) {
        return;
      }
      read.put(path, identity(bytes));
      named = overlay ? named : bytes;
      if (Bundle.isOne(bytes) && !overlay) {
        takeBundle(path, bytes, own);
        return;
      }
      unpack();
      if (signer != null) {
        own.error(
            Position.TOP,
            "CRD161",
            "not signed: with a key only a bundle is taken that the key signed",
            "rules build, then rules sign");
        return;
      }
      Path real = path.toRealPath();
      Path folder = real.getParent();
      open.add(real);
      add(real, folder == null ? real : folder, path, bytes, own, !overlay, overlay, 0);
    }

    private void takeBundle(Path path, byte[] bytes, Problems own) {
      try {
        Bundle packed = Bundle.head(bytes);
        if (signer != null && !packed.isSignedBy(signer)) {
          own.error(
              Position.TOP,
              "CRD161",
              packed.claims().isEmpty()
                  ? "not signed"
                  : "not signed by " + signer.name() + "+" + signer.id(),
              "sign it with rules sign");
          return;
        }
        bundle = packed;
        bundlePath = path;
      } catch (Bundle.DamagedException damaged) {
        Bundle.tellDamaged(own, damaged);
      }
    }

    /** The compiled rules of the bundle; null when there is none, or with a problem. */
    @Nullable RuleFile compiled(Surroundings surroundings) {
      Path path = bundlePath;
      Bundle packed = bundle;
      if (packed == null || path == null) {
        return null;
      }
      try {
        return packed.compiled(path, surroundings);
      } catch (Bundle.DamagedException damaged) {
        Bundle.tellDamaged(problems.get(0), damaged);
        return null;
      }
    }

    /** Parses the texts of a bundle, for those who need more of them than what they come to. */
    private void unpack() {
      Path path = bundlePath;
      Bundle packed = bundle;
      if (packed == null || path == null) {
        return;
      }
      bundlePath = null;
      try {
        Bundle.Sources sources = packed.sources();
        Map<String, YamlNode> parsed = new LinkedHashMap<>();
        for (Map.Entry<String, byte[]> pack : sources.packs().entrySet()) {
          parsed.put(
              pack.getKey(), Bundle.parsed(pack.getKey(), pack.getValue(), new Problems("")));
        }
        for (int i = 0; i < sources.layers().size(); i++) {
          Bundle.Part part = sources.layers().get(i);
          Problems theirs = problems(path.resolve(part.name()));
          YamlNode root = Bundle.parsed(part.name(), sources.layerBytes().get(i), theirs);
          Section file = Section.of("the rule file", root, theirs);
          layers.add(new Layer(part.name(), i, part.top(), false, new byte[0], file, theirs));
        }
        packs = parsed;
      } catch (Bundle.DamagedException damaged) {
        Bundle.tellDamaged(problems.get(0), damaged);
      } catch (InvalidPathException notAName) {
        Bundle.tellDamaged(problems.get(0), new Bundle.DamagedException("a file without a name"));
      }
    }

    private Problems problems(Path path) {
      Problems own = new Problems(path.toString());
      if (broken) {
        own.inPart();
      }
      problems.add(own);
      return own;
    }

    private void add(
        Path real,
        Path root,
        Path shown,
        byte[] bytes,
        Problems own,
        boolean top,
        boolean overlay,
        int depth) {
      String text = RuleFileText.text(bytes, own);
      YamlNode node = text == null ? null : YamlReader.readParts(text, own);
      if (node == null) {
        if (text != null && !own.hasErrors()) {
          own.error(Position.TOP, "CRD104", "empty", "a rule file begins with version: 1");
        }
        return;
      }
      if (own.isInPart()) {
        broken = true;
        problems.forEach(Problems::inPart); // what they build on may be what is missing
      }
      Section file = Section.of("the rule file", node, own);
      for (YamlNode item : file.items("extends")) {
        if (overlay) {
          own.error(
              item.at(), "CRD147", "an emergency overlay extends nothing", "take extends out");
          continue;
        }
        extend(Section.of("the entry", item, own), real, root, shown, own, depth);
      }
      Path name = real.getFileName();
      layers.add(
          new Layer(
              name == null ? real.toString() : name.toString(),
              layers.size(),
              top,
              overlay,
              bytes,
              file,
              own));
    }

    private void extend(
        Section entry, Path from, Path root, Path shownFrom, Problems own, int depth) {
      YamlNode.Scalar written = entry.required("file", "the path of the lower layer");
      YamlNode.Scalar pinned = entry.required("sha256", "the digest of the lower layer");
      entry.done();
      if (written == null || pinned == null) {
        return;
      }
      Path real = inside(written, from, root, own);
      if (real == null) {
        return;
      }
      if (open.contains(real)) {
        own.error(written.at(), "CRD146", "'" + written.text() + "' extends itself", "");
        return;
      }
      if (depth + 1 > MAX_DEPTH || loaded.size() >= MAX_LAYERS) {
        own.error(
            written.at(),
            "CRD146",
            "more than " + MAX_DEPTH + " layers deep, or " + MAX_LAYERS + " in all",
            "put them together");
        return;
      }
      Path shown = shownFrom.resolveSibling(written.text());
      Problems theirs = new Problems(shown.toString());
      byte[] bytes;
      read.put(real, "");
      try {
        bytes = RuleFileText.bytes(real, theirs);
      } catch (IOException e) {
        own.error(written.at(), "CRD146", "'" + written.text() + "' cannot be read", "");
        return;
      }
      if (bytes == null) {
        problems.add(theirs);
        return;
      }
      String digest = sha256(bytes);
      read.put(real, digest);
      if (!digest.equals(pinned.text())) {
        own.error(
            pinned.at(),
            "CRD146",
            "'" + written.text() + "' is not the file that was pinned",
            "look at what changed in it; its sha256 is " + digest);
        return;
      }
      if (!loaded.add(real)) {
        return; // two layers may stand on the same one
      }
      problems.add(theirs);
      open.add(real);
      add(real, root, shown, bytes, theirs, false, false, depth + 1);
      open.remove(real);
    }

    /** The real path of a layer; null, with a problem, when it is not below the root. */
    private static @Nullable Path inside(
        YamlNode.Scalar written, Path from, Path root, Problems own) {
      try {
        Path relative = Path.of(written.text());
        Path candidate = from.resolveSibling(relative).normalize();
        if (!relative.isAbsolute() && candidate.startsWith(root)) {
          if (!Files.exists(candidate)) {
            own.error(
                written.at(), "CRD146", "no such file: '" + written.text() + "'", "check the path");
            return null;
          }
          if (!Files.isRegularFile(candidate) && !Files.isDirectory(candidate)) {
            // a pipe would hold up whoever opens it
            own.error(written.at(), "CRD146", "'" + written.text() + "' is not a regular file", "");
            return null;
          }
          Path real = candidate.toRealPath(); // a link may lead elsewhere
          if (real.startsWith(root)) {
            return real;
          }
        }
      } catch (InvalidPathException | IOException e) {
        // told below
      }
      own.error(
          written.at(),
          "CRD146",
          "'" + written.text() + "' is not below the directory of the rule file",
          "write a relative path; layers lie beside the file or below it");
      return null;
    }

    static String sha256(byte[] bytes) {
      try {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("this JVM has no SHA-256", e);
      }
    }
  }
}
