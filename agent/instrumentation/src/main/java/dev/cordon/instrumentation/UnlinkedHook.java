package dev.cordon.instrumentation;

import dev.cordon.bootstrap.Admission;
import dev.cordon.bootstrap.CallDenied;
import dev.cordon.bootstrap.Dispatcher;
import dev.cordon.bootstrap.Gate;
import dev.cordon.bootstrap.Hook;
import dev.cordon.bootstrap.Refusal;
import org.jspecify.annotations.Nullable;

/** Stands in for a hook that could not be made: the gate says what becomes of its calls. */
final class UnlinkedHook extends Hook {

  private final LibraryInstrumentation library;
  private final boolean
      isClient; // asked on threads that may be out of stack: no switch, no look-up
  private final Throwable fault;

  UnlinkedHook(LibraryInstrumentation library, Throwable fault) {
    this.library = library;
    this.isClient = library.kind() == LibraryInstrumentation.Kind.CLIENT;
    this.fault = fault;
  }

  @Override
  protected @Nullable Object around(@Nullable Object self, Object[] arguments) throws CallDenied {
    return isClient ? undecided() : Dispatcher.PROCEED;
  }

  @Override
  protected @Nullable Object failed(@Nullable Object self, Object[] arguments, Throwable again)
      throws CallDenied {
    return isClient ? undecided() : Dispatcher.PROCEED; // a refusal has no place in a logger
  }

  private Object undecided() throws CallDenied {
    // no method is known here, so the call counts as a write
    Admission admission = Gate.undecided(library.library(), null, fault);
    Refusal refusal = admission.refusal();
    if (refusal != null) {
      throw refusal.toException();
    }
    return Dispatcher.PROCEED;
  }
}
