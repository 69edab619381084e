import com.sendgrid.Client;
import com.sendgrid.Method;
import com.sendgrid.Request;
import com.sendgrid.Response;
import com.sendgrid.SendGrid;

/** Sends a mail with SendGrid's SDK, whose answer to an error is a response; prints it. */
public final class SendGridSdk {
  public static void main(String[] arguments) throws Exception {
    SendGrid sendGrid = new SendGrid("SG.1", new Client(true)); // true: plain http
    sendGrid.setHost(arguments[0].substring("http://".length()));
    Request request = new Request();
    request.setMethod(Method.POST);
    request.setEndpoint("mail/send");
    request.setBody("{\"subject\":\"hello\"}");
    Response response = sendGrid.api(request);
    System.out.println("ANSWERED " + response.getStatusCode() + " " + response.getBody());
    System.exit(0);
  }
}
