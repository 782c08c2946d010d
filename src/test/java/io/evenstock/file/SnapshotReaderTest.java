package io.evenstock.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.evenstock.file.SnapshotReader.Row;
import java.io.ByteArrayInputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotReaderTest {

    private static final Layout RETAIL_PRO = Layout.retailPro("SBS_NO", "store_code", "upc", "qty", "UPCA");
    private static final String OMS_HEADER = "externalFacilityId,idType,idValue,availableQty\n";

    private final List<Row> rows = new ArrayList<>();
    private final List<Reject> rejects = new ArrayList<>();

    @Test
    void readsARetailProFile() throws Exception {
        new SnapshotReader(RETAIL_PRO)
                .read(new ByteArrayInputStream(Golden.bytes("snapshot-retailpro.csv")), ',', rows::add, rejects::add);
        assertEquals(
                List.of(
                        new Row(2, "001-101", "UPCA", "012345678905", 3),
                        new Row(3, "001-102", "UPCA", "000000000001", -2),
                        new Row(6, "2-101", "UPCA", " 7 ", 12),
                        new Row(12, "003-101", "UPCA", "00\"7", 0)),
                rows);
        assertEquals(
                List.of(
                        new Reject(7, "qty", "1.5", "a fraction; only whole units are counted"),
                        new Reject(8, "upc", "", "blank"),
                        new Reject(
                                9,
                                "SBS_NO",
                                "0-1",
                                "a subsidiary number with a hyphen would make two stores one facility"),
                        new Reject(10, "", "1,1,001,x", "4 columns where the header has 5"),
                        new Reject(11, "store_code", "", "blank")),
                rejects);
    }

    @Test
    void readsTheOmsImportColumns() throws Exception {
        read(
                "availableqty;IDVALUE;x;externalFacilityId;idType\r\n5;0\u00E97;;NY-1;SKU\r\n;1;;NY-1;SKU\r\n",
                Layout.OMS_IMPORT,
                ';',
                UTF_8);
        assertEquals(List.of(new Row(2, "NY-1", "SKU", "0\u00E97", 5)), rows);
        assertEquals(List.of(new Reject(3, "availableQty", "", "the quantity is blank")), rejects);
    }

    @ParameterizedTest
    @ValueSource(strings = {" ,SKU,1,1", ",SKU,1,1", "NY,,1,1", "NY,SKU,\"\",1", "NY,SKU,\"\n\",1", "NY,SKU,\u2003,1"})
    void refusesABlankFacilityTypeOrId(String row) throws Exception {
        read(OMS_HEADER + row + "\nNY,SKU,1,1\n", Layout.OMS_IMPORT, ',', UTF_8);
        assertEquals(1, rows.size());
        assertEquals(List.of("blank"), rejects.stream().map(Reject::reason).toList());
    }

    @Test
    void refusesLongValues() throws Exception {
        String most = "x".repeat(255);
        String row = "%s,%s,%s,1%n".replace("%n", "\n");
        read(
                OMS_HEADER
                        + row.formatted(most, most, most)
                        + row.formatted(most + "x", "t", "v")
                        + row.formatted("f", most + "x", "v")
                        + row.formatted("f", "t", most + "x"),
                Layout.OMS_IMPORT,
                ',',
                UTF_8);
        assertEquals(1, rows.size());
        assertEquals(
                List.of("externalFacilityId", "idType", "idValue"),
                rejects.stream().map(Reject::column).toList());
        assertEquals(new Reject(3, "externalFacilityId", most + "…", "longer than 255 characters"), rejects.get(0));
    }

    @Test
    void refusesAFacilityThatGetsTooLongByJoining() throws Exception {
        String header = "sbs_no,store_code,upc,qty\n";
        read(header + "1," + "x".repeat(253) + ",1,1\n1," + "x".repeat(254) + ",1,1\n", RETAIL_PRO, ',', UTF_8);
        assertEquals(List.of(2L), rows.stream().map(Row::line).toList());
        assertEquals(List.of(3L), rejects.stream().map(Reject::line).toList());
    }

    @Test
    void cutsAShownValueBetweenCharacters() {
        String pairs = "x" + "\uD83D\uDC55".repeat(200);
        assertEquals(pairs.substring(0, 255) + "…", new Reject(1, "c", pairs, "r").value());
        assertEquals(pairs.substring(1, 255) + "…", new Reject(1, "c", pairs.substring(1), "r").value());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\"b", "1\r2", "1\0", "\"1", "\"1\" ", "caf\u00E9"})
    void refusesTheFileThatIsNotRfc4180OrUtf8(String value) {
        String document = OMS_HEADER + "NY,SKU,1,1\nNY,SKU," + value + ",1\n";
        MalformedFileException fault =
                assertThrows(MalformedFileException.class, () -> read(document, Layout.OMS_IMPORT, ',', ISO_8859_1));
        assertEquals(3, fault.line());
    }

    @Test
    void refusesTheFileWithoutANeededColumnOrWithoutAnyByte() {
        MalformedFileException fault =
                assertThrows(MalformedFileException.class, () -> read("upc,qty,store_code\n", RETAIL_PRO, ',', UTF_8));
        assertEquals("line 1, byte 0: the column SBS_NO is missing; found upc, qty, store_code", fault.getMessage());
        assertThrows(MalformedFileException.class, () -> read("", RETAIL_PRO, ',', UTF_8));
        assertThrows(
                MalformedFileException.class,
                () -> read(OMS_HEADER.replace("\n", ",IDTYPE\n"), Layout.OMS_IMPORT, ',', UTF_8));
    }

    @Test
    void aHeaderAloneGivesNothing() throws Exception {
        read(OMS_HEADER, Layout.OMS_IMPORT, ',', UTF_8);
        assertEquals(List.of(), rows);
        assertEquals(List.of(), rejects);
    }

    @Test
    void keepsToItsLimits() {
        CsvLimits limits = new CsvLimits(64, 4);
        SnapshotReader reader = new SnapshotReader(Layout.OMS_IMPORT, limits);
        byte[] document = (OMS_HEADER + "NY,SKU,1,1" + " ".repeat(60) + "\n").getBytes(UTF_8);
        MalformedFileException fault = assertThrows(
                MalformedFileException.class,
                () -> reader.read(new ByteArrayInputStream(document), ',', rows::add, rejects::add));
        assertEquals("a record longer than 64 bytes", fault.reason());
    }

    @Test
    void agreesWithThePlainReference() throws Exception {
        long seed = Long.getLong("evenstock.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 5_000; round++) {
            StringBuilder document = new StringBuilder(OMS_HEADER);
            for (int row = random.nextInt(5); row > 0; row--) {
                document.append(any(random, "NY", "\"N\"\"Y\"", "\"N\nY\"", "\"N,\r\nY\"", "é"))
                        .append(',');
                document.append(any(random, "SKU", "\"SKU\"", "\"\"\"SKU\"\"\"", " SKU "))
                        .append(',');
                document.append(any(random, "1", "0", "\"1\"", "\"\n\n1\"")).append(',');
                document.append(any(random, "1", "-5", "\"3.0\"")).append(any(random, "\n", "\r\n", "\n\n"));
            }
            rows.clear();
            read(document.toString(), Layout.OMS_IMPORT, ',', UTF_8);
            List<Row> expected =
                    Optional.of(document.toString()).flatMap(text -> Reference.parse(text, ',')).orElseThrow().stream()
                            .skip(1)
                            .map(SnapshotReaderTest::row)
                            .toList();
            assertEquals(expected, rows, () -> "-Devenstock.seed=" + seed + ":\n" + document);
        }
        assertEquals(List.of(), rejects);
    }

    private static Row row(Reference.Rec one) {
        List<String> values = one.values();
        int quantity = Integer.parseInt(values.get(3).replace(".0", ""));
        return new Row(one.line(), values.get(0), values.get(1), values.get(2), quantity);
    }

    private static String any(Random random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private void read(String document, Layout layout, char delimiter, Charset charset) throws Exception {
        new SnapshotReader(layout)
                .read(new ByteArrayInputStream(document.getBytes(charset)), delimiter, rows::add, rejects::add);
    }
}
