package dev.cordon.instrumentation;

import java.util.Locale;

/**
 * The headers by which other agents say what trace a call is a part of. They come behind the
 * decision where such an agent is attached as well, and change nothing in a call: decided again for
 * them, each call would be two to limits, to idempotency and in the journal.
 */
public final class Tracing {

  private Tracing() {}

  /**
   * True for a name that W3C, B3, Jaeger, OpenTracing or a vendor of tracing gave to such a one.
   */
  public static boolean isHeader(String written) {
    String name = written.toLowerCase(Locale.ROOT);
    switch (name) {
      case "traceparent", "tracestate", "baggage", "b3", "uber-trace-id", "sentry-trace":
      case "x-amzn-trace-id", "x-cloud-trace-context", "elastic-apm-traceparent", "newrelic":
      case "sw8", "sw8-correlation", "sw8-x", "x-dynatrace", "singularityheader":
        return true;
      default:
        return name.startsWith("x-b3-")
            || name.startsWith("x-datadog-")
            || name.startsWith("x-instana-")
            || name.startsWith("uberctx-")
            || name.startsWith("jaeger-")
            || name.startsWith("ot-tracer-")
            || name.startsWith("ot-baggage-");
    }
  }
}
