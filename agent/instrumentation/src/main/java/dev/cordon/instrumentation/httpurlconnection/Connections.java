package dev.cordon.instrumentation.httpurlconnection;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.net.HttpURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The state of the JDK's connections that no public method reaches. Handles in static finals: no
 * reflection per call.
 */
final class Connections {

  private static final VarHandle LOCK;
  private static final VarHandle POSTER;
  private static final VarHandle REQUESTS;
  private static final VarHandle RESPONSES;
  private static final VarHandle INPUT;
  private static final VarHandle ERROR;
  private static final VarHandle REMEMBERED;
  private static final VarHandle CONNECTING;
  private static final VarHandle STREAM;
  private static final VarHandle METHOD;
  private static final VarHandle RESPONSE_CODE;
  private static final VarHandle RESPONSE_MESSAGE;
  private static final VarHandle FIXED_LENGTH;
  private static final VarHandle FIXED_LENGTH_LONG;
  private static final VarHandle CHUNK_LENGTH;
  private static final VarHandle CONNECTED;
  private static final VarHandle CLIENT_URL;
  private static final MethodHandle DISCONNECT;
  private static final MethodHandle NEW_POSTER;
  private static final MethodHandle NEW_HEADERS;
  private static final MethodHandle HEADER_ADD;
  private static final MethodHandle HEADER_SET;
  private static final MethodHandle HEADER_SET_AT;
  private static final MethodHandle HEADER_KEY_AT;
  private static final MethodHandle HEADER_VALUE_AT;
  private static final MethodHandle HEADER_FIND;
  private static final MethodHandle HEADER_REMOVE;

  static {
    try {
      Class<?> type = Class.forName("sun.net.www.protocol.http.HttpURLConnection");
      Class<?> client = Class.forName("sun.net.www.http.HttpClient");
      Class<?> poster = Class.forName("sun.net.www.http.PosterOutputStream");
      Class<?> headers = Class.forName("sun.net.www.MessageHeader");
      LOCK = field(type, "connectionLock");
      POSTER = field(type, "poster");
      REQUESTS = field(type, "requests");
      RESPONSES = field(type, "responses");
      INPUT = field(type, "inputStream");
      ERROR = field(type, "errorStream");
      REMEMBERED = field(type, "rememberedException");
      CONNECTING = field(type, "connecting");
      STREAM = field(type, "strOutputStream");
      METHOD = field(HttpURLConnection.class, "method");
      RESPONSE_CODE = field(HttpURLConnection.class, "responseCode");
      RESPONSE_MESSAGE = field(HttpURLConnection.class, "responseMessage");
      FIXED_LENGTH = field(HttpURLConnection.class, "fixedContentLength");
      FIXED_LENGTH_LONG = field(HttpURLConnection.class, "fixedContentLengthLong");
      CHUNK_LENGTH = field(HttpURLConnection.class, "chunkLength");
      CONNECTED = field(URLConnection.class, "connected");
      CLIENT_URL = field(client, "url");
      MethodHandles.Lookup inConnection = lookupIn(type);
      DISCONNECT =
          inConnection
              .findVirtual(type, "disconnectInternal", MethodType.methodType(void.class))
              .asType(MethodType.methodType(void.class, HttpURLConnection.class));
      NEW_POSTER =
          lookupIn(poster)
              .findConstructor(poster, MethodType.methodType(void.class))
              .asType(MethodType.methodType(ByteArrayOutputStream.class));
      MethodHandles.Lookup inHeaders = lookupIn(headers);
      NEW_HEADERS =
          inHeaders
              .findConstructor(headers, MethodType.methodType(void.class))
              .asType(MethodType.methodType(Object.class));
      HEADER_ADD = header(inHeaders, headers, "add", void.class, String.class, String.class);
      HEADER_SET = header(inHeaders, headers, "set", void.class, String.class, String.class);
      HEADER_SET_AT =
          header(inHeaders, headers, "set", void.class, int.class, String.class, String.class);
      HEADER_KEY_AT = header(inHeaders, headers, "getKey", String.class, int.class);
      HEADER_VALUE_AT = header(inHeaders, headers, "getValue", String.class, int.class);
      HEADER_FIND = header(inHeaders, headers, "findValue", String.class, String.class);
      HEADER_REMOVE = header(inHeaders, headers, "remove", void.class, String.class);
    } catch (ReflectiveOperationException absent) {
      throw new ExceptionInInitializerError(absent);
    }
  }

  private Connections() {}

  /** Fails when this JDK is not as expected; called while hooks are linked. */
  static void check() {}

  /** What the JDK holds while it sends a call and waits for its answer. */
  static ReentrantLock lock(HttpURLConnection connection) {
    return (ReentrantLock) LOCK.get(connection);
  }

  static @Nullable ByteArrayOutputStream poster(HttpURLConnection connection) {
    return (ByteArrayOutputStream) POSTER.get(connection);
  }

  static void poster(HttpURLConnection connection, @Nullable ByteArrayOutputStream poster) {
    POSTER.set(connection, poster);
  }

  static ByteArrayOutputStream newPoster() throws Throwable {
    return (ByteArrayOutputStream) NEW_POSTER.invokeExact();
  }

  static Object requests(HttpURLConnection connection) {
    return (Object) REQUESTS.get(connection);
  }

