package io.evenstock.exchange;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;

/**
 * Tells the SHA-256 of what was read through it. A thread of its own hashes behind the reader, on another core, a few
 * blocks late at most; memory is {@value #BLOCKS} blocks of {@value #BLOCK_BYTES} bytes, whatever the stream.
 */
public final class HashedInputStream extends FilterInputStream {
    private static final int BLOCK_BYTES = 1 << 18;
    private static final int BLOCKS = 4;

    /** Bytes of which the first {@code length} are to be hashed; none: the end. */
    private static final class Block {
        private final byte[] bytes = new byte[BLOCK_BYTES];
        private int length;
    }

    private final BlockingQueue<Block> free = new ArrayBlockingQueue<>(BLOCKS);
    private final BlockingQueue<Block> full = new ArrayBlockingQueue<>(BLOCKS);
    private final FutureTask<String> hash = new FutureTask<>(this::hash);
    private Block block = new Block();

    /** Starts the thread; it ends at {@link #sha256()} or {@link #close()}. */
    public HashedInputStream(InputStream in, ThreadFactory threads) {
        super(in);
        for (int count = 1; count < BLOCKS; count++) {
            free.add(new Block());
        }
        threads.newThread(hash).start();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = in.read(target, offset, Math.min(length, BLOCK_BYTES));
        if (count > 0) {
            take(target, offset, count);
        }
        return count;
    }

    /** Not supported: what is skipped or read again would be hashed wrongly. */
    @Override
    public long skip(long count) throws IOException {
        throw new IOException("a hashed stream is read from its beginning to its end");
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    /** In hexadecimal digits; nothing can be read afterwards. */
    public String sha256() throws IOException {
        try {
            if (block.length > 0) {
                handOver();
            }
            handOver();
            return hash.get();
        } catch (InterruptedException stopped) {
            throw interrupted();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void close() throws IOException {
        hash.cancel(true);
        super.close();
    }

    private void take(byte[] source, int offset, int count) throws IOException {
        int fits = Math.min(count, BLOCK_BYTES - block.length);
        System.arraycopy(source, offset, block.bytes, block.length, fits);
        block.length += fits;
        if (block.length == BLOCK_BYTES) {
            try {
                handOver();
            } catch (InterruptedException stopped) {
                throw interrupted();
            }
            take(source, offset + fits, count - fits);
        }
    }

    private void handOver() throws InterruptedException {
        full.put(block);
        block = free.take();
        block.length = 0;
    }

    private String hash() throws InterruptedException {
        MessageDigest digest = SftpConnection.sha256();
        while (true) {
            Block next = full.take();
            if (next.length == 0) {
                free.put(next);
                return HexFormat.of().formatHex(digest.digest());
            }
            digest.update(next.bytes, 0, next.length);
            free.put(next);
        }
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("stopped while a stream was hashed");
    }
}
