package dev.cordon.demo;

import com.google.gson.Gson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * One message of a customer, and the calls that the planner (in real life a language model) made of
 * it. The services run a plan as it comes; that is why something has to stand at their exit.
 *
 * @param ticket the number of the ticket at Zendesk
 * @param name the customer's name
 * @param email the customer's address
 * @param text what the customer wrote
 * @param plan what shall be done about it
 */
record CustomerMessage(long ticket, String name, String email, String text, List<Step> plan) {

  /** A step of a plan. Only a refund uses the last three; for the others they are empty and 0. */
  record Step(Action action, String charge, String reason, long amountInCents) {
    Step {
      charge = charge == null ? "" : charge; // Gson hands in null for what the file leaves out
      reason = reason == null ? "" : reason;
    }
  }

  /** What the services can do. */
  enum Action {
    /** Slack: tell the team in its public channel. */
    TELL_TEAM,
    /** Slack: put the channel away. */
    ARCHIVE_CHANNEL,
    /** Zendesk: add the message to the ticket. */
    UPDATE_TICKET,
    /** Zendesk: remove the ticket. */
    DELETE_TICKET,
    /** Stripe: give money back. */
    REFUND
  }

  /** Reads a file with a JSON array of messages. */
  static List<CustomerMessage> readAll(Path file) throws IOException {
    CustomerMessage[] messages =
        new Gson().fromJson(Files.readString(file), CustomerMessage[].class);
    return List.of(messages);
  }
}
