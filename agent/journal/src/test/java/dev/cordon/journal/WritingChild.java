package dev.cordon.journal;

import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * Appends for ever: {@code DIR SERVICE THREADS PACE_US}. After each append has returned COMMITTED,
 * thread and number go to standard output: the acknowledgement.
 */
final class WritingChild {

  private WritingChild() {}

  public static void main(String[] arguments) {
    Journal journal = Journal.open(JournalOptions.of(Path.of(arguments[0]), arguments[1]));
    int threads = Integer.parseInt(arguments[2]);
    long paceNs = Long.parseLong(arguments[3]) * 1_000;
    DataOutputStream out = new DataOutputStream(new FileOutputStream(FileDescriptor.out));
    for (int t = 0; t < threads; t++) {
      int thread = t;
      new Thread(() -> append(journal, thread, paceNs, out)).start();
    }
  }

  private static void append(Journal journal, int thread, long paceNs, DataOutputStream out) {
    try {
      for (long i = 0; ; i++) {
        JournalRecord record =
            new JournalRecord(RecordKind.CALL_REQUEST)
                .requestId(new UUID(thread + 1, i))
                .library("jdk")
                .method("POST")
                .destination("api.example.com:443")
                .operation("refund.create")
                .callClass("write")
                .decision("allow");
        if (journal.append(record, Level.COMMITTED, 60_000_000_000L) != Appended.COMMITTED) {
          System.err.println(
              journal.status() + " " + dev.cordon.journal.isolated.LibraryLog.first());
          Runtime.getRuntime().halt(3);
        }
        synchronized (out) {
          out.writeLong(thread);
          out.writeLong(i);
        }
        if (paceNs > 0) {
          LockSupport.parkNanos(paceNs);
        }
      }
    } catch (java.io.IOException e) {
      Runtime.getRuntime().halt(4); // nobody reads the acknowledgements any more
    }
  }
}
