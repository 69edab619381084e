package dev.cordon.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {

  @ParameterizedTest
  @CsvSource({
    "https://api.example.com/x, api.example.com, 443",
    "HTTPS://API.Example.COM/x, api.example.com, 443",
    "https://api.example.com./x, api.example.com, 443",
    "http://api.example.com, api.example.com, 80",
    "https://api.example.com:8443?x, api.example.com, 8443",
    "https://api.example.com:/x, api.example.com, 443",
    "https://api.example.com@evil.example.net/, evil.example.net, 443",
    "https://user:pw@api.example.com/, api.example.com, 443",
    "https://b\u00fccher.example.com/, xn--bcher-kva.example.com, 443",
    "https://api\u3002example\u3002com/, api.example.com, 443",
    "wss://api.example.com/, api.example.com, 443",
    "http://127.0.0.1:12111/, 127.0.0.1, 12111",
  })
  void oneHostHasOneSpelling(String url, String host, int port) {
    Target target = Target.parse(url);
    assertFalse(target.hostMalformed, url);
    assertEquals(host, target.host);
    assertEquals(port, target.port);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "api.example.com/x",
        "//api.example.com/x",
        "ftp://api.example.com/x",
        "file:///etc/passwd",
        "https:///x",
        "https://?x",
        "https://.example.com/",
        "https://api..example.com/",
        "https://api.example.com../",
        "https://api%2eexample.com/",
        "https://api.example.com\\@evil.example.net/",
        "https://evil.example.net\\.api.example.com/",
        "https://a@b@api.example.com/",
        "https://api.example.com:443:80/",
        "https://api.example.com:99999/",
        "https://api.example.com:+443/",
        "https://api.example.com /",
        "https://api.exam\u0000ple.com/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.0.0.1/",
        "http://0177.0.0.1/",
        "http://127.0.0.1.1/",
        "http://1.2.3.256/",
        "http://[::1/",
        "http://[::1%25eth0]/",
        "http://[]/",
        "http://[1:2:3]/",
        "http://[::1]x/",
        "http://[1::2::3]/",
        "https://fa\u00df.example.com/",
        "https://a\u200db.example.com/",
      })
  void aHostOfTwoReadingsIsMalformed(String url) {
    Target target = Target.parse(url);
    assertTrue(target.hostMalformed, url);
    assertEquals("", target.host);
    assertNull(target.ip);
  }

  @ParameterizedTest
  @CsvSource({
    "[::1], 0, 1",
    "[0:0:0:0:0:0:0:1], 0, 1",
    "[::ffff:127.0.0.1], 0, 281472812449793",
    "127.0.0.1, 0, 281472812449793",
    "[::ffff:7f00:1], 0, 281472812449793",
    "[2001:db8::], 2306139568115548160, 0",
    "[1:2:3:4:5:6:7:8], 281483566841860, 1407400653815816",
  })
  void addressesHaveOneValue(String host, long high, long low) {
    assertEquals(new IpAddress(high, low), Target.parse("http://" + host + "/").ip);
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/refunds, v1|refunds",
    "'', ''",
    "/, ''",
    "/v1/refunds/, v1|refunds",
    "/v1/./refunds, v1|refunds",
    "/v1/x/../refunds, v1|refunds",
    "/v1/x/%2e%2e/refunds, v1|refunds",
    "/v1/%72efunds, v1|refunds",
    "/caf%C3%A9, caf\u00e9",
    "/caf\u00e9, caf\u00e9",
    "/a%20b, a b",
    "/v1/refunds?x=/../y, v1|refunds",
    "/v1/refunds#/y, v1|refunds",
  })
  void onePathHasOneSpelling(String path, String segments) {
    Target target = Target.parse("https://api.example.com" + path);
    assertFalse(target.malformed(), path);
    assertEquals(segments, segments(target));
  }

  @ParameterizedTest
  @CsvSource({
    "/v1//refunds, v1|refunds",
    "//v1/refunds, v1|refunds",
    "/v1%2frefunds, v1|refunds",
    "/v1%5crefunds, v1|refunds",
    "/v1\\refunds, v1|refunds",
    "/v1;a=b/refunds, v1|refunds",
    "/v1/refunds;x, v1|refunds",
    "/v1/refunds%3bx, v1|refunds;x",
    "/../v1/refunds, v1|refunds",
    "/v1/%252e%252e/refunds, v1|%2e%2e|refunds",
  })
  void aPathOfTwoReadingsIsMalformedAndTakenForTheWidestOne(String path, String segments) {
    Target target = Target.parse("https://api.example.com" + path);
    assertTrue(target.pathMalformed, path);
    assertFalse(target.hostMalformed, path);
    assertEquals(segments, segments(target));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/a%00b",
        "/a%",
        "/a%2",
        "/a%zz",
        "/%ff",
        "/%c0%af",
        "/%ed%a0%80",
        "/a b",
        "/a\nb",
        "/a%0ab",
        "/%f8%88%80%80%80",
        "/%c3",
        "/v1/\uff52efunds",
        "/v1/%EF%BD%92efunds",
        "/v1\uff0frefunds",
        "/\u2025/refunds",
        "/v1/re\u00adfunds",
        "/v1/refunds.",
        "/v1/refunds%20",
        "/v1/refunds%20/1"
      })
  void whatCannotBeDecodedIsMalformed(String path) {
    assertTrue(Target.parse("https://api.example.com" + path).pathMalformed, path);
  }

  @Test
  void moreSegmentsThanAnyApiHasAreMalformed() {
    assertTrue(Target.parse("https://api.example.com" + "/a".repeat(300)).pathMalformed);
    assertFalse(Target.parse("https://api.example.com" + "/a".repeat(200)).pathMalformed);
  }

  private static String segments(Target target) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < target.segments; i++) {
      out.append(i == 0 ? "" : "|").append(target.path, target.starts[i], target.ends[i]);
    }
    return out.toString();
  }
}
