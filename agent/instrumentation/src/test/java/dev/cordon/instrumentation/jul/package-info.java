@NullMarked
package dev.cordon.instrumentation.jul;

import org.jspecify.annotations.NullMarked;
