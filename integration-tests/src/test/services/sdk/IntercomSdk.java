import io.intercom.api.AuthorizationException;
import io.intercom.api.Contact;
import io.intercom.api.Intercom;
import java.net.URI;

/** Makes a contact with Intercom's SDK; prints what it throws. */
public final class IntercomSdk {
  public static void main(String[] arguments) {
    Intercom.setToken("1");
    Intercom.setApiBaseURI(URI.create(arguments[0]));
    try {
      Contact.create(new Contact().setName("x"));
      System.out.println("NOTHING THROWN");
    } catch (AuthorizationException refused) {
      System.out.println(
          "THROWN "
              + refused.getFirstError().getCode()
              + " "
              + refused.getFirstError().getMessage());
    }
    System.exit(0);
  }
}
