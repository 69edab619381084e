import com.twilio.exception.ApiException;
import com.twilio.http.HttpMethod;
import com.twilio.http.NetworkHttpClient;
import com.twilio.http.Request;
import com.twilio.http.Response;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.type.PhoneNumber;

/** Sends a message with Twilio's SDK, with its own client for HTTP; prints what it throws. */
public final class TwilioSdk {
  public static void main(String[] arguments) {
    NetworkHttpClient there =
        new NetworkHttpClient() {
          @Override
          public Response makeRequest(Request request) {
            String path = request.getUrl().substring(request.getUrl().indexOf("/2010"));
            Request local = new Request(HttpMethod.POST, arguments[0] + path);
            local.setAuth("AC1", "1");
            return super.makeRequest(local);
          }
        };
    TwilioRestClient client = new TwilioRestClient.Builder("AC1", "1").httpClient(there).build();
    try {
      Message.creator(new PhoneNumber("+15005550006"), new PhoneNumber("+15005550001"), "hello")
          .create(client);
      System.out.println("NOTHING THROWN");
    } catch (ApiException refused) {
      System.out.println(
          "THROWN " + refused.getStatusCode() + " " + refused.getCode() + " " + refused.getMessage());
    }
    System.exit(0);
  }
}
