import com.shopify.ShopifySdk;
import com.shopify.exceptions.ShopifyErrorResponseException;

/** Cancels an order with channelape's SDK; prints what it throws. */
public final class ShopifySdkCall {
  public static void main(String[] arguments) {
    ShopifySdk sdk =
        ShopifySdk.newBuilder().withApiUrl(arguments[0] + "/admin").withAccessToken("1").build();
    try {
      sdk.cancelOrder("1", "other");
      System.out.println("NOTHING THROWN");
    } catch (ShopifyErrorResponseException refused) {
      System.out.println("THROWN " + refused.getStatusCode() + " " + refused.getResponseBody());
    }
    System.exit(0);
  }
}
