package io.evenstock.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The variance file, the active list and the rejects: golden files, and back again. */
class WrittenFilesTest {

    private static final List<VarianceFile.Line> LINES = List.of(
            new VarianceFile.Line("001-101", "UPCA", "012345678905", -2, "VAR_EXT_RESET", "", "S1", "00001"),
            new VarianceFile.Line(
                    "001-102",
                    "UPCA",
                    "012345678905",
                    2,
                    "VAR_EXT_RESET",
                    "invoiced at \"L\", shipped\nfrom M",
                    "S2",
                    "00002"),
            new VarianceFile.Line(
                    "002-101",
                    "SKU",
                    " 7 ",
                    Integer.MIN_VALUE,
                    "VAR_EXT_RESET",
                    "caf\u00E9; \uD83D\uDC55",
                    "S3",
                    "00001"));
    private static final List<ActiveListFile.Entry> ENTRIES = List.of(
            new ActiveListFile.Entry("P1", "UPCA", "012345678905"),
            new ActiveListFile.Entry("P1", "SKU", "a,b"),
            new ActiveListFile.Entry("P2", "UPCA", "000000000001"));
    private static final String VARIANCE_HEADER =
            "externalFacilityId,idType,idValue,availableDelta,varianceReasonId,comments,shipmentId,shipmentItemSeqId\n";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void writesAndReadsTheVarianceFile() throws Exception {
        VarianceFile.write(out, LINES);
        assertEquals(new String(Golden.bytes("variance.csv"), UTF_8), out.toString(UTF_8));
        assertEquals(LINES, VarianceFile.read(new ByteArrayInputStream(out.toByteArray())));
    }

    @Test
    void readsTheVarianceFileByName() throws Exception {
        String document =
                "shipmentItemSeqId,SHIPMENTID,x,comments,varianceReasonId,availableDelta,idValue,idType,externalFacilityId\r\n"
                        + "8,7,x,6,5,-4.0,3,2,1";
        assertEquals(List.of(new VarianceFile.Line("1", "2", "3", -4, "5", "6", "7", "8")), variance(document));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1,2,3,x,5,6,7,8\n",
                "1,2,3,1.5,5,6,7,8\n",
                "1,2,3,,5,6,7,8\n",
                "1,2,3,4,5,6,7\n",
                "1,2,3,4,5,6,7,8,9\n"
            })
    void refusesAVarianceFileWithAFault(String row) {
        MalformedFileException fault =
                assertThrows(MalformedFileException.class, () -> variance(VARIANCE_HEADER + "1,2,3,4,5,6,7,8\n" + row));
        assertEquals(3, fault.line());
        assertEquals(VARIANCE_HEADER.length() + 16, fault.offset());
    }

    @Test
    void readsNoEndlessVarianceFile() throws Exception {
        String most = VARIANCE_HEADER + ",,,1,,,,\n".repeat(VarianceFile.MAX_LINES);
        assertEquals(VarianceFile.MAX_LINES, variance(most).size());
        MalformedFileException fault = assertThrows(MalformedFileException.class, () -> variance(most + ",,,1,,,,\n"));
        assertEquals("more than 1000000 lines", fault.reason());
    }

    @Test
    void writesAndReadsTheActiveList() throws Exception {
        ActiveListFile.write(out, ENTRIES);
        assertEquals(new String(Golden.bytes("active.csv"), UTF_8), out.toString(UTF_8));
        assertEquals(ENTRIES, active(out.toString(UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"P1,SKU,\n", "P1, ,1\n", ",SKU,1\n", "P1,SKU\n"})
    void refusesAnActiveListWithAFault(String row) {
        MalformedFileException fault =
                assertThrows(MalformedFileException.class, () -> active("productId,idType,idValue\nP1,SKU,1\n" + row));
        assertEquals(3, fault.line());
    }

    @Test
    void escapesForSpreadsheetsWhatLooksLikeAFormula() throws Exception {
        List<Reject> rejects = new ArrayList<>();
        rejects.add(new Reject(2, "qty", "1.5", "a fraction; only whole units are counted"));
        rejects.add(new Reject(3, "upc", "=1+1", "blank"));
        String[] values = {"+1", "-1", "@a", "\ta", "\ra", "\na"};
        for (int index = 0; index < values.length; index++) {
            rejects.add(new Reject(4 + index, "upc", values[index], "x"));
        }
        rejects.add(new Reject(10, "", "a=b", "=x,y"));
        rejects.add(new Reject(11, "upc", "\uD83D", "x"));
        rejects.add(new Reject(12, "upc", "a\0b", "x"));
        RejectsFile.write(out, rejects);
        assertEquals(new String(Golden.bytes("rejects.csv"), UTF_8), out.toString(UTF_8));
    }

    @Test
    void refusesToWriteWhatNobodyCouldRead() {
        for (String value : new String[] {"a\0", "\uD83D", "\uDC55x"}) {
            List<ActiveListFile.Entry> entries = List.of(new ActiveListFile.Entry("P1", "SKU", value));
            assertThrows(IllegalArgumentException.class, () -> ActiveListFile.write(out, entries));
        }
    }

    @Test
    void leavesTheStreamOpen() throws Exception {
        List<String> calls = new ArrayList<>();
        ByteArrayOutputStream watched = new ByteArrayOutputStream() {
            @Override
            public void close() throws IOException {
                calls.add("closed");
            }

            @Override
            public void flush() {
                calls.add("flushed");
            }
        };
        VarianceFile.write(watched, List.of());
        ActiveListFile.write(watched, List.of());
        RejectsFile.write(watched, List.of());
        assertEquals(List.of("flushed", "flushed", "flushed"), calls);
        assertEquals(VARIANCE_HEADER + "productId,idType,idValue\nline,column,value,reason\n", watched.toString(UTF_8));
    }

    @Test
    void commonsCsvReadsWhatIsWritten() throws Exception {
        long seed = Long.getLong("evenstock.seed", System.nanoTime());
        Random random = new Random(seed);
        List<ActiveListFile.Entry> entries = new ArrayList<>();
        for (int index = 0; index < 5_000; index++) {
            entries.add(new ActiveListFile.Entry(text(random), text(random), text(random)));
        }
        ActiveListFile.write(out, entries);
        assertEquals(entries, active(out.toString(UTF_8)), () -> "-Devenstock.seed=" + seed);
        try (CSVParser parser = CSVParser.parse(new StringReader(out.toString(UTF_8)), CSVFormat.RFC4180)) {
            List<ActiveListFile.Entry> read = new ArrayList<>();
            for (CSVRecord one : parser) {
                read.add(new ActiveListFile.Entry(one.get(0), one.get(1), one.get(2)));
            }
            assertEquals(entries, read.subList(1, read.size()), () -> "-Devenstock.seed=" + seed);
        }
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder("x");
        for (int length = random.nextInt(6); length > 0; length--) {
            text.append(",\"\r\n a'é#".charAt(random.nextInt(9)));
        }
        return text.reverse().toString();
    }

    private static List<VarianceFile.Line> variance(String document) throws Exception {
        return VarianceFile.read(new ByteArrayInputStream(document.getBytes(UTF_8)));
    }

    private static List<ActiveListFile.Entry> active(String document) throws Exception {
        List<ActiveListFile.Entry> entries = new ArrayList<>();
        ActiveListFile.read(new ByteArrayInputStream(document.getBytes(UTF_8)), entries::add);
        return entries;
    }
}