  static void requests(HttpURLConnection connection, Object headers) {
    REQUESTS.set(connection, headers);
  }

  static @Nullable Object responses(HttpURLConnection connection) {
    return (Object) RESPONSES.get(connection);
  }

  static void responses(HttpURLConnection connection, Object headers) {
    RESPONSES.set(connection, headers);
  }

  static @Nullable InputStream input(HttpURLConnection connection) {
    return (InputStream) INPUT.get(connection);
  }

  static void input(HttpURLConnection connection, @Nullable InputStream input) {
    INPUT.set(connection, input);
  }

  static @Nullable InputStream error(HttpURLConnection connection) {
    return (InputStream) ERROR.get(connection);
  }

  static void error(HttpURLConnection connection, @Nullable InputStream error) {
    ERROR.set(connection, error);
  }

  static @Nullable Exception remembered(HttpURLConnection connection) {
    return (Exception) REMEMBERED.get(connection);
  }

  static void remembered(HttpURLConnection connection, @Nullable Exception exception) {
    REMEMBERED.set(connection, exception);
  }

  /** True when the call has its answer, a response or an exception. */
  static boolean isAnswered(HttpURLConnection connection) {
    return input(connection) != null || remembered(connection) != null;
  }

  static void connecting(HttpURLConnection connection) {
    CONNECTING.set(connection, true);
  }

  /** Lets headers be added until the JDK itself begins to connect. */
  static void unsent(HttpURLConnection connection) {
    if (!isConnected(connection) && !isStreamOpen(connection)) {
      CONNECTING.set(connection, false);
    }
  }

  /** True when the JDK's own streaming stream is open, and so the headers are out. */
  static boolean isStreamOpen(HttpURLConnection connection) {
    return (Object) STREAM.get(connection) != null;
  }

  static boolean isConnected(HttpURLConnection connection) {
    return (boolean) CONNECTED.get(connection);
  }

  static void connected(HttpURLConnection connection, boolean connected) {
    CONNECTED.set(connection, connected);
  }

  /** The method that will be sent, even one that was set by reflection. */
  static String method(HttpURLConnection connection) {
    return (String) METHOD.get(connection);
  }

  static void method(HttpURLConnection connection, String method) {
    METHOD.set(connection, method);
  }

  static void response(HttpURLConnection connection, int code, String message) {
    RESPONSE_CODE.set(connection, code);
    RESPONSE_MESSAGE.set(connection, message);
  }

  static int responseCode(HttpURLConnection connection) {
    return (int) RESPONSE_CODE.get(connection);
  }

  static boolean isStreaming(HttpURLConnection connection) {
    return isChunked(connection) || fixedLength(connection) != -1;
  }

  static boolean isChunked(HttpURLConnection connection) {
    return (int) CHUNK_LENGTH.get(connection) != -1;
  }

  /** The length announced for a streamed body, -1 when there is none. */
  static long fixedLength(HttpURLConnection connection) {
    long length = (long) FIXED_LENGTH_LONG.get(connection);
    return length != -1 ? length : (int) FIXED_LENGTH.get(connection);
  }

  static void fixedLength(HttpURLConnection connection, long length) {
    FIXED_LENGTH.set(connection, -1);
    FIXED_LENGTH_LONG.set(connection, length);
  }

  /** Closes the connection and forgets what came over it. */
  static void disconnect(HttpURLConnection connection) throws Throwable {
    DISCONNECT.invokeExact(connection);
  }

  static URL urlOf(Object client) {
    return (URL) CLIENT_URL.get(client);
  }

  static Object newHeaders() throws Throwable {
    return (Object) NEW_HEADERS.invokeExact();
  }

  static void add(Object headers, @Nullable String name, String value) throws Throwable {
    HEADER_ADD.invokeExact(headers, name, value);
  }

  static void set(Object headers, String name, String value) throws Throwable {
    HEADER_SET.invokeExact(headers, name, value);
  }

  static void setAt(Object headers, int index, String name, @Nullable String value)
      throws Throwable {
    HEADER_SET_AT.invokeExact(headers, index, name, value);
  }

  static @Nullable String keyAt(Object headers, int index) throws Throwable {
    return (String) HEADER_KEY_AT.invokeExact(headers, index);
  }

  static @Nullable String valueAt(Object headers, int index) throws Throwable {
    return (String) HEADER_VALUE_AT.invokeExact(headers, index);
  }

  static @Nullable String find(Object headers, String name) throws Throwable {
    return (String) HEADER_FIND.invokeExact(headers, name);
  }

  static void remove(Object headers, String name) throws Throwable {
    HEADER_REMOVE.invokeExact(headers, name);
  }

  private static MethodHandles.Lookup lookupIn(Class<?> type) throws IllegalAccessException {
    return MethodHandles.privateLookupIn(type, MethodHandles.lookup());
  }

  private static VarHandle field(Class<?> owner, String name) throws ReflectiveOperationException {
    return lookupIn(owner).unreflectVarHandle(owner.getDeclaredField(name));
  }

  private static MethodHandle header(
      MethodHandles.Lookup lookup,
      Class<?> owner,
      String name,
      Class<?> result,
      Class<?>... parameters)
      throws ReflectiveOperationException {
    return lookup
        .findVirtual(owner, name, MethodType.methodType(result, parameters))
        .asType(MethodType.methodType(result, parameters).insertParameterTypes(0, Object.class));
  }
}
