import com.stripe.StripeClient;
import com.stripe.exception.PermissionException;
import com.stripe.param.RefundCreateParams;

/** Asks Stripe's SDK for a refund; prints what it throws. */
public final class StripeSdk {
  public static void main(String[] arguments) throws Exception {
    StripeClient client =
        StripeClient.builder().setApiKey("sk_test_1").setApiBase(arguments[0]).build();
    try {
      client
          .refunds()
          .create(RefundCreateParams.builder().setCharge("ch_1").setAmount(100L).build());
      System.out.println("NOTHING THROWN");
    } catch (PermissionException refused) {
      System.out.println(
          "THROWN " + refused.getStatusCode() + " " + refused.getCode() + " " + refused.getMessage());
    }
    System.exit(0);
  }
}
