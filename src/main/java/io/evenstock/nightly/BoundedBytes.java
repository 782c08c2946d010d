package io.evenstock.nightly;

import java.io.ByteArrayOutputStream;
import java.nio.BufferOverflowException;

/** Keeps what is written, up to a bound: what is beyond it is a {@link BufferOverflowException}. */
final class BoundedBytes extends ByteArrayOutputStream {
    private final int most;

    BoundedBytes(int most) {
        this.most = most;
    }

    @Override
    public synchronized void write(int b) {
        requireRoom(1);
        super.write(b);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        requireRoom(length);
        super.write(bytes, offset, length);
    }

    private void requireRoom(int bytes) {
        if (bytes > most - count) {
            throw new BufferOverflowException();
        }
    }
}
