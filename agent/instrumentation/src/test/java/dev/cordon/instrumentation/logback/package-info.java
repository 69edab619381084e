@NullMarked
package dev.cordon.instrumentation.logback;

import org.jspecify.annotations.NullMarked;
