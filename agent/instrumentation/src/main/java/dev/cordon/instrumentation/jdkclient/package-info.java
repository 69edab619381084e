/**
 * {@code java.net.http.HttpClient}: {@code send} and {@code sendAsync}, HTTP/1.1 and HTTP/2, and
 * the handshake of a {@code WebSocket}.
 *
 * <p>Versions: the JDK's own, 17 to 25. Woven:
 *
 * <ul>
 *   <li>{@code jdk.internal.net.http.Exchange#responseAsync}: runs once for each transmission, so
 *       each redirect, each answer to 401 and 407 and each repeat of the client is decided here
 *   <li>{@code #readBodyAsync}: hands the body of a refusal to the application's own body handler,
 *       and puts a filter before it where the rules have responses redacted
 *   <li>{@code jdk.internal.net.http.HttpClientImpl#send}: throws a refusal as it is instead of
 *       wrapped, where the rules ask for an exception
 * </ul>
 *
 * <p>A refusal is a response of the client itself, so {@code previousResponse}, {@code request} and
 * every body handler work. A refused WebSocket handshake fails with {@code
 * WebSocketHandshakeException}.
 *
 * <p>A body publisher is read once, before the decision, and sent from what was read: with the
 * length and the chunks of the application's own. A publisher that completes later does not block
 * anybody. A body longer than the rules' inspect-up-to is sent from its publisher: what was read of
 * it first, then the rest.
 *
 * <p>What an application can see of Cordon on an allowed call: {@code HttpResponse.request()}
 * carries a body publisher of ours. A redirect sends what the publisher gave the first time; it is
 * not asked again.
 *
 * <p>Where responses are redacted, the client turns server pushes down: they would go through no
 * filter.
 *
 * <p>Known gaps: headers that the client adds itself (cookies of a {@code CookieHandler}, {@code
 * User-Agent}) are not part of the decision. Frames of a WebSocket are not looked at. A rewritten
 * call changes final fields of the client's private copy of the request, which JDK 26 announces to
 * warn about. {@code HttpClient}s of other vendors are not covered.
 */
@NullMarked
package dev.cordon.instrumentation.jdkclient;

import org.jspecify.annotations.NullMarked;
