package io.evenstock.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenstock.exchange.RemoteFile;
import io.evenstock.exchange.SftpConnection;
import io.evenstock.file.FilterCounts;
import io.evenstock.file.Keys;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the number of requests in flight does to a server 20 and 50 ms away: stream and filter of 60 MB through a long wire. */
class RequestsInFlightBench {
    private static final String FOLDER = "/retailpro/reset";
    private static final String NAME = "far.csv";
    private static final int ROUNDS = 3;
    private static final int BYTES = 60_000_000;

    @BeforeAll
    static void upload() throws IOException {
        SftpServer.require();
        try (InputStream in = Files.newInputStream(ResetFile.path())) {
            byte[] beginning = in.readNBytes(BYTES);
            int whole = new String(beginning, ISO_8859_1).lastIndexOf("\n001,") + 1;
            Files.write(file(), Arrays.copyOf(beginning, whole));
        }
    }

    private static Path file() {
        return SftpServer.root().resolve(FOLDER.substring(1)).resolve(NAME);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20, 50})
    void farAway(int roundTripMillis) throws Exception {
        Contest contest =
                new Contest("60 MB from a server %d ms away, by requests in flight".formatted(roundTripMillis), "64");
        Keys keys = ResetFile.keys(ResetFile.wanted(3_000));
        InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), SftpServer.port());
        try (DelayingProxy wire = new DelayingProxy(server, Duration.ofMillis(roundTripMillis))) {
            long rows = -1;
            for (int round = 0; round < ROUNDS; round++) {
                for (int inFlight : List.of(16, 64, 256)) {
                    try (SftpConnection sftp = SftpServer.connect(wire.port(), inFlight)) {
                        RemoteFile remote = sftp.find(FOLDER, NAME).orElseThrow();
                        long start = System.nanoTime();
                        FilterCounts counts;
                        try (InputStream in = sftp.read(remote)) {
                            counts = ResetFile.filter(keys).run(in, OutputStream.nullOutputStream());
                        }
                        contest.add(String.valueOf(inFlight), (System.nanoTime() - start) / 1e6);
                        assertEquals(remote.bytes(), counts.bytes());
                        assertEquals(rows < 0 ? counts.read() : rows, counts.read());
                        rows = counts.read();
                    }
                }
            }
        }
        contest.print();
    }
}
