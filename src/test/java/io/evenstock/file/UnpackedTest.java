package io.evenstock.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** What is wrong with a file is told from what is wrong on its way. */
class UnpackedTest {
    @Test
    void gzipIsKnownByContent() throws Exception {
        assertEquals("a,b\n", text(gzip("a,b\n"), "file.csv"));
        assertEquals("a,b\n", text(gzip("a,b\n"), "file.csv.gz"));
        assertEquals("a,b\n", text("a,b\n".getBytes(StandardCharsets.UTF_8), "file.csv"));
        assertEquals("", text(new byte[0], "file.csv"));
    }

    @Test
    void aGzipByNameThatIsNoneIsMalformed() {
        malformed("a,b\n1,2\n".getBytes(StandardCharsets.UTF_8), "broken or cut off");
        malformed(new byte[0], "broken or cut off");
        malformed(new byte[] {0x1f}, "broken or cut off");
    }

    @Test
    void aGzipCutOffAnywhereIsMalformed() throws IOException {
        byte[] whole = gzip("a,b\n1,2\n");
        for (int length = 0; length < whole.length; length++) {
            malformed(Arrays.copyOf(whole, length), "broken or cut off");
        }
    }

    @Test
    void aGzipWithAWrongBitIsMalformed() throws IOException {
        byte[] whole = gzip("a,b\n1,2\n");
        whole[whole.length - 6] ^= 1; // of the checksum
        malformed(whole, "broken or cut off");
    }

    @Test
    void aGzipFarTooLargeWhenUnpackedIsMalformed() throws IOException {
        malformed(gzip("0".repeat((16 << 20) + 1)), "unpacks to more than 16777216 bytes");
    }

    @Test
    void severalMembersAreOneFile() throws Exception {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.write(gzip("a,b\n"));
        both.write(gzip("1,2\n"));
        byte[] bytes = both.toByteArray();
        int first = gzip("a,b\n").length;
        // The second arrives later: nothing is said to be available between them.
        InputStream late = new SequenceInputStream(
                new ByteArrayInputStream(bytes, 0, first),
                new ByteArrayInputStream(bytes, first, bytes.length - first));

        assertEquals("a,b\n1,2\n", Unpacked.read(late, "x.gz", bytes.length, UnpackedTest::text));
    }

    @Test
    void aFileThatDoesNotArriveWholeIsNoMalformedOne() throws IOException {
        byte[] whole = gzip("a,b\n1,2\n");
        for (int length = 0; length < whole.length; length++) {
            InputStream cut = new ByteArrayInputStream(whole, 0, length);
            IOException later = assertThrows(
                    IOException.class, () -> Unpacked.read(cut, "x.csv.gz", whole.length, UnpackedTest::text));
            assertTrue(String.valueOf(later.getMessage()).contains("of " + whole.length + " bytes arrived"));
        }
        InputStream plain = new ByteArrayInputStream("a,b\n1".getBytes(StandardCharsets.UTF_8));
        assertThrows(IOException.class, () -> Unpacked.read(plain, "x.csv", 8, UnpackedTest::text));
    }

    @Test
    void aConnectionThatBreaksIsNoMalformedFile() throws IOException {
        byte[] whole = gzip("a,b\n1,2\n");
        EOFException broken = new EOFException("the connection broke");
        InputStream breaking = new SequenceInputStream(new ByteArrayInputStream(whole, 0, 15), new InputStream() {
            @Override
            public int read() throws IOException {
                throw broken;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                throw broken;
            }
        });

        assertEquals(
                broken,
                assertThrows(
                        IOException.class, () -> Unpacked.read(breaking, "x.gz", whole.length, UnpackedTest::text)));
    }

    private static void malformed(byte[] file, String reason) {
        MalformedFileException malformed = assertThrows(MalformedFileException.class, () -> text(file, "file.csv.gz"));
        assertTrue(malformed.reason().contains(reason), malformed::reason);
    }

    private static String text(byte[] file, String name) throws IOException, MalformedFileException {
        return Unpacked.read(new ByteArrayInputStream(file), name, file.length, UnpackedTest::text);
    }

    private static String text(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return packed.toByteArray();
    }
}
