package dev.cordon.journal.seal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Against what others published: the leaves and roots of Certificate Transparency's reference tests
 * (RFC 6962; google/certificate-transparency, merkletree), the key and note of golang.org/x/mod
 * sumdb/note, the examples of c2sp.org/signed-note, tlog-checkpoint and tlog-tiles. And against a
 * slow second implementation by the definition.
 */
class VectorsTest {

  private static final String[] LEAVES = {
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f"
  };
  private static final String[] ROOTS = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
  };

  private static final String PETER =
      "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
  private static final String PETER_PRIVATE =
      "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
  private static final String TEXT =
      "If you think cryptography is the answer to your problem,\n"
          + "then you don't know what your problem is.\n";
  private static final String NOTE =
      TEXT
          + "\n\u2014 PeterNeumann"
          + " x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

  private final Merkle merkle = new Merkle();

  @Test
  void aLeafIsTheSameWhateverStandsBeforeTheRecord() {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    Random random = new Random(seed);
    Merkle merkle = new Merkle();
    for (int length = 0; length < 300; length++) {
      byte[] record = new byte[length];
      random.nextBytes(record);
      byte[] expected = merkle.leaf(record);
      for (byte before : new byte[] {0, 1, (byte) 0x80}) {
        byte[] in = new byte[length + 9];
        in[6] = before;
        System.arraycopy(record, 0, in, 7, length);
        byte[] hash = new byte[Merkle.HASH_BYTES];
        merkle.leaf(in, 7, length, hash, 0);
        assertArrayEquals(expected, hash, "seed " + seed + ", " + length + " after " + before);
      }
    }
  }

  @Test
  void rootsAreThoseOfCertificateTransparency() {
    Frontier frontier = new Frontier(merkle);
    assertEquals(ROOTS[0], hex(frontier.root()));
    for (int i = 0; i < LEAVES.length; i++) {
      frontier.append(merkle.leaf(HexFormat.of().parseHex(LEAVES[i])), 0);
      assertEquals(ROOTS[i + 1], hex(frontier.root()), "size " + (i + 1));
    }
  }

  @Test
  void inclusionProofsAreThoseOfCertificateTransparency() {
    List<byte[]> path = path(leaves(8), 5);
    assertEquals(
        List.of(
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
        path.stream().map(VectorsTest::hex).toList());
  }

  @Test
  void treesAndPathsAreThoseOfTheDefinition() {
    long seed = Long.getLong("cordon.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int size = 1; size < 300; size += 1 + random.nextInt(7)) {
      List<byte[]> leaves = new ArrayList<>();
      Frontier frontier = new Frontier(merkle);
      for (int i = 0; i < size; i++) {
        byte[] record = new byte[random.nextInt(40)];
        random.nextBytes(record);
        leaves.add(merkle.leaf(record));
        frontier.append(leaves.get(i), 0);
        if (random.nextInt(50) == 0) {
          frontier = Frontier.of(merkle, frontier.size(), frontier.edge());
        }
      }
      byte[] root = slowRoot(leaves);
      assertArrayEquals(root, frontier.root(), "seed " + seed + " size " + size);
      int index = random.nextInt(size);
      List<byte[]> path = path(leaves, index);
      assertArrayEquals(
          root, Inclusion.root(merkle, leaves.get(index), index, size, path), "seed " + seed);
      byte[] other = merkle.leaf(new byte[41]);
      assertEquals(
          false,
          Arrays.equals(root, Inclusion.root(merkle, other, index, size, path)),
          "seed " + seed);
    }
  }

  @Test
  void aNoteIsSignedAndVerifiedAsGoDoes() throws Exception {
    VerifierKey key = VerifierKey.parse(PETER);
    assertEquals(PETER, key.text());
    assertEquals(NOTE, Note.sign(TEXT, SealKey.parse(PETER_PRIVATE)));
    Note note = Note.parse(NOTE.getBytes(StandardCharsets.UTF_8));
    assertEquals(TEXT, note.text());
    assertEquals(key, note.signer(List.of(key)));
    Note changed = Note.parse(NOTE.replace("answer", "Answer").getBytes(StandardCharsets.UTF_8));
    assertThrows(MalformedException.class, () -> changed.signer(List.of(key)));
  }

  @Test
  void everyChangeOfAPublicKeyIsNoticed() {
    for (int i = 0; i < PETER.length(); i++) {
      String changed =
          PETER.substring(0, i) + (char) (PETER.charAt(i) + 1) + PETER.substring(i + 1);
      assertThrows(MalformedException.class, () -> VerifierKey.parse(changed), changed);
    }
  }

  @Test
  void aGeneratedKeyVerifiesWhatItSigns() throws Exception {
    for (int i = 0; i < 20; i++) {
      SealKey.Pair pair = SealKey.generate("example.com/log");
      SealKey read = SealKey.parse(pair.key().text());
      Note note = Note.parse(Note.sign("a\n1\n", read).getBytes(StandardCharsets.UTF_8));
      VerifierKey verifier = VerifierKey.parse(pair.verifier().text());
      assertEquals(verifier, note.signer(List.of(verifier)));
    }
  }

  @Test
  void theCheckpointOfTheSpecificationIsRead() throws Exception {
    Note note =
        Note.parse(
            ("example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
                    + "\n\u2014 example.com/behind-the-sofa"
                    + " Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n")
                .getBytes(StandardCharsets.UTF_8));
    Checkpoint checkpoint = Checkpoint.parse(note.text());
    assertEquals("example.com/behind-the-sofa", checkpoint.origin());
    assertEquals(20_852_163, checkpoint.size());
    assertEquals(note.text(), checkpoint.text());
    assertEquals("example.com/behind-the-sofa+033de0ae", note.signerLabels());
  }

  @Test
  void tilesLieWhereTheSpecificationSays(@TempDir Path directory) throws Exception {
    Path root = Path.of("");
    assertEquals(Path.of("tile/0/x001/x234/067"), Tiles.path(root, "0", 1_234_067, 256));
    assertEquals(Path.of("tile/3/000.p/17"), Tiles.path(root, "3", 0, 17));
    assertEquals(Path.of("tile/entries/x123/000"), Tiles.path(root, "entries", 123_000, 256));
    Frontier frontier = new Frontier(merkle);
    Tiles tiles = new Tiles(directory, frontier);
    List<byte[]> leaves = new ArrayList<>();
    for (int i = 0; i < 70_000; i++) {
      leaves.add(merkle.leaf(new byte[] {(byte) i, (byte) (i >> 8), (byte) (i >> 16)}));
      tiles.append(leaves.get(i), 0);
      if (i == 30_000) {
        tiles.flush();
        tiles.removeOutdated();
      }
    }
    tiles.flush();
    tiles.removeOutdated();
    // "a tree of size 70,000 will be represented by 273 full level 0 tiles, one partial level 0
    // tile of width 112, one full level 1 tile, one partial level 1 tile of width 17, and one
    // partial level 2 tile of width 1"
    assertEquals(8_192, Files.size(directory.resolve("tile/0/272")));
    assertEquals(112 * 32, Files.size(directory.resolve("tile/0/273.p/112")));
    assertEquals(8_192, Files.size(directory.resolve("tile/1/000")));
    assertEquals(17 * 32, Files.size(directory.resolve("tile/1/001.p/17")));
    assertEquals(32, Files.size(directory.resolve("tile/2/000.p/1")));
    try (var all = Files.walk(directory)) {
      assertEquals(277, all.filter(Files::isRegularFile).count(), "and no other file");
    }
    byte[] levelTwo = Files.readAllBytes(directory.resolve("tile/2/000.p/1"));
    assertArrayEquals(slowRoot(leaves.subList(0, 65_536)), levelTwo);
  }

  private List<byte[]> leaves(int count) {
    List<byte[]> leaves = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      leaves.add(merkle.leaf(HexFormat.of().parseHex(LEAVES[i])));
    }
    return leaves;
  }

  private List<byte[]> path(List<byte[]> leaves, long index) {
    Inclusion.Collector collector = new Inclusion.Collector(merkle, index, leaves.size());
    leaves.forEach(collector::leaf);
    List<byte[]> path = collector.path();
    assertNotNull(path);
    return path;
  }

  /** MTH of RFC 6962, section 2.1, as it is written there. */
  private byte[] slowRoot(List<byte[]> leaves) {
    if (leaves.size() == 1) {
      return leaves.get(0);
    }
    int split = Integer.highestOneBit(leaves.size() - 1);
    return merkle.node(
        slowRoot(leaves.subList(0, split)), slowRoot(leaves.subList(split, leaves.size())));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
