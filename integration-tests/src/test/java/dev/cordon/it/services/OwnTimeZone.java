package dev.cordon.it.services;

import java.io.IOException;
import java.util.TimeZone;

/** Makes one write and then sets the time zone as late as an application may. */
public final class OwnTimeZone {

  private OwnTimeZone() {}

  public static void main(String[] arguments) throws IOException {
    System.out.println(UrlCalls.call("POST", arguments[0])); // the journal is open when it returns
    System.out.println("property " + System.getProperty("user.timezone"));
    System.setProperty("user.timezone", "Asia/Tokyo");
    System.out.println("default " + TimeZone.getDefault().getID());
  }
}
