package dev.cordon.demo;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.cordon.demo.StandInVendors.Answer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reading, changing and removing a ticket, with Zendesk's own errors. */
final class ZendeskStandIn implements StandInVendors.StandIn {

  private static final Pattern TICKET = Pattern.compile("/api/v2/tickets/(\\d{1,18})\\.json");

  private final String authorization;
  private final Map<Long, String> statusOfTicket =
      new ConcurrentHashMap<>(Map.of(35436L, "new", 35437L, "new", 35438L, "new"));

  ZendeskStandIn(Credentials credentials) {
    String user = credentials.zendeskUser() + "/token:" + credentials.zendeskToken();
    byte[] bytes = user.getBytes(StandardCharsets.UTF_8);
    this.authorization = "Basic " + Base64.getEncoder().encodeToString(bytes);
  }

  @Override
  public Answer answer(String method, String path, String body, String authorization) {
    if (!authorization.equals(this.authorization)) {
      return new Answer(401, "{\"error\":\"Couldn't authenticate you\"}");
    }
    Matcher matcher = TICKET.matcher(path);
    if (!matcher.matches()) {
      return new Answer(
          404, "{\"error\":{\"title\":\"Invalid endpoint\",\"message\":\"Not found\"}}");
    }
    long ticket = Long.parseLong(matcher.group(1));
    if (!statusOfTicket.containsKey(ticket)) {
      return new Answer(404, "{\"error\":\"RecordNotFound\",\"description\":\"Not found\"}");
    }
    return switch (method) {
      case "GET" -> ticket(ticket);
      case "PUT" -> change(ticket, body);
      case "DELETE" -> {
        statusOfTicket.remove(ticket);
        yield new Answer(204, "");
      }
      default -> new Answer(405, "");
    };
  }

  private Answer change(long ticket, String body) {
    try {
      JsonObject change = JsonParser.parseString(body).getAsJsonObject().getAsJsonObject("ticket");
      if (change.has("status")) {
        statusOfTicket.put(ticket, change.get("status").getAsString());
      }
      return ticket(ticket);
    } catch (JsonParseException | IllegalStateException | NullPointerException e) {
      return new Answer(
          422, "{\"error\":\"RecordInvalid\",\"description\":\"Record validation errors\"}");
    }
  }

  private Answer ticket(long id) {
    JsonObject ticket = new JsonObject();
    ticket.addProperty("id", id);
    ticket.addProperty("status", statusOfTicket.get(id));
    JsonObject answer = new JsonObject();
    answer.add("ticket", ticket);
    return new Answer(200, answer.toString());
  }
}
