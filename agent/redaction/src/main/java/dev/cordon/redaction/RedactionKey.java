package dev.cordon.redaction;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The key of a tenant, for pseudonyms and for tokens that who holds it can open: {@code
 * REDACTION+KEY+acme+BASE64}. It is text where it is kept and nowhere else: {@link #toString} does
 * not tell it, and no message does. Immutable and thread-safe.
 */
public final class RedactionKey {

  /** Before the name of an environment variable that holds a key. */
  public static final String ENVIRONMENT = "env:";

  /** How a key begins. */
  public static final String PREFIX = "REDACTION+KEY+";

  private static final int KEY_BYTES = 32;
  private static final int PSEUDONYM_BYTES = 10;
  private static final int MAX_FILE_BYTES = 4096;
  private static final int MAX_VALUE_BYTES = 4096; // of what a token is made of
  private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  /** A token that can be opened: {@code [EMAIL:siv:kdmb...]}. */
  private static final Pattern SEALED =
      Pattern.compile("\\[([A-Z0-9_-]{1,32}):siv:([a-p]{34,8300})]");

  private final String tenant;
  private final byte[] master;
  private final SecretKeySpec pseudonymKey;
  private final AesSiv siv;

  private RedactionKey(String tenant, byte[] master) {
    this.tenant = tenant;
    this.master = master;
    // one key for each use, so that what one gives away says nothing of the others
    pseudonymKey = new SecretKeySpec(derived(master, "pseudonym"), "HmacSHA256");
    siv = new AesSiv(derived(master, "siv mac"), derived(master, "siv text"));
    // what it takes is loaded now: a thread at the end of its stack could not, and never again
    byte[] unused = siv.seal(new byte[1]);
  }

  public static RedactionKey generate(String tenant) {
    byte[] master = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(master);
    return new RedactionKey(checked(tenant), master);
  }

  /**
   * @throws IllegalArgumentException when the text is no key; the message says why and nothing of
   *     the text
   */
  public static RedactionKey parse(String text) {
    String stripped = text.strip();
    int plus = stripped.indexOf('+', PREFIX.length());
    if (!stripped.startsWith(PREFIX) || plus < 0) {
      throw new IllegalArgumentException("a key begins with " + PREFIX + "TENANT+");
    }
    String tenant = checked(stripped.substring(PREFIX.length(), plus));
    byte[] master;
    try {
      master = Base64.getDecoder().decode(stripped.substring(plus + 1));
    } catch (IllegalArgumentException notBase64) {
      master = new byte[0]; // the message of the cause would tell a character of the key
    }
    if (master.length != KEY_BYTES) {
      throw new IllegalArgumentException("after the tenant come " + KEY_BYTES + " bytes as base64");
    }
    return new RedactionKey(tenant, master);
  }

  private static String checked(String tenant) {
    if (!TENANT.matcher(tenant).matches()) {
      throw new IllegalArgumentException(
          "a tenant is up to 64 letters, digits, '.', '_' and '-', beginning with a letter or"
              + " digit");
    }
    return tenant;
  }

  /**
   * The key that {@code env:NAME} or a path names.
   *
   * @throws IOException when there is none, or others than its owner may read or write its file
   */
  public static RedactionKey load(String given, Map<String, String> environment)
      throws IOException {
    String text;
    if (given.startsWith(ENVIRONMENT)) {
      String name = given.substring(ENVIRONMENT.length());
      text = environment.get(name);
      if (text == null || text.isBlank()) {
        throw new IOException("the environment variable " + name + " holds no redaction key");
      }
    } else {
      text = text(Path.of(given));
    }
    try {
      return parse(text);
    } catch (IllegalArgumentException wrong) {
      throw new IOException(given + " is no redaction key: " + wrong.getMessage(), wrong);
    }
  }

  private static String text(Path file) throws IOException {
    if (!Files.isRegularFile(file)) { // a pipe would hold up the start for ever
      throw new IOException(
          "redaction key "
              + file
              + (Files.exists(file) ? " is not a file" : " does not exist")
              + "; make one with: cordon.jar token keygen TENANT -o "
              + file);
    }
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      for (PosixFilePermission permission : Files.getPosixFilePermissions(file)) {
        if (!permission.name().startsWith("OWNER_")) {
          throw new IOException(
              "redaction key "
                  + file
                  + " is open to others than its owner; run: chmod 600 "
                  + file);
        }
      }
    }
    if (!Files.isReadable(file)) {
      throw new IOException("redaction key " + file + " cannot be read by this user");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(MAX_FILE_BYTES), StandardCharsets.UTF_8);
    }
  }

  public String tenant() {
    return tenant;
  }

  /** The text to be kept in a file that nobody else may read. */
  public String secret() {
    return PREFIX + tenant + "+" + Base64.getEncoder().encodeToString(master);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RedactionKey key
        && key.tenant.equals(tenant)
        && MessageDigest.isEqual(key.master, master);
  }

  /** Of the tenant alone: a number that is logged says nothing of the key. */
  @Override
  public int hashCode() {
    return tenant.hashCode();
  }

  @Override
  public String toString() {
    return "RedactionKey[" + tenant + "]";
  }

  // ---- pseudonyms

  /**
   * 80 bits as letters: the same for all spellings of a value, as long as the key is.
   *
   * @param name of the kind, or of a type of the rule file's own
   */
  String pseudonym(Kind kind, String name, String value) {
    String label = kind == Kind.CUSTOM ? name : kind.label();
    String keyed = tenant + '|' + label + '|' + Values.normalised(kind, value);
    return Values.letters(
        hmac(pseudonymKey, keyed.getBytes(StandardCharsets.UTF_8)), PSEUDONYM_BYTES);
  }

  // ---- tokens that can be opened

  /** Null for a value that is too long for a token, or is not known. */
  @Nullable String sealed(String name, String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    if (text.length == 0 || text.length > MAX_VALUE_BYTES) {
      return null;
    }
    byte[] sealed = siv.seal(text, associated(name));
    return "[" + name + ":siv:" + Values.letters(sealed, sealed.length) + "]";
  }

  private byte[] associated(String kind) {
    return (tenant + '|' + kind).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * What was opened of a text.
   *
   * @param text with the values in place of the tokens that a key opens
   * @param opened how many
   * @param closed how many look like a token, and no key opens them
   */
  public record Opened(String text, int opened, int closed) {
    /** Never the values. */
    @Override
    public String toString() {
      return "Opened[opened=" + opened + ", closed=" + closed + "]";
    }
  }

  /** Whether a text is one token of this kind, whoever's. */
  public static boolean isToken(String text) {
    return SEALED.matcher(text).matches();
  }

  /**
   * Puts values back in place of the tokens in a text, once: what a value looks like is not opened
   * again. Not for the application's threads.
   */
  public static Opened open(String text, List<RedactionKey> keys) {
    Matcher tokens = SEALED.matcher(text);
    StringBuilder out = new StringBuilder(text.length());
    int copied = 0;
    int opened = 0;
    int closed = 0;
    while (tokens.find()) {
      String value = null;
      for (int i = 0; i < keys.size() && value == null; i++) {
        value = keys.get(i).opened(tokens.group(1), tokens.group(2));
      }
      if (value == null) {
        closed++;
        continue;
      }
      opened++;
      out.append(text, copied, tokens.start()).append(value);
      copied = tokens.end();
    }
    return new Opened(out.append(text, copied, text.length()).toString(), opened, closed);
  }

  private @Nullable String opened(String kind, String letters) {
    byte[] sealed = Values.ofLetters(letters);
    byte[] text = sealed == null ? null : siv.open(sealed, associated(kind));
    try {
      return text == null
          ? null
          : StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
    } catch (CharacterCodingException neverSealedByUs) {
      return null;
    }
  }

  private static byte[] derived(byte[] master, String use) {
    return hmac(
        new SecretKeySpec(master, "HmacSHA256"),
        ("cordon redaction 1 " + use).getBytes(StandardCharsets.UTF_8));
  }

  static byte[] hmac(SecretKeySpec key, byte[] bytes) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return mac.doFinal(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HmacSHA256 is in every JDK", e);
    }
  }
}
