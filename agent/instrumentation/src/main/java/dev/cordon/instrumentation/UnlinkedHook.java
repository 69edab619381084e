package dev.cordon.instrumentation;

import dev.cordon.bootstrap.Admission;
import dev.cordon.bootstrap.CallDenied;
import dev.cordon.bootstrap.Dispatcher;
import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Hook;
import dev.cordon.bootstrap.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for a hook that could not be made. The gate says what becomes of the calls of a client;
 * what a logger would write is withheld.
 */
final class UnlinkedHook extends Hook {

  private static final String WITHHELD = "[CORDON: line withheld, redaction unavailable]";

  private final String library;
  // both asked on threads that may be out of stack: no switch, no look-up
  private final boolean isClient;
  private final @Nullable Object withheld;
  private final Throwable fault;

  UnlinkedHook(LibraryInstrumentation library, Target target, Throwable fault) {
    this.library = library.library();
    this.isClient = library.kind() == LibraryInstrumentation.Kind.CLIENT;
    this.withheld = isClient ? null : inPlaceOf(target.descriptor());
    this.fault = fault;
  }

  /** What can be written in place of a value of the method's type, and holds nothing. */
  private static @Nullable Object inPlaceOf(String descriptor) {
    String type = descriptor.substring(descriptor.indexOf(')') + 1);
    return switch (type) {
      case "Ljava/lang/String;" -> WITHHELD;
      case "[B" -> (WITHHELD + "\n").getBytes(StandardCharsets.UTF_8);
      case "Ljava/util/Map;" -> Collections.emptyMap(); // of which null can be asked
      case "Ljava/util/List;" -> Collections.emptyList();
      default ->
          type.startsWith("L") || type.startsWith("[") ? null : Dispatcher.PROCEED; // no text
    };
  }

  @Override
  protected @Nullable Object around(@Nullable Object self, Object[] arguments) throws CallDenied {
    if (isClient) {
      return undecided();
    }
    if (!Gate.isGuarded()) {
      return Dispatcher.PROCEED;
    }
    Gate.withheld(fault); // counts and journals it
    return withheld;
  }

  @Override
  protected @Nullable Object failed(@Nullable Object self, Object[] arguments, Throwable again)
      throws CallDenied {
    return isClient ? undecided() : withheld; // a refusal has no place in a logger
  }

  private Object undecided() throws CallDenied {
    // no method is known here, so the call counts as a write
    Admission admission = Gate.undecided(library, null, null, fault);
    Refusal refusal = admission.refusal();
    if (refusal != null) {
      throw refusal.toException();
    }
    return Dispatcher.PROCEED;
  }
}
