package dev.cordon.instrumentation.jdkclient;

import dev.cordon.instrumentation.HttpClientContract;
import java.io.IOException;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** The contract over {@code sendAsync}. */
class JdkClientAsyncTest extends HttpClientContract {

  @Override
  protected String library() {
    return "jdk-client";
  }

  @Override
  protected Reply send(Call call) throws Exception {
    try {
      return JdkClientInstrumentationTest.reply(
          JdkClientInstrumentationTest.CLIENT
              .sendAsync(JdkClientInstrumentationTest.request(call), BodyHandlers.ofByteArray())
              .get(60, TimeUnit.SECONDS));
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof IOException io ? io : failed;
    }
  }
}
