/**
 * What happens to one outgoing call and to one log line: {@link
 * dev.cordon.enforcement.CallGuard#admit} is the main path.
 */
@NullMarked
package dev.cordon.enforcement;

import org.jspecify.annotations.NullMarked;
