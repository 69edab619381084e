/**
 * OkHttp 3.14, 4 and 5, synchronous and asynchronous, HTTP/1.1 and HTTP/2, WebSocket upgrades.
 *
 * <p>Woven: {@code BridgeInterceptor#intercept}, below all application interceptors and below the
 * one that follows redirects, so every hop is decided as it will be sent, also when the answer is
 * in the cache; and {@code CallServerInterceptor#intercept}, which compares method, URL, headers
 * and body with what was decided: a network interceptor that changed them has the call decided
 * again, and one that leaves headers which tell another length than the body has is refused.
 *
 * <p>A body is read once, into memory, and sent from there: with the length it announced (a body of
 * unknown length stays chunked, in the chunks its author wrote), repeatable or not as it was.
 *
 * <p>Where the rules have responses redacted, the body goes through a filter above the bridge: what
 * the client compressed by itself is decompressed by then, and the cache holds what came.
 *
 * <p>Known gaps: OkHttp before 3.14; the headers that the client, a cookie jar, the cache or
 * tracing add after the decision; the frames of a WebSocket after its upgrade; what a network
 * interceptor changed is refused where it would need redaction, and refused as an exception, since
 * the connection is open by then; a one-shot body of unknown length is held in memory whole, up to
 * 64 MB.
 */
@NullMarked
package dev.cordon.instrumentation.okhttp;

import org.jspecify.annotations.NullMarked;
