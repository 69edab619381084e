package dev.cordon.enforcement;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.bootstrap.Header;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignatureTest {
  private static final String URL = "https://vendor.example.com/v1/notes";

  @Test
  void signedRequestsAreRecognised() {
    assertTrue(
        covers("Authorization", "AWS4-HMAC-SHA256 Credential=A/20260101/eu/s3/aws4_request"));
    assertTrue(covers("authorization", "Signature keyId=\"k\",algorithm=\"hs2019\""));
    assertTrue(covers("Authorization", "HMAC-SHA256 SignedHeaders=host"));
    assertTrue(covers("Signature-Input", "sig1=(\"@method\")"));
    assertTrue(covers("Content-Digest", "sha-256=:abc:"));
    assertTrue(covers("Content-MD5", "abc=="));
    assertTrue(covers("X-Hub-Signature-256", "sha256=00"));
    assertTrue(covers("X-Twilio-Signature", "abc"));
    assertTrue(covers("X-Shop-Hmac-Sha256", "abc"));
    assertTrue(covers("x-amz-content-sha256", "e3b0c442"));
    assertTrue(Signature.covers(List.of(), URL + "?X-Amz-Signature=00"));
  }

  @Test
  void ordinaryCredentialsAreNoSignature() {
    assertFalse(covers("Authorization", "Bearer abc"));
    assertFalse(covers("Authorization", "Basic abc"));
    assertFalse(covers("x-amz-content-sha256", "UNSIGNED-PAYLOAD"));
    assertFalse(covers("X-Request-Id", "signature"));
    assertFalse(Signature.covers(List.of(), URL));
  }

  private static boolean covers(String name, String value) {
    return Signature.covers(List.of(new Header(name, value)), URL);
  }
}
