package dev.cordon.demo;

import dev.cordon.demo.Received.Vendor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What came of one run of the services: what left them, and what they said. */
record Side(
    List<Received> received,
    List<String> outcomes,
    List<String> botLog,
    List<String> connectorLog,
    List<String> errors) {

  List<Received> received(Vendor vendor, String method, String pathStart) {
    List<Received> matching = new ArrayList<>();
    for (Received request : received) {
      if (request.vendor() == vendor
          && request.method().equals(method)
          && request.path().startsWith(pathStart)) {
        matching.add(request);
      }
    }
    return matching;
  }

  /** The refunds that Stripe got, for instance "18.50 EUR (duplicate)". */
  List<Map<String, String>> refunds() {
    List<Map<String, String>> forms = new ArrayList<>();
    for (Received request : received(Vendor.STRIPE, "POST", "/v1/refunds")) {
      forms.add(request.form());
    }
    return forms;
  }

  /** The texts that Slack was given to post. */
  List<String> posts() {
    List<String> texts = new ArrayList<>();
    for (Received request : received(Vendor.SLACK, "POST", "/api/chat.postMessage")) {
      texts.add(request.form().getOrDefault("text", ""));
    }
    return texts;
  }

  /** The bodies with which Zendesk was asked to change tickets. */
  List<String> ticketChanges() {
    List<String> bodies = new ArrayList<>();
    for (Received request : received(Vendor.ZENDESK, "PUT", "/api/v2/tickets/")) {
      bodies.add(request.body());
    }
    return bodies;
  }

  /** The prompts that the model was sent. */
  List<String> prompts() {
    List<String> bodies = new ArrayList<>();
    for (Received request : received(Vendor.MODEL, "POST", "/v1/chat/completions")) {
      bodies.add(request.body());
    }
    return bodies;
  }

  /** What the bot got as drafts. */
  List<String> drafts() {
    return outcomes.stream().filter(outcome -> outcome.startsWith("draft for")).toList();
  }

  /** All that left and all that was logged, as one text to search. */
  String everythingLogged() {
    return String.join("\n", botLog) + "\n" + String.join("\n", connectorLog);
  }

  /** What a service reported about a step that starts with these words; empty if it did not. */
  String outcome(String start) {
    for (String outcome : outcomes) {
      if (outcome.startsWith(start)) {
        return outcome;
      }
    }
    return "";
  }
}
