package dev.cordon.enforcement;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class UrlsTest {

  @Test
  void authorityHasThePortAndNoUserInformation() {
    assertEquals("api.stripe.com:443", Urls.authority("https://API.Stripe.com/v1/refunds"));
    assertEquals("127.0.0.1:8080", Urls.authority("http://127.0.0.1:8080"));
    assertEquals("[::1]:80", Urls.authority("http://[::1]/x"));
    assertEquals("[::1]:8443", Urls.authority("https://[::1]:8443/x"));
    assertEquals(
        "evil.example.com:443", Urls.authority("https://api.stripe.com:x@evil.example.com/v1"));
    assertEquals("a.example.com:80", Urls.authority("http://a.example.com?mail=b@c.example.com"));
    assertEquals("unknown", Urls.authority("mailto:someone"));
  }
}
