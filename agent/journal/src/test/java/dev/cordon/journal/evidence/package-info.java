@NullMarked
package dev.cordon.journal.evidence;

import org.jspecify.annotations.NullMarked;
