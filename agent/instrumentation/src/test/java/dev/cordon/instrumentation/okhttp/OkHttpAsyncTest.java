package dev.cordon.instrumentation.okhttp;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import okhttp3.Callback;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

final class OkHttpAsyncTest extends OkHttpContract {

  @Override
  Response response(OkHttpClient sender, Request request) throws Exception {
    CompletableFuture<Response> future = new CompletableFuture<>();
    sender
        .newCall(request)
        .enqueue(
            new Callback() {
              @Override
              public void onFailure(okhttp3.Call call, IOException thrown) {
                future.completeExceptionally(thrown);
              }

              @Override
              public void onResponse(okhttp3.Call call, Response response) {
                future.complete(response);
              }
            });
    try {
      return future.get(60, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof Exception cause ? cause : failed;
    }
  }
}
