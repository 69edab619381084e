import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.io.IOException;
import net.logstash.logback.argument.StructuredArguments;
import net.logstash.logback.encoder.LogstashEncoder;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A POST of each argument with OkHttp, and one line of JSON; its libraries are jars in its jar. */
public final class PackedCalls {

  private PackedCalls() {}

  public static void main(String[] arguments) throws IOException {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    LogstashEncoder encoder = new LogstashEncoder();
    encoder.setContext(context);
    encoder.start();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setEncoder(encoder);
    console.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(console);
    OkHttpClient client = new OkHttpClient();
    for (String url : arguments) {
      RequestBody body = RequestBody.create(MediaType.get("application/json"), "{\"amount\":1}");
      try (Response response =
          client.newCall(new Request.Builder().url(url).post(body).build()).execute()) {
        boolean refused = response.header("Cordon-Decision") != null;
        System.out.println("POST " + response.code() + (refused ? " refused" : ""));
      }
    }
    LoggerFactory.getLogger(PackedCalls.class)
        .info("asked", StructuredArguments.kv("by", "jane.roe@example.com"));
    client.dispatcher().executorService().shutdown();
    client.connectionPool().evictAll();
  }
}
