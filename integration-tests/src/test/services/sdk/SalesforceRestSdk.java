import com.force.api.ApiConfig;
import com.force.api.ApiException;
import com.force.api.ApiSession;
import com.force.api.ForceApi;
import java.util.Map;

/** Changes a case with force-rest-api, as POST with _HttpMethod=PATCH; prints what it throws. */
public final class SalesforceRestSdk {
  public static void main(String[] arguments) {
    ForceApi api =
        new ForceApi(
            new ApiConfig().setApiVersionString("v62.0"), new ApiSession("1", arguments[0]));
    try {
      api.updateSObject("Case", "500000000000001", Map.of("Subject", "hello"));
      System.out.println("NOTHING THROWN");
    } catch (ApiException refused) {
      System.out.println("THROWN " + refused.getCode() + " " + refused.getMessage());
    }
    System.exit(0);
  }
}
