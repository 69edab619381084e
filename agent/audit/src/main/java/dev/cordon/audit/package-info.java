/**
 * The command line: {@code java -jar cordon.jar COMMAND}. One class per command, {@link
 * dev.cordon.audit.Main} finds it.
 */
@NullMarked
package dev.cordon.audit;

import org.jspecify.annotations.NullMarked;
