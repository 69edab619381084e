@NullMarked
package dev.cordon.journal;

import org.jspecify.annotations.NullMarked;
