package dev.cordon.redaction;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
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
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    Random random = new Random(seed);
    KnownNames known = new KnownNames();
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
    }
  }
}
