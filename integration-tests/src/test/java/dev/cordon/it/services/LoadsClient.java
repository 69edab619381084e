package dev.cordon.it.services;

import java.net.http.HttpClient;

/** Makes a client of java.net.http, calls nobody, and runs for the seconds given. */
public final class LoadsClient {

  private LoadsClient() {}

  public static void main(String[] arguments) throws InterruptedException {
    HttpClient client = HttpClient.newHttpClient();
    Thread.sleep(1_000 * Long.parseLong(arguments[0]));
    System.out.println(client.version());
  }
}
