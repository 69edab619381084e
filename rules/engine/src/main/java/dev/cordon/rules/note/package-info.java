/**
 * Signed notes as of C2SP (c2sp.org/signed-note), with Ed25519: a text, an empty line, and lines of
 * who signed it. The keys are written as Go's {@code sumdb/note} writes them, so that other tools
 * read them.
 */
@NullMarked
package dev.cordon.rules.note;

import org.jspecify.annotations.NullMarked;
