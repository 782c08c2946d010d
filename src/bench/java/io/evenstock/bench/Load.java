package io.evenstock.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A load of POSTs over many connections, HTTP/1.1 with keep-alive, from one thread: it shares the machine with what it
 * measures, so it costs little. Closed: each connection asks again as soon as it is answered. Open: requests fall due at
 * a steady rate whether answered or not, and a latency counts from when the request was due.
 */
final class Load {
    private static final int BLOCK = 1 << 18;

    private final InetSocketAddress address;
    private final String head;
    private final int connections;
    private LongConsumer succeeded = number -> {};

    Load(URI server, String path, String key, int connections) {
        this.address = new InetSocketAddress(server.getHost(), server.getPort());
        this.head = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key
                + "\r\nContent-Type: application/json\r\nContent-Length: ";
        this.connections = connections;
    }

    /**
     * What came of it.
     *
     * @param succeeded answers 2xx
     * @param failed answers of another status, by their first body
     */
    record Result(long succeeded, long failed, String firstFailure, double seconds, Latencies latencies) {
        double perSecond() {
            return succeeded / seconds;
        }

        /** In milliseconds. */
        double percentile(double share) {
            return latencies.percentile(share);
        }
    }

    /** How long each answer took. */
    static final class Latencies {
        private final long[] sortedNanos;

        private Latencies(long[] sortedNanos) {
            this.sortedNanos = sortedNanos;
        }

        private double percentile(double share) {
            int last = sortedNanos.length - 1;
            return last < 0 ? 0 : sortedNanos[(int) Math.min(last, (long) (share * sortedNanos.length))] / 1e6;
        }
    }

    /** Somebody is told the number of each request that is answered 2xx. */
    Load whenSucceeded(LongConsumer told) {
        succeeded = told;
        return this;
    }

    /** @param body of the n-th request */
    Result closed(double seconds, LongFunction<String> body) throws IOException {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        return run(0, () -> System.nanoTime() - end < 0, body);
    }

    /** A closed load for as long as something goes on. */
    Result closed(BooleanSupplier going, LongFunction<String> body) throws IOException {
        return run(0, going, body);
    }

    /** @param perSecond how many requests fall due */
    Result open(double perSecond, double seconds, LongFunction<String> body) throws IOException {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        return run(1e9 / perSecond, () -> System.nanoTime() - end < 0, body);
    }

    /** An open load for as long as something goes on. */
    Result open(double perSecond, BooleanSupplier going, LongFunction<String> body) throws IOException {
        return run(1e9 / perSecond, going, body);
    }

    private Result run(double gapNanos, BooleanSupplier going, LongFunction<String> body) throws IOException {
        try (Selector selector = Selector.open()) {
            Deque<Connection> idle = new ArrayDeque<>();
            for (int i = 0; i < connections; i++) {
                idle.add(new Connection(address, selector));
            }
            Tally tally = new Tally(succeeded);
            long start = System.nanoTime();
            long asked = 0;
            int waiting = 0;
            boolean open = true;
            while (open || waiting > 0) {
                open = open && going.getAsBoolean();
                while (open && !idle.isEmpty()) {
                    long due = gapNanos == 0 ? System.nanoTime() : start + (long) (asked * gapNanos);
                    if (due - System.nanoTime() > 0) {
                        break;
                    }
                    idle.remove().ask(request(body.apply(asked)), due, asked);
                    asked++;
                    waiting++;
                }
                if (gapNanos > 0 && open) {
                    selector.selectNow();
                    if (selector.selectedKeys().isEmpty()) {
                        LockSupport.parkNanos(50_000);
                    }
                } else {
                    selector.select(100);
                }
                for (SelectionKey ready : selector.selectedKeys()) {
                    Connection connection = (Connection) ready.attachment();
                    if (connection.answered(tally)) {
                        waiting--;
                        idle.add(connection);
                    }
                }
                selector.selectedKeys().clear();
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            for (SelectionKey key : new ArrayList<>(selector.keys())) {
                key.channel().close();
            }
            return tally.result(seconds);
        }
    }

    private ByteBuffer request(String body) {
        return ByteBuffer.wrap((head + body.length() + "\r\n\r\n" + body).getBytes(StandardCharsets.ISO_8859_1));
    }

    private static final class Tally {
        private long[] latencies = new long[1 << 16];
        private int answers;
        private long succeeded;
        private long failed;
        private String firstFailure = "";
        private final LongConsumer told;

        Tally(LongConsumer told) {
            this.told = told;
        }

        void add(long number, int status, long nanos, String text) {
            if (answers == latencies.length) {
                latencies = Arrays.copyOf(latencies, 2 * answers);
            }
            latencies[answers++] = nanos;
            if (status / 100 == 2) {
                succeeded++;
                told.accept(number);
            } else if (failed++ == 0) {
                firstFailure = text;
            }
        }

        Result result(double seconds) {
            long[] sorted = Arrays.copyOf(latencies, answers);
            Arrays.sort(sorted);
            return new Result(succeeded, failed, firstFailure, seconds, new Latencies(sorted));
        }
    }

    /** A connection, opened anew where the server says that an answer was its last. */
    private static final class Connection {
        private final InetSocketAddress address;
        private final Selector selector;
        private final ByteBuffer answer = ByteBuffer.allocate(BLOCK);
        private SocketChannel channel;
        private long due;
        private long number;
        private int end;
        private boolean last;

        Connection(InetSocketAddress address, Selector selector) throws IOException {
            this.address = address;
            this.selector = selector;
            this.channel = open();
        }

        private SocketChannel open() throws IOException {
            SocketChannel channel = SocketChannel.open(address);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, this);
            return channel;
        }

        void ask(ByteBuffer request, long dueNanos, long requestNumber) throws IOException {
            if (last) {
                channel.close();
                channel = open();
                last = false;
            }
            due = dueNanos;
            number = requestNumber;
            end = 0;
            answer.clear();
            while (request.hasRemaining()) {
                channel.write(request);
            }
        }

        boolean answered(Tally tally) throws IOException {
            if (channel.read(answer) < 0) {
                throw new IOException("the server closed a connection");
            }
            if (end == 0) {
                end = end();
            }
            boolean whole = end > 0 ? answer.position() >= end : end < 0 && endsChunked();
            if (whole) {
                int status = (answer.get(9) - '0') * 100 + (answer.get(10) - '0') * 10 + answer.get(11) - '0';
                String text = status / 100 == 2
                        ? ""
                        : new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
                tally.add(number, status, System.nanoTime() - due, text);
            }
            return whole;
        }

        /** Where the answer ends; 0: not known yet; -1: it comes in chunks. */
        private int end() {
            String head =
                    new String(answer.array(), 0, Math.min(answer.position(), 2_000), StandardCharsets.ISO_8859_1);
            int body = head.indexOf("\r\n\r\n");
            if (body < 0) {
                return 0;
            }
            last = head.substring(0, body).contains("\r\nConnection: close");
            String length = length(head.substring(0, body));
            return length == null ? -1 : body + 4 + Integer.parseInt(length);
        }

        private static @Nullable String length(String head) {
            for (String line : List.of(head.split("\r\n"))) {
                if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                    return line.substring(15).strip();
                }
            }
            return null;
        }

        private boolean endsChunked() {
            int at = answer.position();
            return at > 5
                    && answer.get(at - 5) == '0'
                    && answer.get(at - 4) == '\r'
                    && answer.get(at - 3) == '\n'
                    && answer.get(at - 2) == '\r'
                    && answer.get(at - 1) == '\n';
        }
    }
}
