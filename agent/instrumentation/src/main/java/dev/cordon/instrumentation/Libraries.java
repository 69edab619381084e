package dev.cordon.instrumentation;

import dev.cordon.instrumentation.httpurlconnection.HttpUrlConnectionInstrumentation;
import dev.cordon.instrumentation.jdkclient.JdkClientInstrumentation;
import dev.cordon.instrumentation.jul.JulInstrumentation;
import dev.cordon.instrumentation.logback.LogbackInstrumentation;
import dev.cordon.instrumentation.okhttp.OkHttpInstrumentation;
import java.util.List;

/** Every library that Cordon weaves, in the order of docs/supported-libraries.md. */
public final class Libraries {

  private Libraries() {}

  public static List<LibraryInstrumentation> all() {
    return List.of(
        new HttpUrlConnectionInstrumentation(),
        new JdkClientInstrumentation(),
        new OkHttpInstrumentation(),
        new LogbackInstrumentation(),
        new JulInstrumentation());
  }
}
