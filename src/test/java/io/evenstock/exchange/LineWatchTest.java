package io.evenstock.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On real sockets. What is not given up hangs. */
@Timeout(30)
class LineWatchTest {
    private static final int TIMEOUT_MILLIS = 200;

    private final LineWatch watch = new LineWatch(Duration.ofMillis(TIMEOUT_MILLIS), 1_000);
    private ServerSocket door;
    private Socket line;
    private Socket server;

    @BeforeEach
    void connect() throws IOException {
        door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        line = new Socket(door.getInetAddress(), door.getLocalPort());
        line.setSoTimeout(TIMEOUT_MILLIS);
        server = door.accept();
    }

    @AfterEach
    void close() throws IOException {
        line.close();
        server.close();
        door.close();
    }

    @Test
    void aFileThatCrawlsIsGivenUp() throws IOException {
        crawl();
        watch.expect();
        InputStream in = watch.watched(line, line.getInputStream());
        IOException tooSlow = assertThrows(IOException.class, in::readAllBytes);
        assertTrue(String.valueOf(tooSlow.getMessage()).contains("too slow"), tooSlow::toString);
        assertEquals(tooSlow.getMessage(), watch.trouble());
    }

    @Test
    void whereNoFileIsDueNobodyIsTooSlow() throws IOException {
        crawl();
        InputStream in = watch.watched(line, line.getInputStream());
        assertEquals(50, in.readNBytes(50).length);
        watch.expect();
        watch.relax();
        assertEquals(50, in.readNBytes(50).length);
        assertEquals("", watch.trouble());
    }

    @Test
    void aWriteThatNobodyTakesIsEnded() throws IOException {
        InputStream in = watch.watched(line, line.getInputStream());
        start(() -> {
            while (true) {
                try {
                    in.read();
                } catch (SocketTimeoutException silence) {
                    // asked again, as JSch does
                }
            }
        });
        OutputStream out = watch.watched(line.getOutputStream());
        assertThrows(IOException.class, () -> {
            while (true) {
                out.write(new byte[1 << 20]);
            }
        });
        assertEquals("the server takes nothing any more", watch.trouble());
    }

    /** A byte every ten milliseconds. */
    private void crawl() throws IOException {
        OutputStream out = server.getOutputStream();
        start(() -> {
            while (true) {
                out.write('x');
                TimeUnit.MILLISECONDS.sleep(10);
            }
        });
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException | InterruptedException closed) {
                // the test is over
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
