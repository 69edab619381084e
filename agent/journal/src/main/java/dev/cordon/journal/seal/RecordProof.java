package dev.cordon.journal.seal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Shows one record to somebody who has nothing else but the public key: a text of one or more
 * proofs as c2sp.org/tlog-proof draws them, the record's first, then those of the {@code dict.add}
 * records that give its names. {@code extra} holds the record's bytes.
 */
public final class RecordProof {

  private static final String HEADER = "c2sp.org/tlog-proof@v1";
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_PATH = 63;
  private static final int MAX_ENTRIES = 64;

  /** A record and its way to the root. */
  public record Entry(byte[] record, long index, List<byte[]> path) {
    public Entry {
      path = List.copyOf(path);
    }
  }

  /** What a proof proves. */
  public record Proven(
      Checkpoint checkpoint, VerifierKey signer, List<byte[]> records, List<Long> indices) {
    public Proven {
      records = List.copyOf(records);
      indices = List.copyOf(indices);
    }
  }

  /** Collects the ways of some leaves to one root while all leaves go by in order. */
  public static final class Maker {
    private final Merkle merkle;
    private final List<byte[]> records;
    private final List<Long> indices;
    private final List<Inclusion.Collector> collectors = new ArrayList<>();

    public Maker(Merkle merkle, List<byte[]> records, List<Long> indices, long size) {
      this.merkle = merkle;
      this.records = List.copyOf(records);
      this.indices = List.copyOf(indices);
      for (long index : indices) {
        collectors.add(new Inclusion.Collector(merkle, index, size));
      }
    }

    public void leaf(byte[] hash) {
      for (Inclusion.Collector collector : collectors) {
        collector.leaf(hash);
      }
    }

    /**
     * The proof's text.
     *
     * @throws MalformedException if the leaves are not those of the checkpoint
     */
    public String text(Checkpoint checkpoint, String note) throws MalformedException {
      StringBuilder text = new StringBuilder(4096);
      for (int i = 0; i < collectors.size(); i++) {
        List<byte[]> path = collectors.get(i).path();
        byte[] record = records.get(i);
        byte[] root =
            Inclusion.root(merkle, merkle.leaf(record), indices.get(i), checkpoint.size(), path);
        if (root == null || !Arrays.equals(root, checkpoint.root())) {
          throw new MalformedException("the records are not those that the checkpoint signs");
        }
        text.append(HEADER).append("\nextra ").append(Base64Text.of(record));
        text.append("\nindex ").append(indices.get(i)).append('\n');
        for (byte[] hash : path) {
          text.append(Base64Text.of(hash)).append('\n');
        }
        text.append('\n').append(note);
      }
      return text.toString();
    }
  }

  private RecordProof() {}

  /** False for a file that does not even begin as a proof does. */
  public static boolean isProof(byte[] file) {
    byte[] header = (HEADER + "\n").getBytes(StandardCharsets.US_ASCII);
    return file.length > header.length
        && Arrays.equals(file, 0, header.length, header, 0, header.length);
  }

  public static Proven verify(byte[] file, Iterable<VerifierKey> keys) throws MalformedException {
    if (file.length > MAX_BYTES) {
      throw new MalformedException("a proof of " + file.length + " bytes is too long");
    }
    String text = new String(file, StandardCharsets.UTF_8);
    if (!isProof(file)) {
      throw new MalformedException("line 1: not a proof, expected " + HEADER);
    }
    List<String> parts = new ArrayList<>();
    for (int from = 0; from >= 0; ) {
      int next = text.indexOf("\n" + HEADER + "\n", from);
      parts.add(next < 0 ? text.substring(from) : text.substring(from, next + 1));
      from = next < 0 ? -1 : next + 1;
      if (parts.size() > MAX_ENTRIES) {
        throw new MalformedException("more than " + MAX_ENTRIES + " records");
      }
    }
    Merkle merkle = new Merkle();
    List<byte[]> records = new ArrayList<>();
    List<Long> indices = new ArrayList<>();
    Checkpoint checkpoint = null;
    VerifierKey signer = null;
    for (int i = 0; i < parts.size(); i++) {
      String what = "record " + (i + 1) + " of the proof: ";
      String part = parts.get(i);
      int blank = part.indexOf("\n\n");
      if (blank < 0) {
        throw new MalformedException(what + "no checkpoint");
      }
      Entry entry = entry(part.substring(0, blank).split("\n", -1), what);
      Note note = Note.parse(part.substring(blank + 2).getBytes(StandardCharsets.UTF_8));
      VerifierKey by = note.signer(keys);
      if (by == null) {
        throw new MalformedException(
            what + "signed by " + note.signerLabels() + ", which is not a key given with --key");
      }
      Checkpoint of = Checkpoint.parse(note.text());
      if (checkpoint != null && !checkpoint.equals(of)) {
        throw new MalformedException(what + "another checkpoint than that of the first record");
      }
      byte[] root =
          Inclusion.root(
              merkle, merkle.leaf(entry.record()), entry.index(), of.size(), entry.path());
      if (root == null || !Arrays.equals(root, of.root())) {
        throw new MalformedException(
            what + "is not record " + entry.index() + " of the log that was signed");
      }
      checkpoint = of;
      signer = by;
      records.add(entry.record());
      indices.add(entry.index());
    }
    if (checkpoint == null || signer == null) {
      throw new MalformedException("a proof of nothing");
    }
    return new Proven(checkpoint, signer, records, indices);
  }

  private static Entry entry(String[] lines, String what) throws MalformedException {
    if (lines.length < 3
        || lines.length > 3 + MAX_PATH
        || !lines[1].startsWith("extra ")
        || !lines[2].matches("index (0|[1-9][0-9]{0,17})")) {
      throw new MalformedException(what + "expected the lines 'extra ...' and 'index ...'");
    }
    byte[] record = Base64Text.parse(lines[1].substring("extra ".length()), what + "line 2");
    List<byte[]> path = new ArrayList<>();
    for (int i = 3; i < lines.length; i++) {
      byte[] hash = Base64Text.parse(lines[i], what + "line " + (i + 1));
      if (hash.length != Merkle.HASH_BYTES) {
        throw new MalformedException(what + "line " + (i + 1) + " is not a SHA-256 hash");
      }
      path.add(hash);
    }
    return new Entry(record, Long.parseLong(lines[2].substring("index ".length())), path);
  }
}
