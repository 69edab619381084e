import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import java.time.Duration;
import java.util.Map;

/** Calls a tool with the SDK of the Model Context Protocol; prints what it throws. */
public final class McpSdk {
  public static void main(String[] arguments) {
    McpSyncClient client =
        McpClient.sync(
                HttpClientStreamableHttpTransport.builder(arguments[0])
                    .endpoint("/mcp")
                    .build())
            .requestTimeout(Duration.ofSeconds(20))
            .build();
    client.initialize();
    try {
      client.callTool(new McpSchema.CallToolRequest("refund", Map.of("amount", 100)));
      System.out.println("NOTHING THROWN");
    } catch (McpError refused) {
      System.out.println(
          "THROWN " + refused.getJsonRpcError().code() + " " + refused.getMessage());
    }
    System.exit(0);
  }
}
