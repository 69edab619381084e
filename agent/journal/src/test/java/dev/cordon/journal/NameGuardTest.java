package dev.cordon.journal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NameGuardTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "api.example.com:443",
        "127.0.0.1:65535",
        "192.168.100.200:8443",
        "[::1]:8080",
        "[2001:db8:1234:5678:9012:3456:7890:1234]:443",
        "[::ffff:192.168.100.200]:443",
        "xn--mnchen-3ya.example.com:443",
        "crm-2026-11-22.eu-central-1.example.com:443",
        "notification-service-01.example.com:443",
        "customernotifications01.example.com:443"
      })
  void aHostNameWithAPortIsAName(String destination) {
    assertTrue(NameGuard.isName(NameGuard.Category.DESTINATION, destination));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4111111111111111.example.com:443",
        "4111-1111-1111-1111.example.com:443",
        "crm.4111_1111_1111_1111.example.com:443",
        "de89370400440532013000:443",
        "491701234567.crm.example:443",
        "sk-live-abcdefghijklmnopqrst1234.example.com:443",
        "a1b2c3d4e5f6a7b8.example.com:443",
        "0b3f8a52-9c1d-4e6f-8a7b-1c2d3e4f5a6b.example.com:443",
        "api.example.com:4111111111111111",
        "[4111111111111111]:443",
        "jane.doe@example.com"
      })
  void aValueInAHostNameMakesItOther(String destination) {
    assertFalse(NameGuard.isName(NameGuard.Category.DESTINATION, destination));
  }
}
