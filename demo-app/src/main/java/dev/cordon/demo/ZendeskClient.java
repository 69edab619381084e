package dev.cordon.demo;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonSyntaxException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/** The three calls of Zendesk's Tickets API that the connector needs, over java.net.http. */
final class ZendeskClient {

  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final URI base;
  private final String authorization;

  ZendeskClient(URI base, String user, String apiToken) {
    this.base = base;
    byte[] credentials = (user + "/token:" + apiToken).getBytes(StandardCharsets.UTF_8);
    this.authorization = "Basic " + Base64.getEncoder().encodeToString(credentials);
  }

  /** The status of a ticket: new, open, pending, solved ... */
  String status(long ticket) throws IOException, InterruptedException, ZendeskException {
    JsonObject answer = send(request(ticket).GET());
    return answer.getAsJsonObject("ticket").get("status").getAsString();
  }

  /** Adds an internal comment and sets the ticket open. */
  void comment(long ticket, String text)
      throws IOException, InterruptedException, ZendeskException {
    JsonObject comment = new JsonObject();
    comment.addProperty("body", text);
    comment.addProperty("public", false);
    JsonObject change = new JsonObject();
    change.addProperty("status", "open");
    change.add("comment", comment);
    JsonObject body = new JsonObject();
    body.add("ticket", change);
    send(
        request(ticket)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(body.toString())));
  }

  void delete(long ticket) throws IOException, InterruptedException, ZendeskException {
    send(request(ticket).DELETE());
  }

  private HttpRequest.Builder request(long ticket) {
    return HttpRequest.newBuilder(base.resolve("/api/v2/tickets/" + ticket + ".json"))
        .timeout(TIMEOUT)
        .header("Authorization", authorization)
        .header("Accept", "application/json");
  }

  private JsonObject send(HttpRequest.Builder request)
      throws IOException, InterruptedException, ZendeskException {
    HttpResponse<String> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    JsonObject body = parse(response.body());
    if (response.statusCode() >= 400) {
      throw ZendeskException.of(response.statusCode(), body);
    }
    return body;
  }

  private static JsonObject parse(String body) throws IOException {
    if (body.isEmpty()) {
      return new JsonObject();
    }
    try {
      return JsonParser.parseString(body).getAsJsonObject();
    } catch (JsonSyntaxException | IllegalStateException e) {
      throw new IOException("Zendesk answered with something that is not a JSON object", e);
    }
  }

  /**
   * An error as Zendesk documents it: {@code {"error": "RecordNotFound", "description": "..."}}, or
   * with an object {@code {"error": {"title": "Forbidden", "message": "..."}}}.
   */
  static final class ZendeskException extends Exception {

    private static final long serialVersionUID = 1;

    private final int status;
    private final String error;

    private ZendeskException(int status, String error, String description) {
      super(description);
      this.status = status;
      this.error = error;
    }

    private static ZendeskException of(int status, JsonObject body) {
      JsonElement error = body.get("error");
      if (error != null && error.isJsonObject()) {
        JsonObject details = error.getAsJsonObject();
        return new ZendeskException(status, text(details, "title"), text(details, "message"));
      }
      return new ZendeskException(status, text(body, "error"), text(body, "description"));
    }

    private static String text(JsonObject object, String name) {
      JsonElement value = object.get(name);
      return value == null || !value.isJsonPrimitive() ? "" : value.getAsString();
    }

    int status() {
      return status;
    }

    String error() {
      return error;
    }
  }
}
