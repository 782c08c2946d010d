package io.evenstock.system;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A TCP connection to the server: says bytes that no HTTP client would say. */
final class Wire implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int MOST_BYTES = 1 << 16;

    private final Socket socket;

    Wire(URI server) throws IOException {
        socket = new Socket(server.getHost(), server.getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    Wire say(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        return this;
    }

    /** The status of the answer, without waiting for its end or telling the server that nothing follows. */
    int status() throws IOException {
        return status(new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1));
    }

    /** The beginning of the answer, up to the server's closing; empty: it said nothing and hung up. */
    String answer() throws IOException {
        try {
            socket.shutdownOutput();
            return new String(socket.getInputStream().readNBytes(MOST_BYTES), StandardCharsets.ISO_8859_1);
        } catch (SocketException reset) {
            return "";
        }
    }

    /** One request, said in a connection of its own; {@code Connection: close} is up to the request. */
    static String ask(URI server, String request) throws IOException {
        try (Wire wire = new Wire(server)) {
            try {
                wire.say(request);
            } catch (SocketException refusedMeanwhile) {
                return wire.answer();
            }
            return wire.answer();
        }
    }

    /** The status of an answer; 0: there is none. */
    static int status(String answer) {
        return answer.matches("(?s)HTTP/1\\.[01] [0-9]{3}.*") ? Integer.parseInt(answer.substring(9, 12)) : 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
