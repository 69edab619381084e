package dev.cordon.instrumentation.okhttp;

import dev.cordon.bootstrap.Header;
import java.util.List;
import okhttp3.Headers;

final class OkHttpHeaders {

  private OkHttpHeaders() {}

  static Headers of(List<Header> headers) {
    Headers.Builder builder = new Headers.Builder();
    for (Header header : headers) {
      if (isAscii(header.value())) {
        builder.add(header.name(), header.value());
      } else {
        builder.addUnsafeNonAscii(header.name(), header.value());
      }
    }
    return builder.build();
  }

  private static boolean isAscii(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c != '\t' && (c < ' ' || c > '~')) {
        return false;
      }
    }
    return true;
  }
}
