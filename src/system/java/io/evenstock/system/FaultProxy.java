package io.evenstock.system;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A line to a server on which one thing goes wrong at a time, at a byte that is named. */
final class FaultProxy implements AutoCloseable {
    /** What goes wrong. */
    enum Kind {
        /** Both ends see the other's end of file. */
        CUT,
        /** Both ends see a reset. */
        RESET,
        /** Nothing comes any more, and nobody is told. */
        STALL,
        /** From here on {@value #SLOW_BYTES} bytes a quarter of a second. */
        SLOW
    }

    /** Which way the byte goes. */
    enum Direction {
        FROM_SERVER,
        TO_SERVER
    }

    /** @param after so many bytes pass on one connection in this direction before it goes wrong */
    record Fault(Kind kind, Direction direction, long after) {}

    private static final int SLOW_BYTES = 256;
    private static final int SLOW_MILLIS = 250;

    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final InetSocketAddress server;
    private final AtomicReference<@Nullable Fault> next = new AtomicReference<>();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    FaultProxy(String host, int port) throws IOException {
        server = new InetSocketAddress(host, port);
        start(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    /** Happens once, on the first connection that gets so far. */
    void next(Fault fault) {
        next.set(fault);
    }

    /** Whether it has happened. */
    boolean happened() {
        return next.get() == null;
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                Socket there = new Socket();
                there.connect(server);
                sockets.add(client);
                sockets.add(there);
                start(() -> pump(client, there, Direction.TO_SERVER));
                start(() -> pump(there, client, Direction.FROM_SERVER));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void pump(Socket from, Socket to, Direction direction) {
        byte[] block = new byte[1 << 16];
        long passed = 0;
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(block); length > 0; length = in.read(block)) {
                Fault fault = due(direction, passed, length);
                int sound = fault == null ? length : Math.toIntExact(fault.after - passed);
                out.write(block, 0, sound);
                passed += length;
                if (fault != null) {
                    happen(fault.kind, from, to);
                    crawl(in, out, block, sound, length);
                }
            }
        } catch (IOException | InterruptedException gone) {
            // the other direction ends with it
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    /** A connection that is beyond the byte already is spared. */
    private @Nullable Fault due(Direction direction, long passed, int length) {
        Fault fault = next.get();
        boolean due = fault != null
                && fault.direction == direction
                && passed <= fault.after
                && fault.after <= passed + length
                && next.compareAndSet(fault, null);
        return due ? fault : null;
    }

    /** Returns only for what goes on slowly. */
    private static void happen(Kind kind, Socket from, Socket to) throws IOException, InterruptedException {
        switch (kind) {
            case CUT -> throw new IOException("cut");
            case RESET -> {
                from.setSoLinger(true, 0);
                to.setSoLinger(true, 0);
                throw new IOException("reset");
            }
            case STALL -> {
                while (!from.isClosed() && !to.isClosed()) {
                    TimeUnit.MILLISECONDS.sleep(20);
                }
                throw new IOException("somebody has given up");
            }
            case SLOW -> {}
        }
    }

    /** Until the end of the connection. */
    private static void crawl(InputStream in, OutputStream out, byte[] block, int first, int end)
            throws IOException, InterruptedException {
        int length = end;
        for (int offset = first; length > 0; offset = 0) {
            for (; offset < length; offset += SLOW_BYTES) {
                out.write(block, offset, Math.min(SLOW_BYTES, length - offset));
                TimeUnit.MILLISECONDS.sleep(SLOW_MILLIS);
            }
            length = in.read(block);
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "fault proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
