import net.dv8tion.jda.api.JDA;
import net.dv8tion.jda.api.JDABuilder;
import net.dv8tion.jda.api.exceptions.ErrorResponseException;
import net.dv8tion.jda.api.requests.RestConfig;

/** Opens a channel with JDA, whose gateway leads nowhere; prints what it throws. */
public final class DiscordSdk {
  public static void main(String[] arguments) {
    JDA jda =
        JDABuilder.createLight("1")
            .setRestConfig(new RestConfig().setBaseUrl(arguments[0] + "/api/v10/"))
            .setAutoReconnect(false)
            .setEnableShutdownHook(false)
            .build();
    try {
      jda.openPrivateChannelById(5).complete();
      System.out.println("NOTHING THROWN");
    } catch (ErrorResponseException refused) {
      System.out.println(
          "THROWN "
              + refused.getResponse().code
              + " "
              + refused.getErrorResponse()
              + " "
              + refused.getMeaning());
    }
    System.exit(0);
  }
}
