/** Runs in the build only and is in no jar: makes the copy of Chronicle that Cordon ships. */
@NullMarked
package dev.cordon.journal.build;

import org.jspecify.annotations.NullMarked;
