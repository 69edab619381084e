import com.restfb.DefaultFacebookClient;
import com.restfb.FacebookEndpoints;
import com.restfb.Parameter;
import com.restfb.Version;
import com.restfb.exception.FacebookOAuthException;
import com.restfb.json.JsonObject;

/** Sends a message through the Graph API with restfb; prints what it throws. */
public final class WhatsAppSdk {
  public static void main(String[] arguments) {
    DefaultFacebookClient client =
        new DefaultFacebookClient("1", Version.LATEST) {
          @Override
          public FacebookEndpoints getFacebookEndpointUrls() {
            return new FacebookEndpoints() {
              @Override
              public String getGraphEndpoint() {
                return arguments[0];
              }
            };
          }

          @Override
          protected String getFacebookGraphEndpointUrl() {
            return arguments[0] + "/v21.0";
          }
        };
    try {
      client.publish("123/messages", JsonObject.class, Parameter.with("to", "15550001111"));
      System.out.println("NOTHING THROWN");
    } catch (FacebookOAuthException refused) {
      System.out.println(
          "THROWN "
              + refused.getHttpStatusCode()
              + " "
              + refused.getErrorCode()
              + " "
              + refused.getErrorMessage());
    }
    System.exit(0);
  }
}
