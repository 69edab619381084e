/**
 * What makes a journal evidence: Merkle tree hashes (RFC 6962), tiles, checkpoints and signed notes
 * (C2SP), keys and proofs. Knows nothing of queues; the layout is drawn in docs/journal-format.md.
 *
 * <p>Public for the command line: {@link dev.cordon.journal.seal.Checkpoint}, {@link
 * dev.cordon.journal.seal.SealKey}, {@link dev.cordon.journal.seal.VerifierKey}, {@link
 * dev.cordon.journal.seal.RecordProof}, {@link dev.cordon.journal.seal.Rotation}; for all of the
 * journal: {@link dev.cordon.journal.seal.JdkCrypto}.
 */
@NullMarked
package dev.cordon.journal.seal;

import org.jspecify.annotations.NullMarked;
