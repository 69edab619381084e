import com.pengrad.telegrambot.TelegramBot;
import com.pengrad.telegrambot.request.SendMessage;
import com.pengrad.telegrambot.response.SendResponse;

/** Sends with pengrad's SDK, whose answer to an error is a response; prints it. */
public final class TelegramSdk {
  public static void main(String[] arguments) {
    TelegramBot bot = new TelegramBot.Builder("1:A").apiUrl(arguments[0] + "/bot").build();
    SendResponse response = bot.execute(new SendMessage(1L, "hello"));
    System.out.println(
        "ANSWERED " + response.isOk() + " " + response.errorCode() + " " + response.description());
    System.exit(0);
  }
}
