package io.evenstock.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordFilterTest {

    private static final Keys ACTIVE = keys("0001", "0002", "0003", "00\"05");
    private static final CsvLimits SMALL = new CsvLimits(64, 5);

    @ParameterizedTest
    @ValueSource(strings = {"filter-unix", "filter-windows"})
    void keepsTheActiveRecordsByteForByte(String golden) throws Exception {
        byte[] input = Golden.bytes(golden + ".csv");
        byte[] expected = Golden.bytes(golden + ".expected.csv");
        for (int blockBytes = 1; blockBytes <= input.length + 1; blockBytes++) {
            RecordFilter filter = new RecordFilter(
                    ',',
                    List.of("sbs_no", "store_code", "QTY"),
                    Map.of("upc", ACTIVE),
                    CsvLimits.DEFAULT,
                    WrongColumnCount.REFUSE_FILE,
                    blockBytes);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            FilterCounts counts = filter.run(new ByteArrayInputStream(input), out);
            assertArrayEquals(expected, out.toByteArray(), "block of " + blockBytes);
            assertEquals(new FilterCounts(input.length, 11, 6, 5, 0), counts);
            assertEquals(input.length, filter.bytesSoFar());
            assertEquals(11, filter.recordsSoFar());
        }
    }

    @Test
    void keepsARecordThatMatchesInAnyKeyColumn() throws Exception {
        RecordFilter filter =
                new RecordFilter(';', List.of(), Map.of("ean", keys("5"), "upc", keys("1")), CsvLimits.DEFAULT);
        assertEquals("upc;x;ean\n1;;2\n2;;5\n", run(filter, "upc;x;ean\n1;;2\n5;;1\n2;;5\n2;5;2\n"));
    }

    @Test
    void takesATabAsDelimiter() throws Exception {
        RecordFilter filter = new RecordFilter('\t', List.of(), Map.of("upc", keys("1")), CsvLimits.DEFAULT);
        assertEquals("a\tupc\tb\n,\t1\t\"\t\"\n", run(filter, "a\tupc\tb\n,\t1\t\"\t\"\n\t2\t\n"));
    }

    @Test
    void countsTabsBehindTheKeyToo() throws Exception {
        RecordFilter filter = new RecordFilter('\t', List.of(), Map.of("upc", keys("1")), CsvLimits.DEFAULT);
        String kept = "upc\tb\tc\td\te\n1\t\t \t\"\t\"\tx y\n";
        assertEquals(kept, run(filter, kept + "2\t\t\t\t\n"));
    }

    @Test
    void aTabIsDataUnderAnotherDelimiter() throws Exception {
        assertEquals("a,upc,b\n\tx\t,1,y\t\u0001z\n", filtered("a,upc,b\n\tx\t,1,y\t\u0001z\n\t,2,\t\t\t\t\t\t\t\n"));
    }

    @Test
    void neitherEmptyNorBlankIsAKey() throws Exception {
        assertEquals("upc,b\n", filtered("upc,b\n,1\n\"\",1\n \"1\",1\n".replace(" \"1\"", "\" 1\"")));
    }

    @Test
    void copiesARecordWithoutLineEndAsItStands() throws Exception {
        assertEquals("upc\n1", filtered("upc\n2\n1"));
        assertEquals("upc\n\"1\"", filtered("upc\n2\n\"1\""));
        assertEquals("upc,b\n1,", filtered("upc,b\n2,\n1,"));
    }

    @Test
    void passesOverBlankLines() throws Exception {
        RecordFilter filter = filter(CsvLimits.DEFAULT, WrongColumnCount.REFUSE_FILE);
        assertEquals("upc,b\n1,x\r\n", run(filter, "\n\r\nupc,b\n\n\r\n1,x\r\n\r\n\n2,x\n\n"));
        assertEquals(2, filter.recordsSoFar());
    }

    @Test
    void aHeaderAloneCountsNothing() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        FilterCounts counts =
                filter(CsvLimits.DEFAULT, WrongColumnCount.REFUSE_FILE).run(bytes("\u00EF\u00BB\u00BFupc,b"), out);
        assertEquals(new FilterCounts(8, 0, 0, 0, 0), counts);
        assertEquals("\u00EF\u00BB\u00BFupc,b", out.toString(ISO_8859_1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "upc,b@1,a\"b@ | 2 | 9 | a quote inside an unquoted field",
                "upc,b@1\"1\",b@ | 2 | 7 | a quote inside an unquoted field",
                "upc,b@1, \"b\"@ | 2 | 9 | a quote inside an unquoted field",
                "upc,b@1,2@3,\"b@b\"@2,\"c | 5 | 20 | a quote that is never closed",
                "upc,b@\"1 | 2 | 6 | a quote that is never closed",
                "upc,b@1,\"b\" @ | 2 | 11 | neither a delimiter nor a line end behind a closing quote",
                "upc,b@\"1\"1,b@ | 2 | 9 | neither a delimiter nor a line end behind a closing quote",
                "upc,b@1^1,b@ | 2 | 7 | a carriage return without a line feed",
                "upc,b@1,b^1,b@ | 2 | 9 | a carriage return without a line feed",
                "upc,b@1,b^ | 2 | 9 | a carriage return without a line feed",
                "upc,b@1,\"b\"^ | 2 | 11 | a carriage return without a line feed",
                "upc,b@1,\"b\"^1 | 2 | 11 | a carriage return without a line feed",
                "upc,b@1,$@ | 2 | 8 | a NUL byte; is the file UTF-16, or binary?",
                "upc,b@$1,2@ | 2 | 6 | a NUL byte; is the file UTF-16, or binary?",
                "upc,b@2,\"xxxxxxxxxx$\"@ | 2 | 19 | a NUL byte; is the file UTF-16, or binary?",
                "upc,b@1,b@1,b,c@ | 3 | 10 | 3 columns where the header has 2",
                "upc,b@@2,b@1@ | 4 | 11 | 1 columns where the header has 2",
            })
    void refusesWhatIsNotRfc4180(String document, long line, long offset, String reason) {
        String text = document.replace('@', '\n').replace('^', '\r').replace('$', '\0');
        for (int blockBytes = 1; blockBytes <= 64; blockBytes++) {
            MalformedFileException fault = fault(text, CsvLimits.DEFAULT, blockBytes);
            assertEquals("line " + line + ", byte " + offset + ": " + reason, fault.getMessage());
            assertEquals(line, fault.line());
            assertEquals(offset, fault.offset());
            assertEquals(reason, fault.reason());
        }
    }

    @Test
    void refusesAKeptRecordOrHeaderThatIsNotUtf8() throws Exception {
        assertEquals(
                "line 3, byte 19: not UTF-8",
                fault("upc,b\n2,\u00FF\n1,abcdefg\u00FF\n").getMessage());
        assertEquals("line 2, byte 9: not UTF-8", fault("upc,b\n1,x\u00C3").getMessage());
        assertEquals(
                "line 2, byte 8: not UTF-8",
                fault("upc,b\n1,\u00ED\u00A0\u0080\n").getMessage());
        assertEquals("line 1, byte 4: not UTF-8", fault("upc,\u00E9\n").getMessage());
        assertEquals("upc,b\n", filtered("upc,b\n2,\u00FF\n"));
    }

    @Test
    void checksALongKeptRecordWhole() throws Exception {
        String long1 = "upc,b\n1," + "é".repeat(5_000) + "\n";
        String latin = new String(long1.getBytes(UTF_8), ISO_8859_1);
        assertEquals(latin, filtered(latin));
        assertEquals(
                8 + 8_000, fault(latin.substring(0, 8 + 8_000) + "\u00FF\n").offset());
    }

    @Test
    void refusesUtf16() {
        String reason = "the file is UTF-16 by its byte order mark; UTF-8 is expected";
        assertEquals("line 1, byte 0: " + reason, fault("\u00FF\u00FEu\0p\0c\0").getMessage());
        assertEquals(reason, fault("\u00FE\u00FF\0u\0p\0c").reason());
        assertEquals(
                "line 1, byte 1: a NUL byte; is the file UTF-16, or binary?",
                fault("u\0p\0c\0").getMessage());
    }

    @Test
    void refusesAnEmptyFile() {
        assertEquals("byte 0: the file is empty (0 bytes)", fault("").getMessage());
        assertEquals(
                "line 1: no header: there is nothing but blank lines",
                fault("\n\r\n").getMessage());
        assertEquals(
                "line 1: no header: there is nothing but blank lines",
                fault("\u00EF\u00BB\u00BF").getMessage());
    }

    @Test
    void namesTheColumnsFound() {
        assertEquals(
                "line 1, byte 0: the column upc is missing; found a, b?c",
                fault("a,\"b\nc\"\n").getMessage());
        assertEquals(
                "line 1, byte 0: the column upc is there twice; found upc, b, UPC",
                fault("upc,b, UPC \n").getMessage());
        RecordFilter needy = new RecordFilter(',', List.of("qty"), Map.of("upc", ACTIVE), CsvLimits.DEFAULT);
        MalformedFileException fault = assertThrows(MalformedFileException.class, () -> run(needy, "upc,b\n"));
        assertEquals("the column qty is missing; found upc, b", fault.reason());
    }

    @Test
    void aColumnNobodyNeedsMayBeThereTwice() throws Exception {
        assertEquals("b,upc,B\n1,1,1\n", filtered("b,upc,B\n1,1,1\n"));
    }

    @Test
    void aRecordMayBeAsLongAsTheLimit() throws Exception {
        String most = "1," + "x".repeat(61) + "\n";
        String mostQuoted = "1,\"" + "x".repeat(60) + "\"";
        for (int blockBytes = 1; blockBytes <= 200; blockBytes++) {
            RecordFilter filter = filter(SMALL, WrongColumnCount.REFUSE_FILE, blockBytes);
            assertEquals("upc,b\n" + most + mostQuoted, run(filter, "upc,b\n" + most + mostQuoted));
            String reason = "a record longer than 64 bytes";
            assertEquals(
                    "line 2, byte 70: " + reason,
                    fault("upc,b\nx" + most, SMALL, blockBytes).getMessage());
            assertEquals(
                    "line 2, byte 70: " + reason,
                    fault("upc,b\nx" + most + most, SMALL, blockBytes).getMessage());
        }
    }

    @Test
    void refusesAnEndlessRecordWithoutBufferingIt() {
        Endless endless = new Endless("upc,b\n1,", 'x');
        MalformedFileException fault = assertThrows(
                MalformedFileException.class,
                () -> filter(CsvLimits.DEFAULT, WrongColumnCount.REFUSE_FILE)
                        .run(endless, OutputStream.nullOutputStream()));
        assertEquals("line 2, byte " + (6 + (1 << 20)) + ": a record longer than 1048576 bytes", fault.getMessage());
        assertTrue(endless.count <= 2 * (1 << 20), () -> endless.count + " bytes taken");
    }

    @Test
    void refusesTooManyColumns() {
        assertEquals(
                "line 1, byte 0: more than 5 columns",
                fault("upc,b,c,d,e,f\n", SMALL, 64).getMessage());
        assertEquals(
                "line 2, byte 10: more than 5 columns",
                fault("upc,b,c,d\n1,2,3,4,5,6", SMALL, 64).getMessage());
    }

    @Test
    void refusesRecordsOneByOneWhereToldTo() throws Exception {
        RecordFilter filter = filter(CsvLimits.DEFAULT, WrongColumnCount.REFUSE_RECORD);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        FilterCounts counts = filter.run(bytes("a,upc,b\n1\r\n1,\"1\n\"\n,1,\n,2,\n1,1,1,1\n"), out);
        assertEquals("a,upc,b\n,1,\n", out.toString(ISO_8859_1));
        assertEquals(new FilterCounts(34, 5, 1, 1, 3), counts);
        assertEquals(
                List.of(
                        new Reject(2, "", "1", "1 columns where the header has 3"),
                        new Reject(3, "", "1,\"1\n\"", "2 columns where the header has 3"),
                        new Reject(7, "", "1,1,1,1", "4 columns where the header has 3")),
                filter.rejects());
    }

    @Test
    void reportsSoManyRefusedRecordsAndNotMore() throws Exception {
        RecordFilter filter = filter(CsvLimits.DEFAULT, WrongColumnCount.REFUSE_RECORD);
        String document = "upc,b\n" + "1\n".repeat(1_500);
        assertEquals(
                1_500,
                filter.run(bytes(document), OutputStream.nullOutputStream()).refused());
        assertEquals(1_000, filter.rejects().size());
        run(filter, "upc,b\n1,2\n");
        assertEquals(List.of(), filter.rejects());
    }

    @Test
    void tellsItsProgressOnceABlock() throws Exception {
        RecordFilter filter = filter(CsvLimits.DEFAULT, WrongColumnCount.REFUSE_FILE, 100);
        List<Long> seen = new ArrayList<>();
        InputStream watched = new FilterInputStream(bytes("upc,b\n" + "2,345678\n".repeat(100))) {
            @Override
            public int read(byte[] target, int from, int length) throws IOException {
                seen.add(filter.bytesSoFar());
                seen.add(filter.recordsSoFar());
                return super.read(target, from, length);
            }
        };
        filter.run(watched, OutputStream.nullOutputStream());
        assertEquals(List.of(0L, 0L, 100L, 10L, 196L, 21L), seen.subList(0, 6));
        assertEquals(906, filter.bytesSoFar());
        assertEquals(100, filter.recordsSoFar());
    }

    @Test
    void anIoFaultStaysAnIoFault() {
        InputStream broken = new FilterInputStream(bytes("upc,b\n")) {
            @Override
            public int read(byte[] target, int from, int length) throws IOException {
                throw new IOException("connection lost");
            }
        };
        RecordFilter filter = filter(CsvLimits.DEFAULT, WrongColumnCount.REFUSE_FILE);
        assertThrows(IOException.class, () -> filter.run(broken, OutputStream.nullOutputStream()));
    }

    @Test
    void closesNeitherStreamAndFlushesTheOutput() throws Exception {
        List<String> calls = new ArrayList<>();
        InputStream in = new FilterInputStream(bytes("upc,b\n1,2\n")) {
            @Override
            public void close() {
                calls.add("in closed");
            }
        };
        OutputStream out = new ByteArrayOutputStream() {
            @Override
            public void close() {
                calls.add("out closed");
            }

            @Override
            public void flush() {
                calls.add("out flushed");
            }
        };
        filter(CsvLimits.DEFAULT, WrongColumnCount.REFUSE_FILE).run(in, out);
        assertEquals(List.of("out flushed"), calls);
    }

    @Test
    void refusesSenselessSettings() {
        Map<String, Keys> keys = Map.of("upc", ACTIVE);
        for (char delimiter : new char[] {'"', '\r', '\n', '\0', 'é'}) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new RecordFilter(delimiter, List.of(), keys, CsvLimits.DEFAULT));
        }
        assertThrows(
                IllegalArgumentException.class, () -> new RecordFilter(',', List.of(), Map.of(), CsvLimits.DEFAULT));
        assertThrows(IllegalArgumentException.class, () -> new CsvLimits(15, 1));
        assertThrows(IllegalArgumentException.class, () -> new CsvLimits((64 << 20) + 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new CsvLimits(16, 0));
        assertThrows(IllegalArgumentException.class, () -> new CsvLimits(16, 100_001));
        assertThrows(IllegalArgumentException.class, () -> new FilterCounts(0, 3, 1, 1, 0));
        assertEquals(new CsvLimits(1_048_576, 1_000), CsvLimits.DEFAULT);
    }

    private static Keys keys(String... keys) {
        Keys.Builder builder = Keys.builder();
        for (String key : keys) {
            builder.add(key);
        }
        return builder.build();
    }

    private static RecordFilter filter(CsvLimits limits, WrongColumnCount policy) {
        return new RecordFilter(',', List.of(), Map.of("upc", keys("1")), limits, policy);
    }

    private static RecordFilter filter(CsvLimits limits, WrongColumnCount policy, int blockBytes) {
        return new RecordFilter(',', List.of(), Map.of("upc", keys("1")), limits, policy, blockBytes);
    }

    private static String filtered(String document) throws Exception {
        return run(filter(CsvLimits.DEFAULT, WrongColumnCount.REFUSE_FILE), document);
    }

    private static String run(RecordFilter filter, String document) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        filter.run(bytes(document), out);
        return out.toString(ISO_8859_1);
    }

    private static MalformedFileException fault(String document) {
        return fault(document, CsvLimits.DEFAULT, Block.DEFAULT_BYTES);
    }

    private static MalformedFileException fault(String document, CsvLimits limits, int blockBytes) {
        RecordFilter filter = filter(limits, WrongColumnCount.REFUSE_FILE, blockBytes);
        return assertThrows(MalformedFileException.class, () -> run(filter, document));
    }

    private static InputStream bytes(String latin) {
        return new ByteArrayInputStream(latin.getBytes(ISO_8859_1));
    }

    /** A beginning, then one character for ever. */
    private static final class Endless extends InputStream {

        private final String beginning;
        private final char rest;
        private int count;

        Endless(String beginning, char rest) {
            this.beginning = beginning;
            this.rest = rest;
        }

        @Override
        public int read() {
            char next = count < beginning.length() ? beginning.charAt(count) : rest;
            count++;
            return next;
        }

        @Override
        public int read(byte[] target, int from, int length) {
            for (int at = from; at < from + length; at++) {
                target[at] = (byte) read();
            }
            return length;
        }
    }
}
