/**
 * Measurements, compiled always and run by hand; no test asserts a time. See docs/performance.md
 * for the commands and the last figures.
 */
@NullMarked
package dev.cordon.benchmarks;

import org.jspecify.annotations.NullMarked;
