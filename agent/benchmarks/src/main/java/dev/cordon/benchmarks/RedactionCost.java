package dev.cordon.benchmarks;

import com.sun.management.ThreadMXBean;
import dev.blaauwendraad.masker.json.JsonMasker;
import dev.blaauwendraad.masker.json.config.JsonMaskingConfig;
import dev.cordon.redaction.Kind;
import dev.cordon.redaction.RedactionPlan;
import dev.cordon.redaction.Redactor;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Prints in one run how many megabytes a second the redaction engine reads of log lines and JSON,
 * beside what else there is for it in Java: java.util.regex and RE2/J with twelve common patterns,
 * json-masker, which knows keys only, and a pass that does nothing but tell digits, at signs and
 * colons apart, eight bytes at a time. CPU time of the thread, median of rounds in which all take
 * turns, so that other load changes the figures less than the ratios; and the memory it allocated.
 *
 * <p>Arguments: rounds (default 7), milliseconds for each turn (default 150).
 */
public final class RedactionCost {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  static final String[] PATTERNS = {
    "[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}",
    "\\b(?:\\d[ -]*?){13,16}\\b",
    "\\b[A-Z]{2}\\d{2}[A-Z0-9]{11,30}\\b",
    "\\b\\d{3}-\\d{2}-\\d{4}\\b",
    "\\b(?:\\+?1[-. ]?)?\\(?\\d{3}\\)?[-. ]\\d{3}[-. ]\\d{4}\\b",
    "\\+[1-9]\\d{6,14}\\b",
    "\\b(?:\\d{1,3}\\.){3}\\d{1,3}\\b",
    "\\b(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}\\b",
    "(?i)bearer\\s+[a-z0-9._~+/=-]{16,}",
    "\\beyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+",
    "\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b",
    "(?i)(?:password|secret|token|api[_-]?key)[\"']?\\s*[:=]\\s*[\"']?[^\\s\"',;]{6,}"
  };
  static final EnumSet<Kind> KINDS = EnumSet.allOf(Kind.class);
  static final Set<String> KEYS =
      Set.of(
          "email",
          "phone",
          "password",
          "token",
          "secret",
          "ssn",
          "iban",
          "card_number",
          "first_name",
          "last_name",
          "address",
          "dob");

  /** Text to read, as lines and as bodies. */
  record Load(String name, List<String> texts, List<byte[]> bodies, long bytes) {}

  private interface Engine {
    int read(Load load);
  }

  private RedactionCost() {}

  public static void main(String[] args) {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 7;
    long turnNs = (args.length > 1 ? Long.parseLong(args[1]) : 150) * 1_000_000L;
    Random random = new Random(1);
    List<Load> logs = List.of(logs("clean log", random, 0), logs("1 in 10", random, 10));
    List<Load> json = List.of(json("JSON 1 KB", random, 1_000), json("JSON 16 KB", random, 16_000));
    Redactor redactor = Redactor.forLogs(KINDS);
    Redactor secretsAndCards =
        Redactor.forLogs(EnumSet.of(Kind.EMAIL, Kind.CARD, Kind.IBAN, Kind.PHONE, Kind.SSN));
    RedactionPlan all = plan(KINDS);
    RedactionPlan keys = plan(EnumSet.of(Kind.NAME, Kind.ADDRESS, Kind.BIRTH_DATE));
    Pattern[] patterns = new Pattern[PATTERNS.length];
    com.google.re2j.Pattern[] linear = new com.google.re2j.Pattern[PATTERNS.length];
    for (int i = 0; i < patterns.length; i++) {
      patterns[i] = Pattern.compile(PATTERNS[i]);
      linear[i] = com.google.re2j.Pattern.compile(PATTERNS[i]);
    }
    JsonMasker masker = JsonMasker.getMasker(JsonMaskingConfig.builder().maskKeys(KEYS).build());
    byte[] scratch = new byte[32 * 1024];
    String[] names = {
      "cordon, all kinds", "cordon, 5 kinds", "java.util.regex", "RE2/J", "SWAR pass"
    };
    Engine[] engines = {
      load -> lines(load, redactor),
      load -> lines(load, secretsAndCards),
      load -> regex(load, patterns),
      load -> linear(load, linear),
      load -> swar(load, scratch)
    };
    for (Load load : logs) {
      print(load, names, engines, rounds, turnNs);
    }
    String[] jsonNames = {
      "cordon, all kinds",
      "cordon, keys only",
      "json-masker, keys only",
      "java.util.regex",
      "RE2/J",
      "SWAR pass"
    };
    Engine[] jsonEngines = {
      load -> bodies(load, all),
      load -> bodies(load, keys),
      load -> masked(load, masker),
      load -> regex(load, patterns),
      load -> linear(load, linear),
      load -> swar(load, scratch)
    };
    for (Load load : json) {
      print(load, jsonNames, jsonEngines, rounds, turnNs);
    }
    worst(redactor);
  }

