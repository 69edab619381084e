import com.slack.api.Slack;
import com.slack.api.SlackConfig;
import com.slack.api.methods.SlackApiException;

/** Posts with Slack's SDK; prints what it throws. */
public final class SlackSdk {
  public static void main(String[] arguments) throws Exception {
    SlackConfig config = new SlackConfig();
    config.setMethodsEndpointUrlPrefix(arguments[0] + "/api/");
    try {
      Slack.getInstance(config)
          .methods("xoxb-1")
          .chatPostMessage(message -> message.channel("C1").text("hello"));
      System.out.println("NOTHING THROWN");
    } catch (SlackApiException refused) {
      System.out.println(
          "THROWN "
              + refused.getResponse().code()
              + " "
              + refused.getError().getError()
              + " "
              + refused.getResponseBody());
    }
    System.exit(0);
  }
}
