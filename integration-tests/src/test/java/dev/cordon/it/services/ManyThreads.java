package dev.cordon.it.services;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes each call on a thread of its own and tells what that left behind. */
public final class ManyThreads {

  private static final int AT_ONCE = 25;

  private ManyThreads() {}

  public static void main(String[] arguments) throws InterruptedException {
    int count = Integer.parseInt(arguments[1]);
    AtomicInteger answered = new AtomicInteger();
    long usedFirst = 0;
    for (int made = 0; made < count; made += AT_ONCE) {
      if (made == count / 5) {
        usedFirst = used(); // everything that is made once is there
      }
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        Thread thread =
            new Thread(
                () -> {
                  try {
                    if (UrlCalls.call("GET", arguments[0]).equals("GET 200")) {
                      answered.incrementAndGet();
                    }
                  } catch (IOException failed) {
                    System.out.println(failed);
                  }
                });
        thread.start();
        threads.add(thread);
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
    System.out.println("answered " + answered);
    System.out.println("grown KiB " + (used() - usedFirst) / 1024);
    System.out.println("threads " + Thread.getAllStackTraces().size());
  }

  private static long used() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(50);
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
