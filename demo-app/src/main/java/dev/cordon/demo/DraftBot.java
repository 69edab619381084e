package dev.cordon.demo;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Iterator;
import java.util.stream.Stream;

/**
 * Has a language model draft answers to customers' messages, over an OpenAI-style API whose answer
 * arrives as an event stream. Client: java.net.http.
 */
final class DraftBot {

  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final String DATA = "data: ";
  private static final String DONE = "[DONE]";

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final URI completions;
  private final String key;

  private DraftBot(URI base, String key) {
    this.completions = base.resolve("/v1/chat/completions");
    this.key = key;
  }

  static void run(Environment environment, PrintStream out)
      throws IOException, InterruptedException {
    DraftBot bot =
        new DraftBot(
            URI.create(environment.text("MODEL_API_BASE")), environment.text("MODEL_API_KEY"));
    for (CustomerMessage message : CustomerMessage.readAll(environment.path("INBOX"))) {
      out.println("draft for ticket " + message.ticket() + ": " + bot.draft(message));
    }
  }

  private String draft(CustomerMessage message) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(completions)
            .timeout(TIMEOUT)
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .header("Accept", "text/event-stream")
            .POST(BodyPublishers.ofString(prompt(message)))
            .build();
    HttpResponse<Stream<String>> response = http.send(request, BodyHandlers.ofLines());
    try (Stream<String> lines = response.body()) {
      if (response.statusCode() != 200) {
        return "refused, HTTP " + response.statusCode();
      }
      return text(lines.iterator());
    }
  }

  private static String prompt(CustomerMessage message) {
    JsonArray messages = new JsonArray();
    messages.add(said("system", "Draft a short answer to the customer."));
    messages.add(
        said("user", message.name() + " <" + message.email() + "> wrote: " + message.text()));
    JsonObject prompt = new JsonObject();
    prompt.addProperty("model", "stand-in-1");
    prompt.addProperty("stream", true);
    prompt.add("messages", messages);
    return prompt.toString();
  }

  private static JsonObject said(String role, String content) {
    JsonObject message = new JsonObject();
    message.addProperty("role", role);
    message.addProperty("content", content);
    return message;
  }

  private static String text(Iterator<String> lines) throws IOException {
    StringBuilder text = new StringBuilder();
    while (lines.hasNext()) {
      String line = lines.next();
      if (line.equals(DATA + DONE)) {
        return text.toString();
      }
      if (line.startsWith(DATA)) {
        text.append(delta(line.substring(DATA.length())));
      }
    }
    throw new IOException("the model's answer ends without " + DONE);
  }

  private static String delta(String event) throws IOException {
    try {
      return JsonParser.parseString(event)
          .getAsJsonObject()
          .getAsJsonArray("choices")
          .get(0)
          .getAsJsonObject()
          .getAsJsonObject("delta")
          .get("content")
          .getAsString();
    } catch (JsonParseException | IllegalStateException | NullPointerException e) {
      throw new IOException("the model answered with an event that is no delta", e);
    }
  }
}
