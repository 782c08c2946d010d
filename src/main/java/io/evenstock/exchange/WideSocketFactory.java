package io.evenstock.exchange;

import com.jcraft.jsch.SocketFactory;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** Watched sockets with room for many answers in flight, read in large pieces: what bulk downloads need. */
final class WideSocketFactory implements SocketFactory {
    private static final int RECEIVE_BUFFER_BYTES = 1 << 20;
    private static final int READ_BYTES = 256 << 10;

    private final Duration timeout;
    private final LineWatch watch;

    WideSocketFactory(Duration timeout, LineWatch watch) {
        this.timeout = timeout;
        this.watch = watch;
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(RECEIVE_BUFFER_BYTES);
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(host, port), Math.toIntExact(timeout.toMillis()));
        return socket;
    }

    @Override
    public InputStream getInputStream(Socket socket) throws IOException {
        return new BufferedInputStream(watch.watched(socket, socket.getInputStream()), READ_BYTES);
    }

    @Override
    public OutputStream getOutputStream(Socket socket) throws IOException {
        return watch.watched(socket.getOutputStream());
    }
}
