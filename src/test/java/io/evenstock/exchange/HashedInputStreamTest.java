package io.evenstock.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.ThreadFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HashedInputStreamTest {
    private static final int BLOCK = 1 << 18;

    private Thread worker = new Thread();
    private final ThreadFactory threads = task -> worker = new Thread(task, "hash");

    @ParameterizedTest
    @ValueSource(ints = {0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 10 * BLOCK + 7})
    void hashesWhatWasRead(int length) throws IOException {
        byte[] bytes = new byte[length];
        Random random = new Random(length);
        random.nextBytes(bytes);
        byte[] read = new byte[length];
        try (HashedInputStream in = new HashedInputStream(new ByteArrayInputStream(bytes), threads)) {
            int at = 0;
            while (at < length) {
                at += in.read(read, at, Math.min(length - at, 1 + random.nextInt(2 * BLOCK)));
            }
            assertEquals(-1, in.read());
            assertArrayEquals(bytes, read);
            assertEquals(HexFormat.of().formatHex(SftpConnection.sha256().digest(bytes)), in.sha256());
        }
    }

    @Test
    void hashesSingleBytesToo() throws IOException {
        try (HashedInputStream in = new HashedInputStream(new ByteArrayInputStream(new byte[] {'a', -1}), threads)) {
            assertEquals('a', in.read());
            assertEquals(255, in.read());
            assertEquals(HexFormat.of().formatHex(SftpConnection.sha256().digest(new byte[] {'a', -1})), in.sha256());
        }
    }

    @Test
    void leavesNoThreadBehind() throws IOException {
        HashedInputStream abandoned = new HashedInputStream(new ByteArrayInputStream(new byte[BLOCK]), threads);
        assertEquals(100, abandoned.read(new byte[100]));
        abandoned.close();
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !worker.isAlive());
    }

    @Test
    void cannotSkipOrGoBack() throws IOException {
        try (HashedInputStream in = new HashedInputStream(new ByteArrayInputStream(new byte[9]), threads)) {
            assertThrows(IOException.class, () -> in.skip(1));
            assertFalse(in.markSupported());
        }
    }

    @Test
    void aStoppedReaderIsToldSo() throws IOException {
        try (HashedInputStream in = new HashedInputStream(new ByteArrayInputStream(new byte[9]), threads)) {
            Thread.currentThread().interrupt();
            assertThrows(InterruptedIOException.class, in::sha256);
            assertEquals(true, Thread.interrupted());
        }
    }
}
