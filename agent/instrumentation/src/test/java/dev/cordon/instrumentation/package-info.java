@NullMarked
package dev.cordon.instrumentation;

import org.jspecify.annotations.NullMarked;
