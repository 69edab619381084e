package dev.cordon.launcher;

import dev.cordon.instrumentation.Coverage;
import java.util.function.Consumer;

/** Coverage that has a client tested when its first hook is woven. */
record TestedCoverage(Coverage coverage, SelfTest selfTest, Consumer<String> onFailure)
    implements Coverage {

  @Override
  public void installed(String library, String target) {
    coverage.installed(library, target);
    selfTest.woven(library, onFailure);
  }

  @Override
  public void missing(String library, String target, String why) {
    coverage.missing(library, target, why);
  }
}
