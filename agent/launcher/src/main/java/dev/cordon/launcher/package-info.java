@NullMarked
package dev.cordon.launcher;

import org.jspecify.annotations.NullMarked;
