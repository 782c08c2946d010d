package io.evenstock.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * The filter against what else reads CSV, by JMH, on 300 MB: in each round each contestant has a JVM of its own, warms up and
 * reads the file {@value #MEASURED} times, so that all meet the same weather.
 */
class FilterBench {
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);
    private static final int WARM_UP = 4;
    private static final int MEASURED = 5;
    private static final List<String> CONTESTANTS =
            List.of("evenstock", "fastCsv", "commonsCsv", "stringSplit", "duckDb");

    @Test
    void allKeepTheSameRows() throws Exception {
        FilterContest contest = new FilterContest();
        contest.read();
        assertEquals(ResetFile.KEPT, contest.evenstock());
        assertEquals(ResetFile.KEPT, contest.fastCsv());
        assertEquals(ResetFile.KEPT, contest.commonsCsv());
        assertEquals(ResetFile.KEPT, contest.duckDb());
        assertEquals(kept(Files.newInputStream(ResetFile.path())), kept(new ByteArrayInputStream(filtered())));
    }

    private static byte[] filtered() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (InputStream in = Files.newInputStream(ResetFile.path())) {
            ResetFile.filter(ResetFile.keys(ResetFile.wanted(3_000))).run(in, out);
        }
        return out.toByteArray();
    }

    /** The wanted rows by commons-csv, the header in front. */
    private static List<List<String>> kept(InputStream file) throws IOException {
        Set<String> wanted = ResetFile.wanted(3_000);
        List<List<String>> kept = new ArrayList<>();
        try (CSVParser records = CSVParser.parse(file, UTF_8, CSVFormat.RFC4180)) {
            for (CSVRecord one : records) {
                if (kept.isEmpty() || wanted.contains(one.get(ResetFile.KEY_COLUMN))) {
                    kept.add(one.toList());
                }
            }
        }
        return kept;
    }

    @Test
    void warm() throws RunnerException {
        Contest contest = new Contest("the filter, 300 MB, warm", "evenstock");
        for (int round = 0; round < ROUNDS; round++) {
            for (String contestant : CONTESTANTS) {
                measure(contestant).forEach(millis -> contest.add(contestant, millis));
            }
        }
        contest.print();
        assertTrue(contest.median("evenstock") > 0);
    }

    private static List<Double> measure(String contestant) throws RunnerException {
        RunResult result = new Runner(new OptionsBuilder()
                        .include(FilterContest.class.getName() + "\\." + contestant + "$")
                        .mode(Mode.SingleShotTime)
                        .timeUnit(TimeUnit.MILLISECONDS)
                        .warmupIterations(WARM_UP)
                        .measurementIterations(MEASURED)
                        .forks(1)
                        .jvmArgs("-Xmx2g")
                        .verbosity(VerboseMode.SILENT)
                        .shouldFailOnError(true)
                        .build())
                .runSingle();
        List<Double> millis = new ArrayList<>();
        result.getBenchmarkResults()
                .forEach(one -> one.getIterationResults()
                        .forEach(iteration ->
                                millis.add(iteration.getPrimaryResult().getScore())));
        return millis;
    }
}
