@NullMarked
package dev.cordon.journal.seal;

import org.jspecify.annotations.NullMarked;
