/** Forked JVMs with the real agent jar. */
@NullMarked
package dev.cordon.it;

import org.jspecify.annotations.NullMarked;
