package dev.cordon.demo;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.cordon.demo.StandInVendors.Answer;
import java.util.Map;

/** Four of Slack's Web API methods. As Slack does, it answers errors with HTTP 200. */
final class SlackStandIn implements StandInVendors.StandIn {

  static final String PUBLIC_CHANNEL = "C07PUBLIC01";

  private final String authorization;

  SlackStandIn(Credentials credentials) {
    this.authorization = "Bearer " + credentials.slackToken();
  }

  @Override
  public Answer answer(String method, String path, String body, String authorization) {
    if (!method.equals("POST") || !path.startsWith("/api/")) {
      return new Answer(404, "");
    }
    if (!authorization.equals(this.authorization)) {
      return error("invalid_auth");
    }
    if (path.equals("/api/auth.test")) { // the SDK calls it by itself, to know its team
      return whoAmI();
    }
    Map<String, String> fields = Received.form(body);
    String channel = fields.getOrDefault("channel", "");
    if (!channel.equals(PUBLIC_CHANNEL)) {
      return error("channel_not_found");
    }
    return switch (path) {
      case "/api/chat.postMessage" -> post(channel, fields.getOrDefault("text", ""));
      case "/api/conversations.history" -> history();
      case "/api/conversations.archive" -> new Answer(200, ok().toString());
      default -> error("unknown_method");
    };
  }

  private static Answer whoAmI() {
    JsonObject answer = ok();
    answer.addProperty("team_id", "T07DEMO0001");
    answer.addProperty("user_id", "U07DEMO0001");
    answer.addProperty("bot_id", "B07DEMO0001");
    return new Answer(200, answer.toString());
  }

  private static Answer post(String channel, String text) {
    if (text.isEmpty()) {
      return error("no_text");
    }
    JsonObject message = new JsonObject();
    message.addProperty("type", "message");
    message.addProperty("text", text);
    JsonObject answer = ok();
    answer.addProperty("channel", channel);
    answer.addProperty("ts", "1763766000.000100");
    answer.add("message", message);
    return new Answer(200, answer.toString());
  }

  private static Answer history() {
    JsonObject answer = ok();
    answer.add("messages", new JsonArray());
    answer.addProperty("has_more", false);
    return new Answer(200, answer.toString());
  }

  private static JsonObject ok() {
    JsonObject answer = new JsonObject();
    answer.addProperty("ok", true);
    return answer;
  }

  private static Answer error(String code) {
    JsonObject answer = new JsonObject();
    answer.addProperty("ok", false);
    answer.addProperty("error", code);
    return new Answer(200, answer.toString());
  }
}
