import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.ClassFileVersion;
import net.bytebuddy.dynamic.loading.ClassLoadingStrategy;
import net.bytebuddy.implementation.FixedValue;
import net.bytebuddy.matcher.ElementMatchers;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A service with its own, older copies of everything the agent brings along; compiled by the test
 * against them. Prints one line for each, and the calls it made.
 */
public final class OldLibraries {

  public static void main(String[] arguments) throws Exception {
    Map<String, String> before = properties();
    for (int i = 1; i < arguments.length; i += 2) {
      call(arguments[i], arguments[i + 1]);
    }

    // from here on the service's own libraries may set system properties, so look before
    Map<String, String> after = properties();
    after.entrySet().removeAll(before.entrySet());
    System.out.println("properties " + after);

    Map<?, ?> read = new ObjectMapper().readValue("{\"a\":1}", Map.class);
    System.out.println("jackson " + new ObjectMapper().version() + " " + read);

    Object made =
        new ByteBuddy(ClassFileVersion.JAVA_V8)
            .subclass(Object.class)
            .method(ElementMatchers.named("toString"))
            .intercept(FixedValue.value("made"))
            .make()
            .load(OldLibraries.class.getClassLoader(), ClassLoadingStrategy.Default.WRAPPER)
            .getLoaded()
            .getDeclaredConstructor()
            .newInstance();
    System.out.println("byte-buddy " + made);

    Logger logger = LoggerFactory.getLogger("service");
    System.out.println("slf4j " + logger.getClass().getName());
    logger.info("asked by jane.roe@example.com");

    try (ChronicleQueue queue = SingleChronicleQueueBuilder.binary(arguments[0]).build()) {
      ExcerptAppender appender = queue.createAppender();
      appender.writeText("own");
      ExcerptTailer tailer = queue.createTailer();
      System.out.println("chronicle " + tailer.readText());
    }
  }

  private static void call(String method, String url) throws Exception {
    HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.setRequestMethod(method);
    if (method.equals("POST")) {
      connection.setDoOutput(true);
      connection.getOutputStream().write('{');
    }
    int status = connection.getResponseCode();
    try (InputStream in =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      in.readAllBytes();
    }
    System.out.println(method + " " + status);
  }

  private static Map<String, String> properties() {
    Map<String, String> copy = new TreeMap<>();
    for (String name : System.getProperties().stringPropertyNames()) {
      copy.put(name, System.getProperty(name));
    }
    return copy;
  }
}
