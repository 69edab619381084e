package dev.cordon.instrumentation.jul;

import dev.cordon.instrumentation.LibraryInstrumentation;
import dev.cordon.instrumentation.LoggedValues;
import dev.cordon.instrumentation.Target;
import java.util.List;

/** What is woven into java.util.logging. */
public final class JulInstrumentation implements LibraryInstrumentation {

  private static final String PACKAGE = "dev.cordon.instrumentation.jul.";
  private static final String RECORD = "java/util/logging/LogRecord";

  @Override
  public String library() {
    return "jul";
  }

  @Override
  public Kind kind() {
    return Kind.LOGGER;
  }

  @Override
  public List<String> companions() {
    return List.of("java/util/logging/Logger");
  }

  @Override
  public void prepare() {
    LoggedValues.prepare();
    Formatting.check();
    SecondLook.check();
  }

  @Override
  public List<Target> targets() {
    return List.of(
        Target.of(RECORD, "getMessage", "()Ljava/lang/String;", PACKAGE + "MessageHook"),
        Target.of(RECORD, "getParameters", "()[Ljava/lang/Object;", PACKAGE + "ParametersHook"),
        Target.of(RECORD, "getThrown", "()Ljava/lang/Throwable;", PACKAGE + "ThrownHook"),
        new Target(
            "java/util/logging/Formatter",
            "formatMessage",
            "(Ljava/util/logging/LogRecord;)Ljava/lang/String;",
            PACKAGE + "FormatMessageHook",
            List.of(),
            false,
            true),
        Target.of(
            "java/util/logging/XMLFormatter",
            "format",
            "(Ljava/util/logging/LogRecord;)Ljava/lang/String;",
            PACKAGE + "XmlFormatHook"),
        Target.of(
            "java/util/logging/Handler",
            "getFormatter",
            "()Ljava/util/logging/Formatter;",
            PACKAGE + "FormatterHook"),
        new Target(
            "java/util/logging/StreamHandler",
            "publish",
            "(Ljava/util/logging/LogRecord;)V",
            PACKAGE + "PublishHook",
            List.of(),
            false,
            true));
  }
}
