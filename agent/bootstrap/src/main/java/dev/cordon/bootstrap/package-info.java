/**
 * What woven code, adapters and the guard share: java.base types only.
 *
 * <p>{@link dev.cordon.bootstrap.Dispatcher} is the one class that woven code calls; the launcher
 * defines a copy of it as {@code java.lang.CordonDispatcher} in the boot loader. Everything else
 * here lives in the agent's own loader and is seen by adapters, never by the application.
 */
@NullMarked
package dev.cordon.bootstrap;

import org.jspecify.annotations.NullMarked;
