package io.evenstock.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.evenstock.file.Keys;
import io.evenstock.file.MalformedFileException;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * How many rows are wanted, told by each in its usual way. The file lies in memory, so that no disk is measured; DuckDB, which
 * takes a path only, reads it from the page cache. Splitting at commas is no CSV: it is here as what one writes in a hurry.
 */
@State(Scope.Benchmark)
public class FilterContest {
    private byte[] bytes = {};
    private Set<String> wanted = Set.of();
    private Keys keys = ResetFile.keys(wanted);
    private String path = "";

    @Setup
    public void read() throws IOException {
        Path file = ResetFile.path();
        path = file.toString();
        bytes = Files.readAllBytes(file);
        wanted = Set.copyOf(ResetFile.wanted(3_000));
        keys = ResetFile.keys(wanted);
    }

    @Benchmark
    public long evenstock() throws IOException, MalformedFileException {
        return ResetFile.filter(keys)
                .run(new ByteArrayInputStream(bytes), OutputStream.nullOutputStream())
                .kept();
    }

    @Benchmark
    public long fastCsv() throws IOException {
        long kept = 0;
        try (CsvReader<CsvRecord> records =
                CsvReader.builder().ofCsvRecord(new InputStreamReader(new ByteArrayInputStream(bytes), UTF_8))) {
            for (CsvRecord one : records) {
                kept += wanted.contains(one.getField(ResetFile.KEY_COLUMN)) ? 1 : 0;
            }
        }
        return kept;
    }

    @Benchmark
    public long commonsCsv() throws IOException {
        long kept = 0;
        try (CSVParser records = CSVParser.parse(new ByteArrayInputStream(bytes), UTF_8, CSVFormat.RFC4180)) {
            for (CSVRecord one : records) {
                kept += wanted.contains(one.get(ResetFile.KEY_COLUMN)) ? 1 : 0;
            }
        }
        return kept;
    }

    @Benchmark
    public long stringSplit() throws IOException {
        long kept = 0;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(new ByteArrayInputStream(bytes), UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] fields = line.split(",", -1);
                kept += fields.length > ResetFile.KEY_COLUMN && wanted.contains(fields[ResetFile.KEY_COLUMN]) ? 1 : 0;
            }
        }
        return kept;
    }

    @Benchmark
    public long duckDb() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("create table wanted (upc varchar)");
            statement.execute("insert into wanted values ('" + String.join("'),('", wanted) + "')");
            try (PreparedStatement query = connection.prepareStatement(
                    "select count(*) from read_csv(?, header = true, all_varchar = true) f where f.upc in (select upc from wanted)")) {
                query.setString(1, path);
                try (ResultSet count = query.executeQuery()) {
                    count.next();
                    return count.getLong(1);
                }
            }
        }
    }
}
