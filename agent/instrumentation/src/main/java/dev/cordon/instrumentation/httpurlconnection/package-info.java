/**
 * {@code java.net.HttpURLConnection}, http and https: buffered, fixed-length and chunked.
 *
 * <p>Versions: the JDK's own, 17 to 25. Woven:
 *
 * <ul>
 *   <li>{@code sun.net.www.protocol.http.HttpURLConnection#getOutputStream}: holds what the
 *       application writes; also what makes a POST of a GET
 *   <li>{@code #getInputStream}: decides a call whose body is complete, before anything connects
 *   <li>{@code #connect}, and {@code AbstractDelegateHttpsURLConnection#connect} for https: decides
 *       a call that cannot have a body
 *   <li>{@code #disconnect}: reports the outcome of a call that was given up
 *   <li>{@code sun.net.www.http.HttpClient#writeRequests}: decides every later transmission of the
 *       call: redirects, answers to 401 and 407, the JDK's own repeat after a reset
 *   <li>{@code sun.net.www.http.HttpClient#parseHTTP}: learns the status of each transmission
 * </ul>
 *
 * <p>A refusal is put into the connection's own state, so that it looks as if a 403 had been
 * parsed.
 *
 * <p>What an application can see of Cordon on an allowed call: the connection is opened when the
 * body is complete, so a failure to connect surfaces from {@code getInputStream}, {@code
 * getResponseCode} or the {@code close} of a streamed body instead of {@code getOutputStream}. A
 * streamed body is held back until it is closed or longer than the rules' inspect-up-to.
 *
 * <p>Known gaps: {@code connect()} on a connection with {@code doOutput} opens the TCP connection,
 * the TLS session and, through a proxy, the tunnel before the decision; nothing of the call itself
 * goes out. The target of a redirect is connected to before that hop is decided. Cookies that a
 * {@code CookieHandler} adds are not part of the first decision. Connections that are not
 * subclasses of the JDK's (WebLogic, IBM) are not covered.
 */
@NullMarked
package dev.cordon.instrumentation.httpurlconnection;

import org.jspecify.annotations.NullMarked;
