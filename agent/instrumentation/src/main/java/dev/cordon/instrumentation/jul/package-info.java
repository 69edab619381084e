/**
 * java.util.logging of the JDK, 17 to 25, and what lands in it (System.Logger, Commons Logging).
 *
 * <p>Woven: {@code LogRecord#getMessage}, {@code #getParameters}, {@code #getThrown}, {@code
 * Formatter#formatMessage} and {@code XMLFormatter#format}. Reading, not {@code Logger#log}: a
 * handler that is called directly, a logger that overrides {@code log} and a filter see redacted
 * records too; a record that nobody formats is not formatted by Cordon; and no frame stands between
 * the logger and its caller when the caller is inferred.
 *
 * <p>{@code formatMessage} reads the record as it is and has its whole text scanned once, so what
 * only the joined text shows ({@code "Bearer {0}"}) is found as well.
 *
 * <p>Known gaps: a handler that calls {@code toString()} of a parameter itself prints what that
 * returns, unless the parameter is a text or a number; a serialised LogRecord; formatters that keep
 * a second copy of the message.
 */
@NullMarked
package dev.cordon.instrumentation.jul;

import org.jspecify.annotations.NullMarked;
