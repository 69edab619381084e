package dev.cordon.enforcement;

import dev.cordon.bootstrap.Header;
import dev.cordon.rules.Origins;
import java.util.List;
import java.util.Locale;

/** The headers by which an application tells others who it is. */
final class Credentials {
  private Credentials() {}

  /** Lets it be known that their values are credentials, before the call itself is decided. */
  static void learn(Origins origins, List<Header> headers) {
    for (int i = 0; i < headers.size(); i++) {
      Header header = headers.get(i);
      if (isOne(header.name())) {
        origins.learn(Origins.Source.SECRET, header.value());
      }
    }
  }

  private static boolean isOne(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith("authorization")
        || lower.equals("cookie")
        || lower.endsWith("-key")
        || lower.endsWith("-token")
        || lower.endsWith("-secret")
        || lower.endsWith("_key")
        || lower.endsWith("_token")
        || lower.endsWith("_secret");
  }
}
