package dev.cordon.redaction;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The filter in front of the words may say too much, but never too little. */
class LexiconTest {
  private static final int EVERY_KIND = -1;
  private static final int FIRST = 8;

  @Test
  void everyWordIsMarkedWhereverItStandsAndInAnyLetterCase() {
    List<String> missed = new ArrayList<>();
    for (String word : words()) {
      for (String spelled :
          List.of(word, word.toUpperCase(Locale.ROOT), word.toLowerCase(Locale.ROOT))) {
        if (!isAscii(word) && !spelled.equals(word)) {
          continue; // other letters are looked for as they are written
        }
        for (String before : List.of("", " ", "=\"", "user ", "a very_")) {
          if (!isMarked(before, spelled, "-1 ") || !isMarked(before, spelled, "_a1")) {
            missed.add(before + spelled);
          }
        }
      }
    }
    assertEquals(List.of(), missed);
  }

  @Test
  void aLetterThatMayBeAnotherOneInTheOtherCaseIsNoReasonToPassAWordBy() {
    Lexicon lexicon = Lexicon.of(EVERY_KIND);
    List<String> missed = new ArrayList<>();
    for (String word : words()) {
      byte[] plain = bytes(word + "-1 ");
      for (int at = 0; at < word.length(); at++) {
        boolean marked = isMarked(lexicon, plain, at);
        for (int other = 0; other < word.length(); other++) {
          if (!marked || (other >= at && other < at + 3)) {
            continue;
          }
          // the sign of Kelvin is a k in the other case, the long s an s
          String changed = word.substring(0, other) + '\u212a' + word.substring(other + 1);
          if (!isMarked(lexicon, bytes(changed + "-1 "), at)) {
            missed.add(word + " without " + other);
          }
        }
      }
    }
    assertEquals(List.of(), missed);
  }

  @Test
  void otherWordsWithTheSameThreeLettersAreNotMarked() {
    Lexicon lexicon = Lexicon.of(0);
    int marked = 0;
    for (String line :
        List.of(
            "Updated the ticket of the customer after the agent had answered, waiting for the next"
                + " reply from the vendor, nothing to do.",
            "2026-11-21 23:14:47.123 INFO [http-nio-8080-exec-12] c.e.crm.TicketService - ticket"
                + " 48213 updated in 12 ms")) {
      byte[] bytes = bytes(line);
      for (int at = 0; at < line.length(); at += 2) {
        marked += isMarked(lexicon, bytes, at) ? 1 : 0;
      }
    }
    assertEquals(0, marked);
    assertFalse(lexicon.mayStand(bytes("nothing at all"), FIRST));
  }

  @Test
  void whatWasLaidOutIsWhatTheWordsSay() throws IOException {
    try (InputStream in = Tables.class.getResourceAsStream(Tables.RESOURCE)) {
      assumeTrue(in != null, "these classes were not built by Maven: nothing was laid out");
      assertArrayEquals(
          TableMaker.make(),
          in.readAllBytes(),
          "mvn process-classes lays the tables out again; delete " + Tables.RESOURCE);
    }
  }

  /** As in classes that only javac has seen. */
  @Test
  void withoutWhatWasLaidOutTheSameIsFound() throws ReflectiveOperationException, IOException {
    URL classes = Redactor.class.getProtectionDomain().getCodeSource().getLocation();
    try (URLClassLoader hidden =
        new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader()) {
          @Override
          public @Nullable URL getResource(String name) {
            return name.endsWith(Tables.RESOURCE) ? null : super.getResource(name);
          }
        }) {
      Class<?> redactor = hidden.loadClass(Redactor.class.getName());
      assertEquals(hidden, redactor.getClassLoader());
      Class<?> kind = hidden.loadClass(Kind.class.getName());
      Set<?> kinds = Set.of(kind.getEnumConstants());
      Object logs = redactor.getMethod("forLogs", Set.class).invoke(null, kinds);
      assertEquals(
          "cpf [TAX_ID] password=[SECRET] [API_KEY]",
          redactor
              .getMethod("line", String.class)
              .invoke(logs, "cpf 529.982.247-25 password=tr0ub4dor3x glpat-" + Samples.LETTERS));
    }
  }

  private static List<String> words() {
    List<String> words = new ArrayList<>();
    for (int number = 0; number < Tables.WORD_COUNT; number++) {
      words.add(Tables.word(number));
    }
    return words;
  }

  private static boolean isAscii(String word) {
    return word.chars().allMatch(c -> c < 128);
  }

  private static boolean isMarked(String before, String word, String behind) {
    byte[] bytes = bytes(before + word + behind);
    Lexicon lexicon = Lexicon.of(EVERY_KIND);
    boolean marked = false;
    for (int at = before.length(); at < before.length() + word.length(); at++) {
      marked |= at % 2 == 0 && isMarked(lexicon, bytes, at);
    }
    return marked;
  }

  private static boolean isMarked(Lexicon lexicon, byte[] bytes, int at) {
    int letters =
        bytes[FIRST + at] & 0xFF
            | (bytes[FIRST + at + 1] & 0xFF) << 8
            | (bytes[FIRST + at + 2] & 0xFF) << 16;
    int hash = Lexicon.hash(letters);
    return (lexicon.known[hash >>> 6] >>> hash & 1) != 0 && lexicon.mayStand(bytes, FIRST + at);
  }

  /** As {@link Scratch} narrows a text, with zeros around it. */
  private static byte[] bytes(String text) {
    byte[] bytes = new byte[FIRST + text.length() + FIRST];
    for (int i = 0; i < text.length(); i++) {
      bytes[FIRST + i] = Lexicon.narrow(text.charAt(i));
    }
    return bytes;
  }
}
