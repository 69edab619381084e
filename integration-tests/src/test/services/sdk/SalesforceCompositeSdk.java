import com.force.api.ApiConfig;
import com.force.api.ApiException;
import com.force.api.ApiSession;
import com.force.api.ForceApi;
import java.util.List;
import java.util.Map;

/** Makes a case in a composite call with force-rest-api; prints what it throws. */
public final class SalesforceCompositeSdk {
  public static void main(String[] arguments) {
    ForceApi api =
        new ForceApi(
            new ApiConfig().setApiVersionString("v62.0"), new ApiSession("1", arguments[0]));
    Map<String, Object> one =
        Map.of(
            "method", "POST",
            "url", "/services/data/v62.0/sobjects/Case",
            "referenceId", "made",
            "body", Map.of("Subject", "hello"));
    try {
      api.post("/composite", Map.of("allOrNone", true, "compositeRequest", List.of(one)));
      System.out.println("NOTHING THROWN");
    } catch (ApiException refused) {
      System.out.println("THROWN " + refused.getCode() + " " + refused.getMessage());
    }
    System.exit(0);
  }
}
