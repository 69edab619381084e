import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.entity.ContentType;
import org.apache.http.entity.StringEntity;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * A service on a client and a logger that Cordon does not weave; compiled by the test against them.
 * It makes both; with a URL it also uses them, twice.
 */
public final class UnwovenLibraries {

  public static void main(String[] arguments) throws Exception {
    try (CloseableHttpClient client = HttpClients.createDefault()) {
      for (int i = 0; i < 2 && arguments.length > 0; i++) {
        HttpPost post = new HttpPost(arguments[0]);
        post.setEntity(new StringEntity("{}", ContentType.APPLICATION_JSON));
        try (CloseableHttpResponse response = client.execute(post)) {
          System.out.println("POST " + response.getStatusLine().getStatusCode());
        }
        Logger logger = LogManager.getLogger("service");
        logger.error("called");
      }
    }
    System.out.println("done");
  }
}
