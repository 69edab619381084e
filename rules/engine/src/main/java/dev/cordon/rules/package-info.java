/**
 * The decision point: rule files, what they mean, and the decision for one call. No I/O on the call
 * path; runs without an agent.
 *
 * <p>Public: {@link dev.cordon.rules.RuleSet} (load, decide, explain), the values that go in and
 * come out of it, and {@link dev.cordon.rules.RuleFileException} with its problems. Everything else
 * is free to change.
 */
@NullMarked
package dev.cordon.rules;

import org.jspecify.annotations.NullMarked;
