package dev.cordon.demo;

import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.StripeError;
import com.stripe.param.RefundCreateParams;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.logging.FileHandler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Brings customers' messages into Zendesk and gives money back at Stripe. SDK: stripe-java over
 * HttpURLConnection; Zendesk over java.net.http; log: java.util.logging.
 */
final class CrmConnector {

  private static final Logger log = Logger.getLogger("crm-connector");

  private final ZendeskClient zendesk;
  private final StripeClient stripe;
  private final PrintStream out;

  private CrmConnector(ZendeskClient zendesk, StripeClient stripe, PrintStream out) {
    this.zendesk = zendesk;
    this.stripe = stripe;
    this.out = out;
  }

  static void run(Environment environment, PrintStream out) throws IOException {
    List<CustomerMessage> messages = CustomerMessage.readAll(environment.path("INBOX"));
    logTo(environment.text("LOG_FILE"));
    ZendeskClient zendesk =
        new ZendeskClient(
            URI.create(environment.text("ZENDESK_URL")),
            environment.text("ZENDESK_USER"),
            environment.text("ZENDESK_API_TOKEN"));
    StripeClient stripe =
        StripeClient.builder()
            .setApiKey(environment.text("STRIPE_API_KEY"))
            .setApiBase(environment.text("STRIPE_API_BASE"))
            .setMaxNetworkRetries(2)
            .build();
    new CrmConnector(zendesk, stripe, out).handleAll(messages);
  }

  private static void logTo(String file) throws IOException {
    System.setProperty("java.util.logging.SimpleFormatter.format", "%1$tT.%1$tL %4$-7s %5$s%6$s%n");
    FileHandler handler = new FileHandler(file, true);
    handler.setFormatter(new SimpleFormatter());
    log.setUseParentHandlers(false);
    log.setLevel(Level.ALL);
    log.addHandler(handler);
  }

  private void handleAll(List<CustomerMessage> messages) {
    for (CustomerMessage message : messages) {
      log.log(
          Level.INFO,
          "ticket {0}: from {1} <{2}>",
          new Object[] {Long.toString(message.ticket()), message.name(), message.email()});
      for (CustomerMessage.Step step : message.plan()) {
        perform(message, step);
      }
    }
  }

  private void perform(CustomerMessage message, CustomerMessage.Step step) {
    switch (step.action()) {
      case UPDATE_TICKET -> updateTicket(message);
      case DELETE_TICKET -> deleteTicket(message);
      case REFUND -> refund(message, step);
      case TELL_TEAM, ARCHIVE_CHANNEL -> {} // the bot's
    }
  }

  private void updateTicket(CustomerMessage message) {
    String what = "comment on ticket " + message.ticket();
    atZendesk(
        what,
        message,
        () -> {
          if (!zendesk.status(message.ticket()).equals("closed")) {
            zendesk.comment(message.ticket(), message.text());
          }
        });
  }

  private void deleteTicket(CustomerMessage message) {
    atZendesk("delete ticket " + message.ticket(), message, () -> zendesk.delete(message.ticket()));
  }

  private void atZendesk(String what, CustomerMessage message, ZendeskCall call) {
    try {
      call.send();
      report(what, "done");
    } catch (ZendeskClient.ZendeskException e) {
      log.log(Level.WARNING, what + " for " + message.email(), e);
      report(
          what,
          "refused, HTTP " + e.status() + ", error=" + e.error() + ", \"" + e.getMessage() + "\"");
    } catch (IOException e) {
      log.log(Level.WARNING, what + " for " + message.email(), e);
      report(what, "failed, " + e.getClass().getName());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      report(what, "interrupted");
    }
  }

  private void refund(CustomerMessage message, CustomerMessage.Step step) {
    String what = "refund " + euros(step.amountInCents()) + " for ticket " + message.ticket();
    try {
      String currency = stripe.v1().charges().retrieve(step.charge()).getCurrency();
      RefundCreateParams refund =
          RefundCreateParams.builder()
              .setCharge(step.charge())
              .setAmount(step.amountInCents())
              .setCurrency(currency)
              .setReason(RefundCreateParams.Reason.valueOf(step.reason().toUpperCase(Locale.ROOT)))
              .build();
      report(what, "done, " + stripe.v1().refunds().create(refund).getStatus());
    } catch (StripeException e) {
      log.log(Level.WARNING, what + ", to be paid to " + message.email(), e);
      report(what, "refused, " + describe(e));
    }
  }

  private static String describe(StripeException e) {
    StripeError error = e.getStripeError();
    return e.getClass().getSimpleName()
        + ", HTTP "
        + e.getStatusCode()
        + ", code="
        + e.getCode()
        + ", \""
        + (error == null ? e.getMessage() : error.getMessage())
        + "\"";
  }

  private static String euros(long cents) {
    return BigDecimal.valueOf(cents, 2) + " EUR";
  }

  private void report(String what, String outcome) {
    out.println(what + ": " + outcome);
  }

  private interface ZendeskCall {
    void send() throws IOException, InterruptedException, ZendeskClient.ZendeskException;
  }
}
