package dev.cordon.it.services;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** As {@link UrlCalls}, with java.net.http. */
public final class ClientCalls {

  private ClientCalls() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    HttpClient client = HttpClient.newHttpClient();
    for (int i = 0; i < arguments.length; i += 2) {
      HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(arguments[i + 1]));
      request =
          arguments[i].equals("POST")
              ? request
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString("{\"amount\":1}"))
              : request.GET();
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      System.out.println(
          arguments[i]
              + " "
              + response.statusCode()
              + (response.headers().firstValue("Cordon-Decision").isPresent() ? " refused" : ""));
    }
  }
}
