package dev.cordon.demo;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.cordon.demo.StandInVendors.Answer;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An OpenAI-style API: {@code POST /v1/chat/completions} with {@code "stream": true}. In place of a
 * model it promises to reach the customer at whatever it was told, in deltas of four characters.
 */
final class ModelStandIn implements StandInVendors.StandIn {

  private static final int DELTA_CHARS = 4;

  /** Addresses and numbers, and the tokens that may stand in their place. */
  private static final Pattern CONTACT =
      Pattern.compile("(?:EMAIL|PHONE)_\\w{6}|[\\w.-]+@[\\w.]+\\w|\\+\\d[\\d ]+\\d");

  private final String authorization;

  ModelStandIn(Credentials credentials) {
    this.authorization = "Bearer " + credentials.modelKey();
  }

  @Override
  public Answer answer(String method, String path, String body, String authorization) {
    if (!authorization.equals(this.authorization)) {
      return error(401, "invalid_api_key");
    }
    if (!method.equals("POST") || !path.equals("/v1/chat/completions")) {
      return error(404, "unknown_url");
    }
    try {
      JsonArray messages =
          JsonParser.parseString(body).getAsJsonObject().getAsJsonArray("messages");
      JsonObject last = messages.get(messages.size() - 1).getAsJsonObject();
      return events(reply(last.get("content").getAsString()));
    } catch (JsonParseException | IllegalStateException | NullPointerException e) {
      return error(400, "invalid_request_error");
    }
  }

  private static String reply(String prompt) {
    Set<String> contacts = new LinkedHashSet<>();
    Matcher matcher = CONTACT.matcher(prompt);
    while (matcher.find()) {
      contacts.add(matcher.group());
    }
    return contacts.isEmpty()
        ? "Thank you, we will look into it."
        : "Thank you, we will reach you at " + String.join(" or ", contacts) + ".";
  }

  private static Answer events(String text) {
    StringBuilder events = new StringBuilder();
    for (int at = 0; at < text.length(); at += DELTA_CHARS) {
      JsonObject delta = new JsonObject();
      delta.addProperty("content", text.substring(at, Math.min(text.length(), at + DELTA_CHARS)));
      JsonObject choice = new JsonObject();
      choice.addProperty("index", 0);
      choice.add("delta", delta);
      JsonArray choices = new JsonArray();
      choices.add(choice);
      JsonObject chunk = new JsonObject();
      chunk.addProperty("object", "chat.completion.chunk");
      chunk.add("choices", choices);
      events.append("data: ").append(chunk).append("\n\n");
    }
    events.append("data: [DONE]\n\n");
    return new Answer(200, "text/event-stream; charset=utf-8", events.toString());
  }

  private static Answer error(int status, String code) {
    JsonObject error = new JsonObject();
    error.addProperty("code", code);
    JsonObject answer = new JsonObject();
    answer.add("error", error);
    return new Answer(status, answer.toString());
  }
}
