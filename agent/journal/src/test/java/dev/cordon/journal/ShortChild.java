package dev.cordon.journal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Opens a journal, appends ten records and ends: {@code DIR short|hook|visible}. */
final class ShortChild {

  private ShortChild() {}

  public static void main(String[] arguments) throws Exception {
    Path base = Path.of(arguments[0]);
    Map<Object, Object> before = new TreeMap<>(System.getProperties());
    boolean visible = arguments[1].equals("visible");
    Journal journal =
        Journal.open(JournalOptions.of(visible ? base.resolve("journal") : base, "crm"));
    if (arguments[1].equals("hook")) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> appendInHook(journal)));
    }
    for (int i = 0; i < 10; i++) {
      journal.append(new JournalRecord(RecordKind.CALL_REQUEST), Level.ACCEPTED, 1_000_000_000L);
    }
    if (visible) {
      journal.append(new JournalRecord(RecordKind.GAP), Level.COMMITTED, 10_000_000_000L);
      report(base, before);
    }
  }

  private static void appendInHook(Journal journal) {
    Appended worst = Appended.COMMITTED;
    int count = 0;
    for (int i = 0; i < 100; i++) {
      Appended appended =
          journal.append(
              new JournalRecord(RecordKind.CALL_REQUEST), Level.COMMITTED, 10_000_000_000L);
      worst = appended == Appended.COMMITTED ? worst : appended;
      count++;
    }
    System.out.print(worst + " " + count);
  }

  private static void report(Path base, Map<Object, Object> before) throws Exception {
    Map<Object, Object> after = new TreeMap<>(System.getProperties());
    after.keySet().removeAll(before.keySet());
    after.remove("user.timezone"); // set by the JDK when a time zone is first asked for
    if (!after.isEmpty()) {
      System.out.println("new properties " + after);
    }
    try (Stream<Path> files = Files.list(base)) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> !List.of("journal", "system.properties", "temporary").contains(name))
          .forEach(name -> System.out.println("new file " + name));
    }
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      files.forEach(file -> System.out.println("new temporary file " + file));
    }
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (!thread.isDaemon()
          && !thread.getName().equals("main")
          && !thread.getName().equals("DestroyJavaVM")) {
        System.out.println("thread " + thread);
      }
    }
    reportSockets();
  }

  private static void reportSockets() throws Exception {
    StringBuilder network = new StringBuilder(); // the JDK itself makes a pair of local ones
    for (String table : List.of("tcp", "tcp6", "udp", "udp6")) {
      Path file = Path.of("/proc/self/net", table);
      network.append(Files.exists(file) ? Files.readString(file) : "");
    }
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors.toList()) {
        String target =
            Files.isSymbolicLink(descriptor) ? Files.readSymbolicLink(descriptor).toString() : "";
        if (target.startsWith("socket:[")
            && network.indexOf(" " + target.substring(8, target.length() - 1) + " ") >= 0) {
          System.out.println("a socket");
        }
      }
    }
  }
}
