import java.net.URI;
import org.telegram.telegrambots.client.okhttp.OkHttpTelegramClient;
import org.telegram.telegrambots.meta.TelegramUrl;
import org.telegram.telegrambots.meta.api.methods.send.SendMessage;
import org.telegram.telegrambots.meta.exceptions.TelegramApiRequestException;

/** Sends with telegrambots; prints what it throws. */
public final class TelegramBotsSdk {
  public static void main(String[] arguments) throws Exception {
    URI there = URI.create(arguments[0]);
    OkHttpTelegramClient client =
        new OkHttpTelegramClient(
            "1:A",
            TelegramUrl.builder()
                .schema(there.getScheme())
                .host(there.getHost())
                .port(there.getPort())
                .build());
    try {
      client.execute(SendMessage.builder().chatId("1").text("hello").build());
      System.out.println("NOTHING THROWN");
    } catch (TelegramApiRequestException refused) {
      System.out.println("THROWN " + refused.getErrorCode() + " " + refused.getMessage());
    }
    System.exit(0);
  }
}
