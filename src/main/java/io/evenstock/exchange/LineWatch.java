package io.evenstock.exchange;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * Gives up a line on which a file hardly moves: some byte now and then keeps every time-out from coming. Only the time
 * counts for which we wait for the other side, so whoever is slow himself accuses nobody.
 */
final class LineWatch {
    private final long timeoutNanos;
    private final int leastRate;
    private final Pace arriving = new Pace();
    private final Pace leaving = new Pace();
    private volatile boolean reading;
    private volatile long writingSince;
    private volatile String trouble = "";
    private volatile boolean lost;

    /**
     * A watch over one line.
     *
     * @param timeout over which the rate is taken; zero: nothing is watched
     * @param leastRate in bytes a second
     */
    LineWatch(Duration timeout, int leastRate) {
        this.timeoutNanos = timeout.toNanos();
        this.leastRate = leastRate;
    }

    /** A file is being read from now on, so bytes are due. */
    void expect() {
        arriving.restart();
        reading = true;
    }

    /** None is any more. */
    void relax() {
        reading = false;
    }

    /** Why the line was given up; empty: it was not. */
    String trouble() {
        return trouble;
    }

    /** Whether the other side has ended the line, or somebody between us. */
    boolean lost() {
        return lost;
    }

    InputStream watched(Socket socket, InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                long begun = System.nanoTime();
                try {
                    int count = in.read(target, offset, length);
                    if (reading) {
                        arriving.passed(Math.max(0, count), System.nanoTime() - begun);
                    }
                    lost = lost || count < 0;
                    return count;
                } catch (SocketTimeoutException silence) {
                    endStuckWrite(socket);
                    throw silence;
                } catch (IOException broken) {
                    lost = true;
                    throw broken;
                }
            }
        };
    }

    OutputStream watched(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                long begun = System.nanoTime();
                writingSince = begun;
                try {
                    out.write(bytes, offset, length);
                } finally {
                    writingSince = 0;
                }
                leaving.passed(length, System.nanoTime() - begun);
            }
        };
    }

    /** No time-out ends a write to somebody who takes nothing any more; closing the socket does. */
    private void endStuckWrite(Socket socket) throws IOException {
        long since = writingSince;
        if (since != 0 && System.nanoTime() - since > timeoutNanos) {
            trouble = "the server takes nothing any more";
            socket.close();
        }
    }

    /** How much went in how much of waiting. */
    private final class Pace {
        private long bytes;
        private long waitedNanos;

        synchronized void restart() {
            bytes = 0;
            waitedNanos = 0;
        }

        synchronized void passed(int count, long nanos) throws IOException {
            bytes += count;
            waitedNanos += nanos;
            if (timeoutNanos > 0 && waitedNanos >= timeoutNanos) {
                double rate = bytes * 1e9 / waitedNanos;
                if (rate < leastRate) {
                    trouble =
                            "the line is too slow: %.0f bytes a second, and %d is the least (evenstock.sftp.least-rate)"
                                    .formatted(rate, leastRate);
                    throw new IOException(trouble);
                }
                restart();
            }
        }
    }
}
