@NullMarked
package dev.cordon.instrumentation.okhttp;

import org.jspecify.annotations.NullMarked;
