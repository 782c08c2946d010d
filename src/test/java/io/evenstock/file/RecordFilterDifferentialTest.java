package io.evenstock.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;

/**
 * The filter against a plain reference and against commons-csv, on small nasty documents: the same records kept, the same
 * verdict. Documents are bytes, one character each. Each is read in blocks of some size, every fiftieth in blocks of every size,
 * so that a block ends behind each of its bytes once.
 *
 * <p>Where commons-csv takes a document that the filter refuses, it is for one of these, each on purpose:
 *
 * <ul>
 *   <li>a quote inside an unquoted field: commons-csv takes it as data;
 *   <li>a carriage return without a line feed: it ends the record there;
 *   <li>a NUL byte: data there;
 *   <li>blanks or tabs between a closing quote and the delimiter: dropped there;
 *   <li>a record with the wrong number of columns (refused by the file or by the record, as told): no matter there;
 *   <li>a kept record that is not UTF-8: commons-csv reads what its reader decodes.
 * </ul>
 *
 * <p>There is no document that commons-csv refuses and the filter takes.
 */
class RecordFilterDifferentialTest {

    private static final int DOCUMENTS = Integer.getInteger("evenstock.documents", 100_000);
    private static final int EVERY_BORDER_OF_EACH = 50;
    private static final Set<String> WANTED =
            Set.of("1", "12345678", "0123456789ab", "a\"b", "x\ny", "long-key-of-20-bytes", "a,b");
    private static final List<String> VALUES = List.of(
            "",
            "1",
            "2",
            "12345678",
            "12345679",
            "0123456789ab",
            "0123456789ac",
            "long-key-of-20-bytes",
            " 1",
            "1 ",
            "caf\u00C3\u00A9",
            "plain text",
            "a longer text that spans more than two words of eight",
            "\t");
    private static final List<String> QUOTED = List.of(
            "",
            "1",
            "12345678",
            "a\"\"b",
            "x\ny",
            "x\r\ny",
            "a,b",
            "\"\"",
            "\"\"\"\"",
            ",",
            "\n",
            "\r",
            "\r\n\r\n",
            "long-key-of-20-bytes",
            "text, with \"\"quotes\"\" and\nmore than one word of eight",
            "1\"\"");
    private static final List<String> NOISE =
            List.of("\"", "\r", "\0", " ", "\"\"", "\n", "\r\n", ",", "\u00FF", "\u00C3", "\u0001", "x", "\"x", "\" ");
    private static final CSVFormat COMMONS =
            CSVFormat.RFC4180.builder().setIgnoreEmptyLines(true).get();

    private int refused;
    private int refusedByUsAlone;
    private int kept;

    @Test
    void agreesOnEveryDocument() {
        long seed = Long.getLong("evenstock.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int index = 0; index < DOCUMENTS; index++) {
            char delimiter = random.nextInt(4) == 0
                    ? any(random, List.of(";", "\t", "|")).charAt(0)
                    : ',';
            String document = document(random).replace(',', delimiter);
            int blockBytes = 1 + random.nextInt(random.nextInt(8) == 0 ? 400 : 64);
            WrongColumnCount policy =
                    random.nextBoolean() ? WrongColumnCount.REFUSE_FILE : WrongColumnCount.REFUSE_RECORD;
            String place = "-Devenstock.seed=%d, document %d, blocks of %d, delimiter '%s', %s:%n%s"
                    .formatted(seed, index, blockBytes, delimiter, policy, shown(document));
            compare(document, delimiter, blockBytes, policy, place);
            if (index % EVERY_BORDER_OF_EACH == 0) {
                for (int border = 1; border <= document.length(); border++) {
                    compare(document, delimiter, border, policy, "border " + border + " of " + place);
                }
            }
        }
        assertTrue(refused > DOCUMENTS / 20, () -> "too few refused: " + refused);
        assertTrue(refusedByUsAlone > DOCUMENTS / 50, () -> "too few refused by us alone: " + refusedByUsAlone);
        assertTrue(kept > DOCUMENTS / 2, () -> "too few records kept: " + kept);
    }

    private void compare(String document, char delimiter, int blockBytes, WrongColumnCount policy, String place) {
        Optional<List<Reference.Rec>> records = Reference.parse(content(document), delimiter);
        Optional<List<List<String>>> commons = commons(content(document), delimiter);
        records.ifPresent(ours -> assertEquals(
                commons, Optional.of(ours.stream().map(Reference.Rec::values).toList()), place));
        Optional<String> expected = records.flatMap(all -> expected(document, all, policy));
        Optional<String> actual = actual(document, delimiter, blockBytes, policy, records, place);
        assertEquals(expected, actual, place);
        refused += actual.isEmpty() ? 1 : 0;
        refusedByUsAlone += actual.isEmpty() && commons.isPresent() ? 1 : 0;
    }

