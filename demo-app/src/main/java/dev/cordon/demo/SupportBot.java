package dev.cordon.demo;

import com.slack.api.Slack;
import com.slack.api.SlackConfig;
import com.slack.api.methods.MethodsClient;
import com.slack.api.methods.SlackApiException;
import com.slack.api.methods.SlackApiTextResponse;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Tells the team about customers' messages in Slack. SDK: slack-api-client; log: Logback. */
final class SupportBot {

  private static final Logger log = LoggerFactory.getLogger("support-bot");

  private final MethodsClient slack;
  private final String channel;
  private final PrintStream out;

  private SupportBot(MethodsClient slack, String channel, PrintStream out) {
    this.slack = slack;
    this.channel = channel;
    this.out = out;
  }

  static void run(Environment environment, PrintStream out) throws IOException {
    List<CustomerMessage> messages = CustomerMessage.readAll(environment.path("INBOX"));
    SlackConfig config = new SlackConfig();
    config.setMethodsEndpointUrlPrefix(environment.text("SLACK_API_URL"));
    try (Slack slack = Slack.getInstance(config)) {
      MethodsClient methods = slack.methods(environment.text("SLACK_BOT_TOKEN"));
      new SupportBot(methods, environment.text("SLACK_CHANNEL"), out).handleAll(messages);
    } catch (IOException e) {
      throw e;
    } catch (Exception e) { // Slack.close() declares it
      throw new IOException("the Slack client could not be closed", e);
    }
  }

  private void handleAll(List<CustomerMessage> messages) {
    // A read, although Slack wants it as a POST.
    perform("read the channel", () -> slack.conversationsHistory(r -> r.channel(channel).limit(5)));
    for (CustomerMessage message : messages) {
      MDC.put("customer", message.email());
      log.info("ticket {}: {} <{}> wrote", message.ticket(), message.name(), message.email());
      log.debug("ticket {}: {}", message.ticket(), message.text());
      for (CustomerMessage.Step step : message.plan()) {
        perform(message, step);
      }
      MDC.clear();
    }
  }

  private void perform(CustomerMessage message, CustomerMessage.Step step) {
    switch (step.action()) {
      case TELL_TEAM ->
          perform(
              "post about ticket " + message.ticket(),
              () -> slack.chatPostMessage(r -> r.channel(channel).text(summary(message))));
      case ARCHIVE_CHANNEL ->
          perform("archive the channel", () -> slack.conversationsArchive(r -> r.channel(channel)));
      case UPDATE_TICKET, DELETE_TICKET, REFUND -> {} // the connector's
    }
  }

  private static String summary(CustomerMessage message) {
    return "Ticket "
        + message.ticket()
        + ", "
        + message.name()
        + " <"
        + message.email()
        + ">: "
        + message.text();
  }

  private void perform(String what, SlackCall call) {
    String outcome;
    try {
      SlackApiTextResponse response = call.send();
      outcome = response.isOk() ? "done" : "refused, ok=false, error=" + response.getError();
    } catch (SlackApiException e) {
      outcome =
          "refused, SlackApiException, HTTP "
              + e.getResponse().code()
              + ", error="
              + (e.getError() == null ? "" : e.getError().getError());
    } catch (IOException e) {
      outcome = "failed, " + e.getClass().getName();
    }
    if (!outcome.equals("done")) {
      log.warn("{} for {}: {}", what, MDC.get("customer"), outcome);
    }
    out.println(what + ": " + outcome);
  }

  private interface SlackCall {
    SlackApiTextResponse send() throws IOException, SlackApiException;
  }
}
