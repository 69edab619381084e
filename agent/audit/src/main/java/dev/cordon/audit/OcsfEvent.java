package dev.cordon.audit;

import dev.cordon.journal.JournalEntry;
import dev.cordon.journal.RecordKind;
import java.util.Set;

/**
 * A record in the Open Cybersecurity Schema Framework, 1.8.0: a call as API Activity with the
 * profile security_control, anything else as a base event. What the schema has no place for is
 * unmapped.
 */
final class OcsfEvent {

  private static final String SCHEMA = "1.8.0";
  private static final int APPLICATION = 6;
  private static final int API_ACTIVITY = 6003;
  private static final int OTHER = 99;
  private static final Set<String> METHODS =
      Set.of("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE");

  private OcsfEvent() {}

  static String of(JournalEntry entry) {
    boolean call = ExportForm.isCall(entry);
    int activity = call ? activity(entry) : OTHER;
    int classUid = call ? API_ACTIVITY : 0;
    Json json = Json.compact().open('{');
    json.number("time", entry.time().toEpochMilli());
    json.number("category_uid", call ? APPLICATION : 0).number("class_uid", classUid);
    json.number("activity_id", activity).number("type_uid", classUid * 100L + activity);
    if (activity == OTHER) {
      json.text("activity_name", call ? entry.method() : StatsCommand.label(entry));
    }
    json.number("severity_id", severity(entry)).number("status_id", status(entry));
    json.text("message", ExportForm.message(entry)).maybe("status_detail", entry.reason());
    if (entry.status() != 0) {
      json.text("status_code", Integer.toString(entry.status()));
    }
    json.maybe("duration", entry.latencyNs() < 0 ? -1 : entry.latencyNs() / 1_000_000);
    metadata(json, entry, call);
    if (call) {
      call(json, entry);
    }
    unmapped(json, entry);
    return json.close('}').toString();
  }

  private static int activity(JournalEntry entry) {
    if (entry.callClass().equals("read")) {
      return 2;
    }
    return switch (entry.method()) {
      case "" -> 0; // of what came of a call the journal has no method
      case "POST" -> 1;
      case "GET", "HEAD", "OPTIONS" -> 2;
      case "PUT", "PATCH" -> 3;
      case "DELETE" -> 4;
      default -> OTHER;
    };
  }

  private static int severity(JournalEntry entry) {
    return ExportForm.isTrouble(entry) ? 4 : ExportForm.isStopped(entry) ? 3 : 1;
  }

  private static int status(JournalEntry entry) {
    return switch (entry.kind()) {
      case CALL_REQUEST -> ExportForm.isStopped(entry) ? 2 : 0; // not known until it is answered
      case CALL_RESPONSE -> entry.status() >= 400 ? 2 : 1;
      case CALL_ERROR, AGENT_FAULT, POLICY_REJECT, HOOK_MISSING, GAP -> 2;
      default -> 1;
    };
  }

  private static void metadata(Json json, JournalEntry entry, boolean call) {
    json.key("metadata").open('{').text("version", SCHEMA);
    json.key("product").open('{').text("name", "Cordon").text("vendor_name", "Cordon");
    json.maybe("version", entry.instance().version()).close('}');
    json.text("uid", ExportForm.id(entry)).text("event_code", StatsCommand.label(entry));
    json.text("log_name", entry.origin()).maybe("correlation_uid", ExportForm.request(entry));
    json.number("sequence", Math.max(0, entry.n()));
    json.text("original_time", entry.time().toString());
    if (call) {
      json.key("profiles").open('[').value("security_control").close(']');
    }
    json.close('}');
  }

  private static void call(Json json, JournalEntry entry) {
    String request = ExportForm.request(entry);
    String operation = entry.operation().isEmpty() ? entry.route() : entry.operation();
    json.key("actor").open('{').text("app_name", entry.instance().service());
    if (!entry.actor().isEmpty()) {
      json.key("user").open('{').text("name", entry.actor()).close('}');
    }
    json.close('}').key("api").open('{').text("operation", operation);
    if (!entry.destination().isEmpty()) {
      json.key("service").open('{').text("name", entry.destination()).close('}');
    }
    if (!request.isEmpty()) {
      json.key("request").open('{').text("uid", request).close('}');
    }
    json.close('}').key("src_endpoint").open('{').text("svc_name", entry.instance().service());
    json.maybe("hostname", entry.instance().host()).maybe("instance_uid", entry.instance().run());
    json.close('}');
    String host = ExportForm.host(entry);
    if (!host.isEmpty()) {
      json.key("dst_endpoint").open('{');
      boolean address = host.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[.*\\]");
      json.text(address ? "ip" : "hostname", host.replace("[", "").replace("]", ""));
      json.maybe("port", ExportForm.port(entry)).close('}');
    }
    if (METHODS.contains(entry.method())) {
      json.key("http_request").open('{').text("http_method", entry.method());
      json.maybe("uid", request).maybe("length", entry.requestBytes()).close('}');
    }
    if (entry.status() != 0) {
      json.key("http_response").open('{').number("code", entry.status());
      json.maybe("length", entry.responseBytes());
      json.maybe("latency", entry.latencyNs() < 0 ? -1 : entry.latencyNs() / 1_000_000);
      json.close('}');
    }
    if (entry.kind() == RecordKind.CALL_REQUEST) {
      decision(json, entry);
    }
  }

  /** Profile security_control. */
  private static void decision(Json json, JournalEntry entry) {
    int action =
        switch (Outcome.of(entry.decision())) {
          case ALLOWED -> 1;
          case APPROVAL, ESCALATED, REFUSED -> 2;
          case OBSERVED -> 3;
          case REDACTED -> entry.observe() ? 3 : 4;
          case OTHER -> OTHER;
        };
    json.number("action_id", action);
    json.number("disposition_id", action == 1 ? 1 : action == 2 ? 2 : OTHER);
    json.maybe("action", entry.decision()).maybe("disposition", entry.decision());
    if (!entry.rules().isEmpty()) {
      json.key("firewall_rule").open('{').text("uid", entry.rules().get(0)).close('}');
    }
    if (entry.policy() != 0) {
      json.key("policy").open('{').text("uid", ExportForm.policy(entry));
      json.flag("is_applied", !entry.observe()).close('}');
    }
  }

  private static void unmapped(Json json, JournalEntry entry) {
    json.key("unmapped").open('{').maybe("class", entry.callClass());
    json.maybe("environment", entry.instance().environment()).maybe("library", entry.library());
    json.texts("rules", entry.rules()).texts("fields", entry.fields());
    json.key("findings").open('{');
    entry.findings().forEach(json::number);
    json.close('}').maybe("error", entry.error()).maybe("route", entry.route());
    json.maybe("trace", entry.trace()).maybe("span", entry.span());
    json.maybe("cost_ns", entry.costNs()).key("attributes").open('{');
    entry.attributes().forEach(json::text);
    json.close('}').close('}');
  }
}
