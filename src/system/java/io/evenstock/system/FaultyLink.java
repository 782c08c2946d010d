package io.evenstock.system;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** The line between a node and its database: it can be cut, as a whole or around the commit of something that lasts. */
final class FaultyLink implements AutoCloseable {
    /** A transaction, known by a statement of it and by a value that goes with it. */
    enum Transaction {
        /** Records movements. */
        SALE("insert into movement (", ""),
        /** A step has its effect and its end. */
        STEP("UPDATE cycle_step SET", "DONE"),
        /** A snapshot takes force; of the feed, if no step does it. */
        FEED("UPDATE snapshot_run SET", "APPLIED");

        private final String statement;
        private final String value;

        Transaction(String statement, String value) {
            this.statement = statement;
            this.value = value;
        }
    }

    /** What happens to the next commit of such a transaction. */
    enum Fault {
        /** It passes. */
        NONE,
        /** It does not reach the database, and the connection is lost. */
        BEFORE_COMMIT,
        /** The database commits, but the connection is lost before it can say so. */
        AFTER_COMMIT
    }

    private static final String COMMIT = "COMMIT\0";

    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicReference<Fault> next = new AtomicReference<>(Fault.NONE);
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final URI database;
    private volatile Transaction struck = Transaction.SALE;
    private volatile boolean down;

    /** @param url the JDBC address of the database */
    FaultyLink(String url) throws IOException {
        this.database = URI.create(url.substring("jdbc:".length()));
        start(this::accept);
    }

    /** The database's JDBC address by this link. Commits are sent in words there, so that they can be seen. */
    String url() {
        return "jdbc:postgresql://127.0.0.1:%d%s?prepareThreshold=0".formatted(door.getLocalPort(), database.getPath());
    }

    void next(Transaction transaction, Fault fault) {
        struck = transaction;
        next.set(fault);
    }

    /** Whether the fault has happened. */
    boolean happened() {
        return next.get() == Fault.NONE;
    }

    /** Cuts every connection and takes no new one. */
    void down() {
        down = true;
        sockets.forEach(FaultyLink::cut);
    }

    void up() {
        down = false;
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket node = door.accept();
                if (down) {
                    cut(node);
                } else {
                    join(node);
                }
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void join(Socket node) throws IOException {
        Socket server = new Socket();
        server.connect(new InetSocketAddress(database.getHost(), database.getPort()));
        sockets.add(node);
        sockets.add(server);
        start(() -> pump(node, server, true));
        start(() -> pump(server, node, false));
    }

    private void pump(Socket from, Socket to, boolean fromNode) {
        byte[] block = new byte[1 << 16];
        boolean lasting = false;
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(block); length > 0; length = in.read(block)) {
                lasting = lasting
                        || (fromNode && has(block, length, struck.statement) && has(block, length, struck.value));
                boolean committing = lasting && has(block, length, COMMIT);
                Fault fault = committing ? next.getAndSet(Fault.NONE) : Fault.NONE;
                lasting = lasting && !committing;
                if (fault == Fault.BEFORE_COMMIT) {
                    return;
                }
                if (fault == Fault.AFTER_COMMIT) {
                    from.close();
                }
                out.write(block, 0, length);
                if (fault == Fault.AFTER_COMMIT) {
                    to.shutdownOutput();
                    return;
                }
            }
        } catch (IOException lost) {
            // the other direction is cut with it
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    /** As ASCII. */
    private static boolean has(byte[] block, int length, String words) {
        return new String(block, 0, length, StandardCharsets.ISO_8859_1).contains(words);
    }

    private static void cut(Socket socket) {
        try {
            socket.close();
        } catch (IOException closed) {
            throw new IllegalStateException(closed);
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "faulty link");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        door.close();
        down();
    }
}
