package dev.cordon.journal;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Security;

/**
 * Writes evidence in a JVM whose first security provider is the application's. Prints what became
 * of each record, then who asked that provider, then what it was handed of the customer's.
 */
final class ForeignProviderChild {

  static final String SUBJECT = "eve.adams@example.com";
  static final String TEXT = "the customer says that the parcel never came";
  static final int RECORDS = 5;

  private static final long TEN_SECONDS_NS = 10_000_000_000L;

  private ForeignProviderChild() {}

  public static void main(String[] arguments) throws Exception {
    Path base = Path.of(arguments[0]);
    Path second = arguments.length > 3 ? base.resolve(arguments[3]) : null;
    boolean jdks = arguments[2].equals("with");
    ForeignProvider provider = new ForeignProvider(ForeignProvider.Does.valueOf(arguments[1]));
    Security.insertProviderAt(provider, 1);
    if (!jdks) {
      Security.removeProvider("SunJCE");
    }
    JournalOptions options =
        JournalOptions.of(base.resolve("j"), "crm")
            .withSeal(SealOptions.off())
            .withEvidence(new EvidenceOptions(base.resolve("k"), 5_000));
    if (second != null) {
      options = options.withDevice(DeviceOptions.standard().withSecond(second));
    }
    try (Journal journal = Journal.open(options)) {
      int written = 0;
      while (written < RECORDS) {
        write(journal, written++);
      }
      long untilNs = System.nanoTime() + TEN_SECONDS_NS;
      while (second != null && !hasEvidence(second) && System.nanoTime() - untilNs < 0) {
        sleep(50);
        write(journal, written++); // the second device waits for no key
      }
      while (!jdks && !isTold(base.resolve("j")) && System.nanoTime() - untilNs < 0) {
        sleep(50);
      }
      sleep(1_500); // what is done each second must not ask either
    }
    for (String one : ForeignProvider.ASKED) {
      System.out.println("asked " + one);
    }
    for (String one : ForeignProvider.HANDED) {
      if (one.contains(SUBJECT) || one.contains(TEXT)) {
        System.out.println("HANDED " + one);
      }
    }
  }

  private static void write(Journal journal, int number) {
    JournalRecord record =
        new JournalRecord(RecordKind.CALL_REQUEST)
            .destination("api.example.com:443")
            .callClass("write")
            .decision("allow")
            .subject(SUBJECT)
            .evidence((TEXT + " " + number).getBytes(StandardCharsets.UTF_8));
    System.out.println(journal.append(record, Level.COMMITTED, TEN_SECONDS_NS));
  }

  private static boolean hasEvidence(Path journal) throws Exception {
    return Tails.all(journal).stream().anyMatch(entry -> entry.evidence() != null);
  }

  private static boolean isTold(Path journal) throws Exception {
    return Tails.all(journal).stream()
        .anyMatch(entry -> entry.attributes().containsKey("no-provider"));
  }

  private static void sleep(long ms) {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
