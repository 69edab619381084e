/**
 * java.util.logging of the JDK, 17 to 25, and what lands in it (System.Logger, Commons Logging).
 *
 * <p>Woven: {@code LogRecord#getMessage}, {@code #getParameters}, {@code #getThrown}, {@code
 * Formatter#formatMessage}, {@code XMLFormatter#format}, {@code StreamHandler#publish} and {@code
 * Handler#getFormatter}. Reading, not {@code Logger#log}: a handler that is called directly, a
 * logger that overrides {@code log} and a filter see redacted records too; a record that nobody
 * formats is not formatted by Cordon; and no frame stands between the logger and its caller when
 * the caller is inferred.
 *
 * <p>{@code formatMessage} reads the record as it is and has its whole text scanned once, so what
 * only the joined text shows ({@code "Bearer {0}"}) is found as well.
 *
 * <p>While a {@code StreamHandler} publishes, its formatter is answered for by one that scans the
 * text, unless the formatter and the record are the JDK's own: a formatter of other people may
 * print whatever it finds in a record. Not the stream, which takes pieces of lines, and not the
 * setter: an application gets back the formatter it gave.
 *
 * <p>Known gaps: a handler that is no StreamHandler and calls {@code toString()} of a parameter
 * itself prints what that returns, unless the parameter is a text or a number; a serialised
 * LogRecord; formatters that keep a second copy of the message.
 */
@NullMarked
package dev.cordon.instrumentation.jul;

import org.jspecify.annotations.NullMarked;
