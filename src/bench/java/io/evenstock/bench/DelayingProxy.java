package io.evenstock.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A long wire: every byte that goes through arrives later by half a round trip, each way; how many are on the way is not limited. */
final class DelayingProxy implements AutoCloseable {
    /** What was read at once; nothing: the end. */
    private static final class Piece {
        private final byte[] bytes;
        private final long dueNanos;

        Piece(byte[] bytes, long dueNanos) {
            this.bytes = bytes;
            this.dueNanos = dueNanos;
        }
    }

    private final ServerSocket listener;
    private final InetSocketAddress target;
    private final long oneWayNanos;

    DelayingProxy(InetSocketAddress target, Duration roundTrip) throws IOException {
        this.target = target;
        this.oneWayNanos = roundTrip.toNanos() / 2;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void accept() throws IOException, InterruptedException {
        while (!listener.isClosed()) {
            Socket client = listener.accept();
            Socket server = new Socket(target.getAddress(), target.getPort());
            connect(client, server);
            connect(server, client);
        }
    }

    private void connect(Socket from, Socket to) throws IOException {
        to.setTcpNoDelay(true);
        BlockingQueue<Piece> wire = new LinkedBlockingQueue<>();
        start(() -> send(from.getInputStream(), wire));
        start(() -> receive(wire, to));
    }

    private void send(InputStream in, BlockingQueue<Piece> wire) throws InterruptedException {
        byte[] bytes = new byte[64 << 10];
        try {
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                wire.put(new Piece(Arrays.copyOf(bytes, count), System.nanoTime() + oneWayNanos));
            }
        } catch (IOException closed) {
            // the other side has gone: so ends the wire
        }
        wire.put(new Piece(new byte[0], System.nanoTime()));
    }

    private static void receive(BlockingQueue<Piece> wire, Socket to) throws IOException, InterruptedException {
        try (to) {
            OutputStream out = to.getOutputStream();
            for (Piece piece = wire.take(); piece.bytes.length > 0; piece = wire.take()) {
                TimeUnit.NANOSECONDS.sleep(piece.dueNanos - System.nanoTime());
                out.write(piece.bytes);
            }
        }
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException | InterruptedException ended) {
                        Thread.currentThread().interrupt();
                    }
                },
                "wire");
        thread.setDaemon(true);
        thread.start();
    }
}
