import com.sforce.soap.partner.PartnerConnection;
import com.sforce.soap.partner.fault.UnexpectedErrorFault;
import com.sforce.soap.partner.sobject.SObject;
import com.sforce.ws.ConnectorConfig;

/** Creates a case with Salesforce's partner API; prints what it throws. */
public final class SalesforceSoapSdk {
  public static void main(String[] arguments) throws Exception {
    ConnectorConfig config = new ConnectorConfig();
    config.setManualLogin(true);
    config.setSessionId("1");
    config.setServiceEndpoint(arguments[0] + "/services/Soap/u/65.0/00D");
    PartnerConnection connection = new PartnerConnection(config);
    SObject record = new SObject("Case");
    record.setField("Subject", "hello");
    try {
      connection.create(new SObject[] {record});
      System.out.println("NOTHING THROWN");
    } catch (UnexpectedErrorFault refused) {
      System.out.println(
          "THROWN " + refused.getExceptionCode() + " " + refused.getExceptionMessage());
    }
    System.exit(0);
  }
}
