package dev.cordon.audit;

import dev.cordon.journal.JournalEntry;
import dev.cordon.journal.RecordKind;
import java.util.List;

/** A record in the Elastic Common Schema, 9.4.0; what that has no field for stands below cordon. */
final class EcsEvent {

  private static final String SCHEMA = "9.4.0";

  private EcsEvent() {}

  static String of(JournalEntry entry) {
    Json json = Json.compact().open('{').text("@timestamp", entry.time().toString());
    json.text("message", ExportForm.message(entry));
    json.key("ecs").open('{').text("version", SCHEMA).close('}');
    event(json, entry);
    json.key("service").open('{').maybe("name", entry.instance().service());
    json.maybe("environment", entry.instance().environment()).close('}');
    json.key("observer").open('{').text("vendor", "Cordon").text("product", "Cordon");
    json.maybe("version", entry.instance().version()).close('}');
    json.key("host").open('{').maybe("hostname", entry.instance().host()).close('}');
    String pid = entry.instance().pid();
    if (pid.matches("[0-9]{1,10}")) {
      json.key("process").open('{').number("pid", Long.parseLong(pid)).close('}');
    }
    if (!entry.trace().isEmpty()) {
      json.key("trace").open('{').text("id", entry.trace()).close('}');
      json.key("span").open('{').text("id", entry.span()).close('}');
    }
    if (!entry.actor().isEmpty()) {
      json.key("user").open('{').text("name", entry.actor()).close('}');
    }
    if (!entry.rules().isEmpty()) {
      json.key("rule").open('{').text("id", entry.rules().get(0));
      json.maybe("ruleset", ExportForm.policy(entry)).close('}');
    }
    String host = ExportForm.host(entry);
    if (!host.isEmpty()) {
      json.key("destination").open('{').text("address", host).text("domain", host);
      json.maybe("port", ExportForm.port(entry)).close('}');
      json.key("url").open('{').text("domain", host);
      json.maybe("port", ExportForm.port(entry)).close('}');
    }
    if (ExportForm.isCall(entry)) {
      http(json, entry);
    }
    if (!entry.error().isEmpty()) {
      json.key("error").open('{').text("type", entry.error()).close('}');
    }
    own(json, entry);
    return json.close('}').toString();
  }

  private static void event(Json json, JournalEntry entry) {
    json.key("event").open('{').text("id", ExportForm.id(entry)).text("kind", "event");
    List<String> category = category(entry);
    if (!category.isEmpty()) {
      json.texts("category", category);
    }
    json.texts("type", type(entry)).text("action", StatsCommand.label(entry));
    json.text("outcome", outcome(entry)).maybe("reason", entry.reason());
    json.text("module", "cordon").text("dataset", "cordon.journal");
    json.number("sequence", Math.max(0, entry.n())).maybe("duration", entry.latencyNs());
    json.close('}');
  }

  private static List<String> category(JournalEntry entry) {
    return switch (entry.kind()) {
      case CALL_REQUEST, CALL_RESPONSE, CALL_ERROR -> List.of("api", "web");
      case POLICY_ACTIVATE, POLICY_LOAD, POLICY_REJECT -> List.of("configuration");
      case AGENT_START, AGENT_STOP -> List.of("process");
      default -> List.of();
    };
  }

  private static List<String> type(JournalEntry entry) {
    return switch (entry.kind()) {
      case CALL_REQUEST -> List.of("access", ExportForm.isStopped(entry) ? "denied" : "allowed");
      case CALL_RESPONSE, AGENT_STOP -> List.of("end");
      case CALL_ERROR, AGENT_FAULT, POLICY_REJECT -> List.of("error");
      case AGENT_START -> List.of("start");
      case POLICY_ACTIVATE -> List.of("change");
      default -> List.of("info");
    };
  }

  private static String outcome(JournalEntry entry) {
    return switch (entry.kind()) {
      case CALL_REQUEST -> ExportForm.isStopped(entry) ? "failure" : "unknown";
      case CALL_RESPONSE -> entry.status() >= 400 ? "failure" : "success";
      case CALL_ERROR, AGENT_FAULT, POLICY_REJECT, HOOK_MISSING, GAP -> "failure";
      default -> "success";
    };
  }

  private static void http(Json json, JournalEntry entry) {
    json.key("http").open('{').key("request").open('{').maybe("method", entry.method());
    json.maybe("id", ExportForm.request(entry)).maybe("bytes", entry.requestBytes()).close('}');
    if (entry.kind() == RecordKind.CALL_RESPONSE) {
      json.key("response").open('{').number("status_code", entry.status());
      json.maybe("bytes", entry.responseBytes()).close('}');
    }
    json.close('}');
  }

  private static void own(Json json, JournalEntry entry) {
    json.key("cordon").open('{').maybe("decision", entry.decision());
    json.maybe("class", entry.callClass()).maybe("operation", entry.operation());
    json.maybe("route", entry.route()).maybe("library", entry.library());
    json.maybe("policy", ExportForm.policy(entry)).maybe("run", entry.instance().run());
    json.texts("rules", entry.rules()).texts("fields", entry.fields());
    json.flag("observed", entry.observe()).maybe("cost_ns", entry.costNs());
    json.key("findings").open('{');
    entry.findings().forEach(json::number);
    json.close('}').key("attributes").open('{');
    entry.attributes().forEach(json::text);
    json.close('}').close('}');
  }
}
