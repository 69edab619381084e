package dev.cordon.it.services;

/** Does nothing that Cordon guards. */
public final class Hello {

  private Hello() {}

  public static void main(String[] arguments) {
    System.out.println("hello");
  }
}
