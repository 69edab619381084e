package dev.cordon.bootstrap;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one door between adapters and the guard. No method of it throws: what goes wrong inside
 * Cordon becomes what the fail mode of the call's class says.
 */
public final class Gate {

  /**
   * What decides; installed by the launcher. May throw anything: the gate turns it into an answer.
   */
  public interface Guard {
    Admission admit(OutgoingCall call) throws Throwable;

    /**
     * Answers for a call that could not be decided through a fault of Cordon: refused or let
     * through by the fail mode, counted and journaled.
     *
     * @param method the HTTP method, null when not even that is known: taken for a write
     * @param url null when it is not known: the class of the call is that of its method then
     * @param headers empty when they are not known
     */
    Admission undecided(
        String library,
        @Nullable String method,
        @Nullable String url,
        List<Header> headers,
        Throwable fault);

    /**
     * Bodies longer than this are not held back for {@link OutgoingCall#body}: adapters of clients
     * that stream need to know it before they ask. The same for every call.
     */
    default int bodyLimitBytes() {
      return DEFAULT_BODY_LIMIT_BYTES;
    }

    /** The text as it may be written; the same instance when nothing was found. */
    String line(String text) throws Throwable;

    /** What is written in place of a line that could not be scanned. Must not throw. */
    String unscannable(Throwable fault);

    /** Counts a fault that has no call to answer for. Must not throw. */
    void fault(String where, Throwable fault);
  }

  private static final String WITHHELD = "[withheld by Cordon]";
  private static final int DEFAULT_BODY_LIMIT_BYTES = 1024 * 1024; // inspect-up-to of the rules

  private static volatile @Nullable Guard guard;

  private Gate() {}

  /** Installs the guard; from here on calls are decided. */
  public static void install(Guard installed) {
    guard = installed;
  }

  /** True when calls are decided; adapters need not ask. */
  public static boolean isGuarded() {
    return guard != null;
  }

  /**
   * Decides a call, journals the decision and returns the answer; before a write is answered with
   * "go on" its record is committed.
   *
   * @throws Passed when the application's own body threw while it was read; let it through
   */
  public static Admission admit(OutgoingCall call) throws Passed {
    Guard installed = guard;
    if (installed == null) {
      return Admission.unguarded();
    }
    try {
      return installed.admit(call);
    } catch (Passed passed) {
      throw passed;
    } catch (Throwable fault) {
      return installed.undecided(
          call.library(), methodOf(call), urlOf(call), headersOf(call), fault);
    }
  }

  /** Answers for a call whose adapter failed before the gate could decide it. Never throws. */
  public static Admission undecided(
      String library, @Nullable String method, @Nullable String url, Throwable fault) {
    Guard installed = guard;
    if (installed == null) {
      return Admission.unguarded();
    }
    return installed.undecided(library, method, url, List.of(), fault);
  }

  /** How much of a streamed body an adapter holds back before it asks for the decision. */
  public static int bodyLimitBytes() {
    Guard installed = guard;
    if (installed == null) {
      return DEFAULT_BODY_LIMIT_BYTES;
    }
    try {
      return installed.bodyLimitBytes();
    } catch (Throwable fault) {
      installed.fault("body limit", fault);
      return DEFAULT_BODY_LIMIT_BYTES;
    }
  }

  /** Redacts a text on its way into a log; the same instance when nothing was found. */
  public static String line(String text) {
    Guard installed = guard;
    if (installed == null) {
      return text;
    }
    try {
      return installed.line(text);
    } catch (Throwable fault) {
      return installed.unscannable(fault);
    }
  }

  /** What an adapter writes in place of a text that it could not hand over. Never throws. */
  public static String withheld(Throwable fault) {
    Guard installed = guard;
    return installed == null ? WITHHELD : installed.unscannable(fault);
  }

  /** Counts a fault that has no call to answer for. Never throws. */
  public static void fault(String where, Throwable fault) {
    Guard installed = guard;
    if (installed != null) {
      installed.fault(where, fault);
    }
  }

  private static @Nullable String methodOf(OutgoingCall call) {
    try {
      return call.method();
    } catch (Throwable fault) {
      return null;
    }
  }

  private static @Nullable String urlOf(OutgoingCall call) {
    try {
      return call.url();
    } catch (Throwable fault) {
      return null;
    }
  }

  private static List<Header> headersOf(OutgoingCall call) {
    try {
      return call.headers();
    } catch (Throwable fault) {
      return List.of();
    }
  }
}
