package dev.cordon.rules;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one decision was made of, for the journal: names that a pack, a rule file or our own list of
 * words knows, truth values, amounts that a rule compared. No value of the call but one, {@link
 * #subject}. Filled by {@link RuleSet#decide(CallFacts, Trail)}; for one thread.
 */
public final class Trail {
  static final int BODY_READ = 1;
  static final int BODY_TOO_LARGE = 2;
  static final int BODY_UNREADABLE = 3;
  static final int BODY_MASK = 3;
  static final int SECURE = 4;
  static final int HOST_MALFORMED = 8;
  static final int PATH_MALFORMED = 16;
  static final int ODD_CASE = 32;
  static final int UNCLEAR = 64;
  static final int WEB_SOCKET = 128;
  static final int PROTOCOL_SHIFT = 8; // two bits: 0 HTTP, 1 GraphQL, 2 JSON-RPC, 3 SOAP
  static final int FRONTED = 1024;
  static final int INCOMPLETE = 2048;
  static final int FAILED = 4096;

  /** Longer paths have no route. */
  static final int MAX_ROUTE_SEGMENTS = 24;

  private static final int MAX_PRINTS = 40;

  /** What the scan of a call for what must not leave came to. */
  public enum Scan {
    NONE,
    NOTHING,
    CHANGED,
    LEFT_SIGNED,
    BLOCKED,
    MALFORMED_HEADER,
    SIGNED_BODY,
    UNSCANNABLE;

    private static final Scan[] ALL = values();

    static Scan of(int code) {
      return code < 0 || code >= ALL.length ? NONE : ALL[code];
    }
  }

  int flags;
  int methods;
  long classes;
  long redactions;
  int count;
  long[] prints = new long[8];
  byte[] values = new byte[8];
  String route = "";
  List<String> operations = List.of();
  List<String> fields = List.of();
  String actor = "";
  String decidedFor = "";
  long money = MoneyReader.UNKNOWN;
  String currency = "";
  boolean moneyCompared;
  String subject = "";
  @Nullable Prints from;

  public Trail() {}

  void add(long print, int value) {
    for (int i = 0; i < count; i++) {
      if (prints[i] == print) {
        values[i] |= (byte) value; // of the same calls: one rule may allow them, another not
        return;
      }
    }
    if (count == MAX_PRINTS) {
      flags |= INCOMPLETE;
      return;
    }
    if (count == prints.length) {
      prints = Arrays.copyOf(prints, count * 2);
      values = Arrays.copyOf(values, count * 2);
    }
    prints[count] = print;
    values[count++] = (byte) value;
  }

  /** Tells what the scan came to, and whether the body has a content coding. */
  public void scanned(Scan scan, boolean coded) {
    add(Prints.SCAN, scan.ordinal());
    if (coded) {
      add(Prints.CODED, 1);
    }
  }

  /** Tells how the limits came out. */
  public void held(Hold hold) {
    hold.tell(this);
  }

  public int flags() {
    return flags;
  }

  /** The methods that the call may be taken for, a bit each. */
  public int methods() {
    return methods;
  }

  /** Version of the list of words. */
  public int words() {
    return Words.VERSION;
  }

  public long classes() {
    return classes;
  }

  public long redactions() {
    return redactions;
  }

  public int count() {
    return count;
  }

  /** The first {@link #count()} are in use; not to be changed. */
  public long[] prints() {
    return prints;
  }

  /** What came of each print. */
  public byte[] values() {
    return values;
  }

  /** The path with {@code *} for what is no word of an API; empty when it has none. */
  public String route() {
    return route;
  }

  /** What the body asks an endpoint for. */
  public List<String> operations() {
    return operations;
  }

  /** Names of the fields that a write has, {@code other} for all that are not known. */
  public List<String> fields() {
    return fields;
  }

  /** Host and port of a Host header, where the decision is the one for them; else empty. */
  public String decidedFor() {
    return decidedFor;
  }

  /** Who calls; empty when nothing tells. */
  public String actor() {
    return actor;
  }

  /** Thousandths of the currency's unit; -1 when the call has no amount that can be told. */
  public long money() {
    return money;
  }

  public String currency() {
    return currency;
  }

  /** True when a rule compared the amount, so that it may be told exactly. */
  public boolean moneyCompared() {
    return moneyCompared;
  }

  /**
   * Whom the call is about, as the call names them: an identifier or an address, so nothing may
   * keep it but under a keyed hash. Empty unless the rules keep evidence ({@code
   * retention.raw-evidence}) and a pack tells.
   */
  public String subject() {
    return subject;
  }
}
