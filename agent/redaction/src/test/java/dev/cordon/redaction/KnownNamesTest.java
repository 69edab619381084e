package dev.cordon.redaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

class KnownNamesTest {
  private static final int EVERY_KIND = -1;
  private static final String[] WORDS = {
    "phone",
    "id",
    "created",
    "Token",
    "client",
    "secret",
    "name",
    "first",
    "tax",
    "cpf",
    "card",
    "number",
    "password",
    "a",
    "E",
    "verified",
    "next",
    "page",
    "tel",
    "no",
    "7",
    "user[phone]",
    ""
  };

  @Test
  void aNameSaysTheSameWhetherItIsRememberedOrNot() {
    ask(new KnownNames(), Long.getLong("cordon.seed", System.nanoTime()));
  }

  @Test
  void whatThreadsRememberTogetherIsNeverMixedUp() throws InterruptedException {
    KnownNames known = new KnownNames();
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    ConcurrentLinkedQueue<Throwable> wrong = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      long own = seed + i;
      Thread thread = new Thread(() -> ask(known, own));
      thread.setUncaughtExceptionHandler((any, thrown) -> wrong.add(thrown));
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(List.of(), List.copyOf(wrong));
  }

  @Test
  void aNameThatEndsInZerosIsAnotherOne() {
    KnownNames known = new KnownNames();
    byte[] bytes = "id\0\0\0\0\0\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);
    assertNotNull(known.find(bytes, 0, 2, EVERY_KIND));
    assertNull(known.find(bytes, 0, 3, EVERY_KIND));
  }

  private static void ask(KnownNames known, long seed) {
    Random random = new Random(seed);
    String[] asked = new String[4_000]; // more than are remembered
    for (int i = 0; i < asked.length; i++) {
      StringBuilder name = new StringBuilder();
      for (int words = random.nextInt(4); words >= 0; words--) {
        name.append(WORDS[random.nextInt(WORDS.length)]).append(random.nextBoolean() ? "_" : "");
      }
      asked[i] = name.toString();
    }
    for (int i = 0; i < 20_000; i++) {
      String name = asked[random.nextInt(random.nextBoolean() ? 8 : asked.length)];
      int kinds = random.nextInt(3) == 0 ? EVERY_KIND : Kind.EMAIL.bit() | Kind.PHONE.bit();
      String text = "{\"" + name + "\":";
      int to = 2 + name.length();
      String which = "seed " + seed + ": " + name;
      assertEquals(Names.ofField(text, 2, to, kinds), known.ofField(text, 2, to, kinds), which);
      assertEquals(Ids.ofKey(text, 2, to) != 0, known.tells(text, 2, to, kinds), which);
      byte[] bytes = (text + "12345678").getBytes(StandardCharsets.ISO_8859_1);
      KnownNames.Known found = known.find(bytes, 2, to, kinds);
      if (found != null) {
        assertEquals(Names.ofField(text, 2, to, kinds), found.said(), which);
        assertEquals(Ids.ofKey(text, 2, to) != 0, found.tells(), which);
        assertEquals(Ids.ofNameIn(text, 2, to), found.ofName(), which);
      }
    }
  }
}
