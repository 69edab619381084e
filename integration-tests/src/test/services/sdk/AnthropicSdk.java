import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.errors.PermissionDeniedException;
import com.anthropic.models.messages.MessageCreateParams;

/** Asks Anthropic's SDK for a message; prints what it throws. */
public final class AnthropicSdk {
  public static void main(String[] arguments) {
    AnthropicClient client =
        AnthropicOkHttpClient.builder().apiKey("k-1").baseUrl(arguments[0]).build();
    try {
      client
          .messages()
          .create(
              MessageCreateParams.builder().model("m").maxTokens(9).addUserMessage("hello").build());
      System.out.println("NOTHING THROWN");
    } catch (PermissionDeniedException refused) {
      System.out.println("THROWN " + refused.statusCode() + " " + refused.getMessage());
    }
    System.exit(0);
  }
}
