package dev.cordon.enforcement;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cordon.bootstrap.Header;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureTest {
  private static final String URL = "https://vendor.example.com/v1/notes";
  private static final byte[] NONE = {};
  private static final String HEX = "0123456789abcdef0123456789abcdef";

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
    assertTrue(covers("X-Amz-Trailer", "x-amz-checksum-crc32"));
    assertTrue(coversQuery("X-Amz-Signature=" + HEX));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EG1-HMAC-SHA256 client_token=a;access_token=b;timestamp=c;nonce=d;signature=e",
        "GOOG4-HMAC-SHA256 Credential=a/b/c/storage/goog4_request",
        "GOOG4-RSA-SHA256 Credential=a",
        "TC3-HMAC-SHA256 Credential=a",
        "ACS3-HMAC-SHA256 Credential=a",
        "hmacsha256 a:b",
        "Hawk id=\"a\", ts=\"1\", hash=\"b\", mac=\"c\"",
        "MAC id=\"a\", mac=\"b\"",
        "SharedKey account:c2lnbmF0dXJl",
        "SharedKeyLite account:c2lnbmF0dXJl",
        "AWS id:c2lnbmF0dXJl",
        "OAuth oauth_consumer_key=\"a\", oauth_signature=\"b\"",
        "Digest username=\"a\", qop=auth-int, response=\"b\"",
      })
  void schemesThatSignAreRecognised(String authorization) {
    assertTrue(covers("Authorization", authorization));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Goog-Content-SHA256",
        "x-goog-hash",
        "X-Content-SHA256",
        "Content-SHA256",
        "x-ms-content-sha256",
        "x-ms-content-crc64",
        "x-ms-blob-content-md5",
        "X-Bz-Content-Sha1",
        "x-amz-checksum-crc32",
        "x-amz-checksum-sha256",
        "X-Payload-Digest",
        "X-Body-Hash",
        "X-Payload-Hash",
        "CB-ACCESS-SIGN",
        "API-Sign",
        "X-Sign",
        "Sign",
        "X-MAC",
        "X-JWS-Detached",
        "x-jws-signature",
      })
  void headersOfVendorsThatSignAreRecognised(String name) {
    assertTrue(covers(name, HEX));
  }

  @Test
  void parametersThatSignAreRecognised() {
    for (String name :
        List.of("oauth_signature", "Signature", "sig", "sign", "hmac", "api_sig", "mac")) {
      assertTrue(coversQuery("a=b&" + name + "=" + HEX + "&c"), name);
      assertTrue(coversForm("a=b&" + name + "=" + HEX), name);
    }
    assertTrue(coversForm("sign=a7%2Bb%2Fc8d9e0f1a2b3c4d%3D"));
  }

  @Test
  void ordinaryCredentialsAreNoSignature() {
    assertFalse(covers("Authorization", "Bearer abc"));
    assertFalse(covers("Authorization", "Basic abc"));
    assertFalse(covers("x-amz-content-sha256", "UNSIGNED-PAYLOAD"));
    assertFalse(covers("X-Request-Id", "signature"));
    assertFalse(covers("Authorization", "OAuth 00Dabc"), "a token");
    assertFalse(covers("Authorization", "Digest username=\"a\", qop=auth, response=\"b\""));
    assertFalse(covers("x-amz-checksum-algorithm", "CRC32"));
    assertFalse(covers("X-Email-Hash", HEX));
    assertFalse(covers("X-Device-MAC", "00:1A:2B:3C:4D:5E"));
    assertFalse(covers("X-Sign", "leo"));
    assertFalse(Signature.covers(List.of(), URL, NONE));
    assertFalse(coversQuery("sign=leo&signature=Best+regards&design=" + HEX));
    assertFalse(coversForm("signature=Best+regards+from+all+of+us%21&sig"));
    assertFalse(coversForm("&=" + HEX + "&sign="));
  }

  @Test
  void aBodyThatIsNoFormIsNotReadAsOne() {
    byte[] body = ("sig=" + HEX).getBytes(StandardCharsets.US_ASCII);
    assertFalse(Signature.covers(List.of(new Header("Content-Type", "text/plain")), URL, body));
  }

  private static boolean coversQuery(String query) {
    return Signature.covers(List.of(), URL + "?" + query, NONE);
  }

  private static boolean coversForm(String body) {
    return Signature.covers(
        List.of(new Header("content-type", "Application/X-WWW-Form-Urlencoded; charset=utf-8")),
        URL,
        body.getBytes(StandardCharsets.US_ASCII));
  }

  private static boolean covers(String name, String value) {
    return Signature.covers(List.of(new Header(name, value)), URL, NONE);
  }
}
