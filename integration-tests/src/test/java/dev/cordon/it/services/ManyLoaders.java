package dev.cordon.it.services;

import java.io.File;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a task in many applications, one after the other: each has its own loader and its own copy
 * of every library. Prints how many of them were collected, and what the task printed.
 */
public final class ManyLoaders {

  private ManyLoaders() {}

  public static void main(String[] arguments) throws Exception {
    String task = arguments[0];
    int count = Integer.parseInt(arguments[1]);
    List<URL> libraries = new ArrayList<>();
    for (String path : System.getProperty("java.class.path").split(File.pathSeparator)) {
      libraries.add(new File(path).toURI().toURL());
    }
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      loaders.add(run(task, libraries));
    }
    long left = count;
    for (int round = 0; round < 100 && left > 2; round++) {
      System.gc();
      Thread.sleep(50);
      left = loaders.stream().filter(loader -> loader.get() != null).count();
    }
    System.out.println("ran " + count);
    System.out.println("left " + left);
    System.exit(0);
  }

  private static WeakReference<ClassLoader> run(String task, List<URL> libraries) throws Exception {
    try (URLClassLoader loader =
        new URLClassLoader(libraries.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
      ((Runnable) loader.loadClass(task).getDeclaredConstructor().newInstance()).run();
      return new WeakReference<>(loader);
    }
  }
}
