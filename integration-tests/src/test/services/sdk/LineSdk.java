import com.linecorp.bot.messaging.client.MessagingApiClient;
import com.linecorp.bot.messaging.client.MessagingApiClientException;
import com.linecorp.bot.messaging.model.PushMessageRequest;
import com.linecorp.bot.messaging.model.TextMessage;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;

/** Pushes a message with LINE's SDK; prints what it throws. */
public final class LineSdk {
  public static void main(String[] arguments) throws Exception {
    MessagingApiClient client =
        MessagingApiClient.builder("1").apiEndPoint(URI.create(arguments[0])).build();
    try {
      client
          .pushMessage(
              UUID.randomUUID(),
              new PushMessageRequest("U1", List.of(new TextMessage("hello")), false, List.of()))
          .get();
      System.out.println("NOTHING THROWN");
    } catch (ExecutionException failed) {
      MessagingApiClientException refused = (MessagingApiClientException) failed.getCause();
      System.out.println(
          "THROWN " + refused.getCode() + " " + refused.getError() + " " + refused.getDetails());
    }
    System.exit(0);
  }
}
