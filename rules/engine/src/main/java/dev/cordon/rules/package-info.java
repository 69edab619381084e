@NullMarked
package dev.cordon.rules;

import org.jspecify.annotations.NullMarked;
