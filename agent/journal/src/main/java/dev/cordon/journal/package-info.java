/**
 * The record of what was decided, kept in Chronicle Queue and written by one thread.
 *
 * <p>The door: {@link dev.cordon.journal.Journal} appends {@link dev.cordon.journal.JournalRecord}s
 * in the guarded JVM, {@link dev.cordon.journal.JournalTailer} reads {@link
 * dev.cordon.journal.JournalEntry}s in another one. Nothing of Chronicle shows in their signatures.
 */
@NullMarked
package dev.cordon.journal;

import org.jspecify.annotations.NullMarked;