  static RedactionPlan plan(EnumSet<Kind> kinds) {
    RedactionPlan.Order order =
        new RedactionPlan.Order(List.of(), kinds, RedactionPlan.Operator.TOKEN);
    return RedactionPlan.of(List.of(order), Set.of());
  }

  // ---- what is measured

  private static void print(Load load, String[] names, Engine[] engines, int rounds, long turnNs) {
    double[][] rates = new double[engines.length][rounds];
    long[] allocated = new long[engines.length];
    int sink = 0;
    for (int round = -2; round < rounds; round++) {
      for (int i = 0; i < engines.length; i++) {
        long bytes = 0;
        long memory = THREADS.getCurrentThreadAllocatedBytes();
        long start = THREADS.getCurrentThreadCpuTime();
        long took = 0;
        while (took < turnNs) {
          sink += engines[i].read(load);
          bytes += load.bytes;
          took = THREADS.getCurrentThreadCpuTime() - start;
        }
        if (round >= 0) {
          rates[i][round] = bytes * 1e3 / took;
          allocated[i] = (THREADS.getCurrentThreadAllocatedBytes() - memory) * 1000 / bytes;
        }
      }
    }
    double first = AddedLatency.median(rates[0]);
    System.out.printf(
        Locale.ROOT, "%s (%d texts, sink %d)%n", load.name, load.texts.size(), sink & 1);
    for (int i = 0; i < engines.length; i++) {
      double rate = AddedLatency.median(rates[i]);
      System.out.printf(
          Locale.ROOT,
          "  %-24s %8.1f MB/s  %7.2f of ours  %6d B allocated per KB%n",
          names[i],
          rate,
          rate / first,
          allocated[i]);
    }
  }

  static int lines(Load load, Redactor redactor) {
    int changed = 0;
    for (String text : load.texts) {
      changed += redactor.line(text) == text ? 0 : 1;
    }
    return changed;
  }

  static int bodies(Load load, RedactionPlan plan) {
    int found = 0;
    for (byte[] body : load.bodies) {
      found += Redactor.body(body, "application/json", plan).findings().size();
    }
    return found;
  }

  static int masked(Load load, JsonMasker masker) {
    int length = 0;
    for (byte[] body : load.bodies) {
      length += masker.mask(body).length;
    }
    return length;
  }

  static int regex(Load load, Pattern[] patterns) {
    int changed = 0;
    for (String text : load.texts) {
      String redacted = text;
      for (Pattern pattern : patterns) {
        redacted = pattern.matcher(redacted).replaceAll("[X]");
      }
      changed += redacted.length();
    }
    return changed;
  }

  static int linear(Load load, com.google.re2j.Pattern[] patterns) {
    int changed = 0;
    for (String text : load.texts) {
      String redacted = text;
      for (com.google.re2j.Pattern pattern : patterns) {
        redacted = pattern.matcher(redacted).replaceAll("[X]");
      }
      changed += redacted.length();
    }
    return changed;
  }

  /** What a processor needs to look at each byte of a text at all: the limit of any engine. */
  @SuppressWarnings("deprecation") // the only way to narrow a String without a second copy
  static int swar(Load load, byte[] scratch) {
    long ones = 0x0101010101010101L;
    long highs = 0x8080808080808080L;
    long lows = ~highs;
    int hits = 0;
    for (String text : load.texts) {
      text.getBytes(0, text.length(), scratch, 0);
      for (int i = 0; i < text.length(); i += 8) {
        long word = (long) LONGS.get(scratch, i);
        long low = word & lows;
        long digit = low + ones * (0x80 - '0') & ~(low + ones * (0x80 - ':')) & ~word;
        long sign = word ^ ones * '@';
        long colon = word ^ ones * ':';
        long found = digit | sign - ones & ~sign | colon - ones & ~colon;
        hits += Long.bitCount(found & highs);
      }
    }
    return hits;
  }

  // ---- the worst that was found

