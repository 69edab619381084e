import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.PermissionDeniedException;
import com.openai.models.responses.ResponseCreateParams;

/** Asks OpenAI's SDK for a response; prints what it throws. */
public final class OpenAiSdk {
  public static void main(String[] arguments) {
    OpenAIClient client =
        OpenAIOkHttpClient.builder().apiKey("sk-1").baseUrl(arguments[0] + "/v1").build();
    try {
      client.responses().create(ResponseCreateParams.builder().model("m").input("hello").build());
      System.out.println("NOTHING THROWN");
    } catch (PermissionDeniedException refused) {
      System.out.println(
          "THROWN "
              + refused.statusCode()
              + " "
              + refused.code().orElse("")
              + " "
              + refused.getMessage());
    }
    System.exit(0);
  }
}
