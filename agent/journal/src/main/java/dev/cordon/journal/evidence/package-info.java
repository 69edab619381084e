/**
 * Evidence: excerpts of redacted bodies, encrypted for the person that a call is about, and the
 * keys that are destroyed when the person is to be forgotten.
 *
 * <p>Public: the {@link dev.cordon.journal.evidence.EvidenceKey} of a deployment, the {@link
 * dev.cordon.journal.evidence.SubjectKeys} of a journal, and what became of a person in {@link
 * dev.cordon.journal.evidence.Erasures}, what attacks on all that come to in {@link
 * dev.cordon.journal.evidence.EvidenceAttacks}.
 */
@NullMarked
package dev.cordon.journal.evidence;

import org.jspecify.annotations.NullMarked;
