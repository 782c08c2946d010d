package io.evenstock.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Ten times the file costs ten times the time, and no more memory: 30 MB, 300 MB and 3 GB, each in a JVM whose heap is 16 MiB
 * in all; then 300 MB with a million identifications wanted.
 */
class FilterScaleBench {

    @ParameterizedTest
    @CsvSource({"350000, 1, 3000, 16", "3500000, 1, 3000, 16", "3500000, 10, 3000, 16", "3500000, 1, 1000000, 128"})
    void runsInASmallHeap(int rows, int times, int wanted, int heapMebibytes) throws Exception {
        Path report = Files.createTempFile("filter", ".txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + heapMebibytes + "m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FilterOnce.class.getName(),
                        ResetFile.path(rows).toString(),
                        String.valueOf(times),
                        wantedFile(wanted).toString())
                .redirectErrorStream(true)
                .redirectOutput(report.toFile())
                .start();
        int code = process.waitFor();
        System.out.printf(
                "%n%,d rows, %,d wanted, -Xmx%dm: %s",
                (long) rows * times, wanted, heapMebibytes, Files.readString(report));
        assertEquals(0, code);
    }

    private static Path wantedFile(int count) throws IOException {
        File file = File.createTempFile("wanted", ".txt");
        file.deleteOnExit();
        return Files.write(file.toPath(), List.copyOf(ResetFile.wanted(count)));
    }
}
