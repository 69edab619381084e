/** Small services that run in forked JVMs: JDK types only, and no word of Cordon. */
@NullMarked
package dev.cordon.it.services;

import org.jspecify.annotations.NullMarked;
