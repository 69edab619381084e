import org.zendesk.client.v2.Zendesk;
import org.zendesk.client.v2.ZendeskResponseException;
import org.zendesk.client.v2.model.Comment;
import org.zendesk.client.v2.model.Ticket;

/** Makes a ticket with the Zendesk client, with its own client for HTTP; prints what it throws. */
public final class ZendeskSdk {
  public static void main(String[] arguments) {
    Zendesk zendesk = new Zendesk.Builder(arguments[0]).setUsername("x").setToken("1").build();
    try {
      zendesk.createTicket(new Ticket(1L, "hello", new Comment("hello")));
      System.out.println("NOTHING THROWN");
    } catch (ZendeskResponseException refused) {
      System.out.println("THROWN " + refused.getStatusCode() + " " + refused.getBody());
    }
    System.exit(0);
  }
}