    private Optional<String> expected(String document, List<Reference.Rec> all, WrongColumnCount policy) {
        StringBuilder output = new StringBuilder(
                document.substring(0, document.length() - content(document).length()));
        int columns = all.get(0).values().size();
        for (int index = 0; index < all.size(); index++) {
            Reference.Rec one = all.get(index);
            boolean wrong = one.values().size() != columns;
            if (wrong && policy == WrongColumnCount.REFUSE_FILE) {
                return Optional.empty();
            }
            if (index == 0 || (!wrong && WANTED.contains(one.values().get(1)))) {
                if (!isUtf8(one.raw())) {
                    return Optional.empty();
                }
                output.append(one.raw());
            }
        }
        return Optional.of(output.toString());
    }

    private Optional<String> actual(
            String document,
            char delimiter,
            int blockBytes,
            WrongColumnCount policy,
            Optional<List<Reference.Rec>> records,
            String place) {
        RecordFilter filter = new RecordFilter(
                delimiter, List.of("qty"), Map.of("upc", keys()), CsvLimits.DEFAULT, policy, blockBytes);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            FilterCounts counts = filter.run(new ByteArrayInputStream(document.getBytes(ISO_8859_1)), out);
            int read = records.map(List::size).orElse(0) - 1;
            assertEquals(
                    new FilterCounts(document.length(), read, counts.kept(), counts.dropped(), counts.refused()),
                    counts,
                    place);
            assertEquals(
                    refusedLines(records.orElse(List.of())),
                    filter.rejects().stream().map(Reject::line).toList(),
                    place);
            kept += (int) counts.kept();
            return Optional.of(out.toString(ISO_8859_1));
        } catch (MalformedFileException malformed) {
            return Optional.empty();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static List<Long> refusedLines(List<Reference.Rec> records) {
        int columns = records.get(0).values().size();
        return records.stream()
                .filter(one -> one.values().size() != columns)
                .map(Reference.Rec::line)
                .toList();
    }

    private static Keys keys() {
        Keys.Builder keys = Keys.builder();
        WANTED.forEach(keys::add);
        return keys.build();
    }

    private static Optional<List<List<String>>> commons(String document, char delimiter) {
        List<List<String>> records = new ArrayList<>();
        try (CSVParser parser = CSVParser.parse(
                document, COMMONS.builder().setDelimiter(delimiter).get())) {
            for (CSVRecord one : parser) {
                records.add(one.toList());
            }
            return Optional.of(records);
        } catch (IOException | UncheckedIOException refused) {
            return Optional.empty();
        }
    }

    private static boolean isUtf8(String raw) {
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(raw.getBytes(ISO_8859_1)));
            return true;
        } catch (CharacterCodingException refused) {
            return false;
        }
    }

    private static String content(String document) {
        return document.startsWith("\u00EF\u00BB\u00BF") ? document.substring(3) : document;
    }

    private static String document(Random random) {
        StringBuilder text = new StringBuilder(random.nextInt(6) == 0 ? "\u00EF\u00BB\u00BF" : "");
        text.append(random.nextInt(6) == 0 ? "\"sid\",\"UPC\",\"the \"\"name\"\"\",qty" : "sid,upc,name,Qty");
        int lineEnds = random.nextInt(3);
        int records = random.nextInt(7);
        for (int index = 0; index < records; index++) {
            text.append(lineEnd(random, lineEnds));
            appendRecord(random, text);
        }
        text.append(random.nextInt(3) == 0 ? "" : lineEnd(random, lineEnds));
        int header = text.indexOf("\n") + 1;
        if (header > 0 && random.nextInt(4) == 0) {
            text.insert(header + random.nextInt(text.length() - header + 1), any(random, NOISE));
        }
        return text.toString();
    }

    private static void appendRecord(Random random, StringBuilder text) {
        int columns = random.nextInt(40) == 0 ? 1 + random.nextInt(6) : 4;
        if (random.nextInt(20) == 0) {
            columns = 0;
        }
        for (int column = 0; column < columns; column++) {
            boolean quoted = random.nextInt(3) == 0;
            text.append(column == 0 ? "" : ",");
            text.append(quoted ? '"' + any(random, QUOTED) + '"' : any(random, VALUES));
        }
    }

    private static String lineEnd(Random random, int style) {
        boolean windows = style == 1 || (style == 2 && random.nextBoolean());
        return windows ? "\r\n" : "\n";
    }

    private static String any(Random random, List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private static String shown(String document) {
        return document.replace("\r", "<CR>").replace("\0", "<NUL>").replace("\n", "<LF>\n");
    }
}
