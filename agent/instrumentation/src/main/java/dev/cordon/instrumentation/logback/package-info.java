/**
 * Logback 1.2 to 1.6.
 *
 * <p>Woven: of {@code LoggingEvent} the getters {@code getFormattedMessage} (formatted and scanned
 * once, where Logback caches the text, so every appender shares it and an event that nobody formats
 * is not formatted), {@code getMessage}, {@code getArgumentArray}, {@code getMDCPropertyMap} and,
 * from 1.3, {@code getKeyValuePairs}; {@code ThrowableProxy#getMessage} and, from 1.5.22, {@code
 * #getOverridingMessage}; {@code LoggerContextVO#getPropertyMap}; {@code LoggingEventVO#build}, the
 * copy that goes to a remote receiver; {@code KeyValuePairConverter} and {@code
 * MaskedKeyValuePairConverter#convert}; {@code JsonEncoder#encode}, because it writes {@code
 * toString()} of arguments and values that only the output shows; for the same reason {@code
 * writeEvent} of the formatter of logstash-logback-encoder (5 to 9) and, behind encoders and
 * layouts that are neither's, {@code OutputStreamAppender#writeBytes}. Getters, so asynchronous
 * appenders, filters and other people's encoders see redacted events as well.
 *
 * <p>Known gaps: an appender that takes the throwable itself from {@code
 * ThrowableProxy#getThrowable()}; an appender of other people that writes an argument or a key's
 * value which is neither a text nor a number to anything but an OutputStreamAppender (DBAppender of
 * 1.2, appenders for a broker); a LoggingEventVO received from another JVM and logged here.
 *
 * <p>A clean line allocates nothing, but for 48 bytes where its pattern prints key-value pairs: the
 * argument array of {@code convert(event)}.
 */
@NullMarked
package dev.cordon.instrumentation.logback;

import org.jspecify.annotations.NullMarked;