  private static void worst(Redactor redactor) {
    String[] pieces = {
      "a",
      "1",
      "1 ",
      "4111 ",
      "a.",
      "@",
      "a@b.",
      "eyJ",
      "eyJeyJ.",
      "12-",
      "%40",
      "+1",
      "1.",
      "::",
      "a:",
      "password=a1b2c3d4 ",
      "Bearer a1",
      "-----BEGIN PRIVATE KEY-----\n",
      "phone: 123456 ",
      "cpf 1234 ",
      "passport a1 ",
      "T3BlbkFJ",
      "datadog_key=a1",
      "DE89 ",
      "mac 00 ",
      "token string ",
      "accountkey=",
      "pwd=",
      "secret_access_key=",
      "SG.",
      "+49-1",
      "Basic+dTpw+"
    };
    for (int size : new int[] {64 * 1024, 1024 * 1024}) {
      String slowest = "";
      double most = 0;
      for (String piece : pieces) {
        String text = piece.repeat(size / piece.length());
        double least = Double.MAX_VALUE;
        for (int run = 0; run < 5; run++) {
          long start = THREADS.getCurrentThreadCpuTime();
          redactor.line(text);
          least = Math.min(least, (THREADS.getCurrentThreadCpuTime() - start) / 1e6);
        }
        if (least > most) {
          most = least;
          slowest = piece;
        }
      }
      System.out.printf(
          Locale.ROOT,
          "slowest %d KB: %.1f ms (\"%s\" again and again)%n",
          size / 1024,
          most,
          slowest.strip());
    }
  }

  // ---- the loads

  static Load logs(String name, Random random, int findingEvery) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 4_000; i++) {
      String line =
          "2026-11-22 09:"
              + two(random, 60)
              + ":"
              + two(random, 60)
              + "."
              + (100 + random.nextInt(900))
              + " INFO  [http-nio-8080-exec-"
              + random.nextInt(40)
              + "] c.e.crm."
              + (random.nextBoolean() ? "TicketService" : "CustomerRepository")
              + " - "
              + message(random);
      lines.add(findingEvery > 0 && i % findingEvery == 0 ? line + finding(random) : line);
    }
    return load(name, lines);
  }

  private static String message(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> "ticket " + random.nextInt(99_999) + " updated in " + random.nextInt(900) + " ms";
      case 1 ->
          "GET /api/v2/orders/"
              + random.nextInt(9_999_999)
              + "/items?page=2 HTTP/1.1 200 "
              + random.nextInt(99_999);
      case 2 -> "request " + new UUID(random.nextLong(), random.nextLong()) + " finished";
      case 3 ->
          "Updated the record of the customer after the agent had answered, waiting for reply";
      case 4 ->
          "cache miss for key orders:" + random.nextInt(9_999) + ", loading from the database";
      default ->
          "commit "
              + Long.toHexString(random.nextLong())
              + " offset="
              + random.nextInt(1 << 30)
              + " partition="
              + random.nextInt(64);
    };
  }

  private static String finding(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> " for bob.smith" + random.nextInt(99) + "@example.com";
      case 1 -> " card 4111 1111 1111 1111";
      case 2 -> " called +49 30 90" + (1000 + random.nextInt(9000));
      default -> " from 203.0.113." + random.nextInt(255);
    };
  }

  private static String two(Random random, int below) {
    int value = random.nextInt(below);
    return value < 10 ? "0" + value : String.valueOf(value);
  }

  static Load json(String name, Random random, int chars) {
    List<String> bodies = new ArrayList<>();
    for (int i = 0; i < 400_000 / chars; i++) {
      StringBuilder json = new StringBuilder("{\"object\":\"list\",\"data\":[");
      while (json.length() < chars - 200) {
        json.append("{\"id\":\"re_")
            .append(Long.toString(random.nextLong() >>> 1, 36))
            .append("\",\"amount\":")
            .append(random.nextInt(99_999))
            .append(",\"currency\":\"eur\",\"created\":")
            .append(1_732_230_887 + random.nextInt(99_999))
            .append(",\"status\":\"succeeded\",\"description\":\"")
            .append(message(random))
            .append("\",\"livemode\":false,\"metadata\":{}},");
      }
      bodies.add(json.append("{}]}").toString());
    }
    return load(name, bodies);
  }

  private static Load load(String name, List<String> texts) {
    List<byte[]> bodies = new ArrayList<>();
    long bytes = 0;
    for (String text : texts) {
      byte[] body = text.getBytes(StandardCharsets.UTF_8);
      bodies.add(body);
      bytes += body.length;
    }
    return new Load(name, texts, bodies, bytes);
  }
}
