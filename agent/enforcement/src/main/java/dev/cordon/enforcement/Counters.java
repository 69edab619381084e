package dev.cordon.enforcement;

import java.util.concurrent.atomic.LongAdder;

/** What the guard has done since the start of the JVM. Any thread may count and read. */
public final class Counters {
  final LongAdder calls = new LongAdder();
  final LongAdder refused = new LongAdder();
  final LongAdder rewritten = new LongAdder();
  final LongAdder unjournaled = new LongAdder();
  final LongAdder faults = new LongAdder();
  final LongAdder redactedLines = new LongAdder();
  final LongAdder withheldLines = new LongAdder();

  final LongAdder redactedResponses = new LongAdder();
  final LongAdder withheldResponses = new LongAdder();

  Counters() {}

  /** Calls decided, refused ones included. */
  public long calls() {
    return calls.sum();
  }

  public long refused() {
    return refused.sum();
  }

  /** Calls that left with a changed URL, header or body. */
  public long rewritten() {
    return rewritten.sum();
  }

  /** Records that no journal took. */
  public long unjournaled() {
    return unjournaled.sum();
  }

  /** Faults of Cordon itself. */
  public long faults() {
    return faults.sum();
  }

  public long redactedLines() {
    return redactedLines.sum();
  }

  /** Lines that could not be scanned and were replaced whole. */
  public long withheldLines() {
    return withheldLines.sum();
  }

  /** Bodies of responses in which something was replaced. */
  public long redactedResponses() {
    return redactedResponses.sum();
  }

  /** Bodies of responses, or rests of them, that could not be scanned and were not handed on. */
  public long withheldResponses() {
    return withheldResponses.sum();
  }
}
