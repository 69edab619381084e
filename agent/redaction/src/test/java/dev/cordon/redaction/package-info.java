@NullMarked
package dev.cordon.redaction;

import org.jspecify.annotations.NullMarked;
