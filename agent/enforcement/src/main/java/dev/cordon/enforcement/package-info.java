@NullMarked
package dev.cordon.enforcement;

import org.jspecify.annotations.NullMarked;
