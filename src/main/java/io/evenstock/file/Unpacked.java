package io.evenstock.file;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * A file's content, unpacked if its first bytes or its name say gzip; bounded, whatever was packed. What is wrong with the
 * file is told from what is wrong on the way here: a file that ends before its size is no whole file yet.
 */
public final class Unpacked {
    private static final String GZIP = ".gz";
    private static final int BUFFER_BYTES = 64 << 10;
    private static final long MAX_RATIO = 200;
    private static final long ALWAYS_ALLOWED_BYTES = 16 << 20;

    private Unpacked() {}

    /** Makes something of a file's content. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(InputStream in) throws IOException, MalformedFileException;
    }

    /**
     * Reads a file.
     *
     * @param in the file, whole; not closed
     * @param bytes its size
     * @throws MalformedFileException also if the gzip is broken, cut off, none at all, or far too large when unpacked
     * @throws IOException if it could not be read, or ends before its size: worth a retry
     */
    public static <T> T read(InputStream in, String name, long bytes, Reader<T> reader)
            throws IOException, MalformedFileException {
        Arriving arriving = new Arriving(in, bytes);
        BufferedInputStream buffered = new BufferedInputStream(arriving, BUFFER_BYTES);
        if (!packed(buffered) && !name.endsWith(GZIP)) {
            return reader.read(buffered);
        }
        try {
            long most = Math.max(ALWAYS_ALLOWED_BYTES, bytes * MAX_RATIO);
            T read = reader.read(new Bounded(new GZIPInputStream(buffered, BUFFER_BYTES), most));
            arriving.requireSound();
            return read;
        } catch (ZipException | EOFException broken) {
            arriving.requireSound();
            throw new MalformedFileException(0, -1, "the gzip is broken or cut off: " + broken.getMessage());
        } catch (TooLargeException bomb) {
            throw new MalformedFileException(0, -1, String.valueOf(bomb.getMessage()));
        }
    }

    private static boolean packed(InputStream in) throws IOException {
        in.mark(2);
        int magic = in.read() | in.read() << Byte.SIZE;
        in.reset();
        return magic == GZIPInputStream.GZIP_MAGIC;
    }

    private static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLargeException(long most) {
            super("it unpacks to more than " + most + " bytes, which no such file does");
        }
    }

    /** Counts what passes. */
    private abstract static class Counted extends FilterInputStream {
        private long count;

        Counted(InputStream in) {
            super(in);
        }

        long count() {
            return count;
        }

        /** @param bytes that were read; negative: the end */
        abstract void passed(int bytes) throws IOException;

        @Override
        public int read() throws IOException {
            int value = in.read();
            pass(value < 0 ? -1 : 1);
            return value;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = in.read(target, offset, length);
            pass(read);
            return read;
        }

        private void pass(int bytes) throws IOException {
            count += Math.max(0, bytes);
            passed(bytes);
        }
    }

    /** The file on its way here. A failure of the way is remembered, for a decoder may take it for a broken file. */
    private static final class Arriving extends Counted {
        private final long size;
        private @Nullable IOException failure;

        Arriving(InputStream in, long size) {
            super(in);
            this.size = size;
        }

        @Override
        void passed(int bytes) throws IOException {
            if (bytes < 0 && count() < size) {
                throw new IOException("only " + count() + " of " + size + " bytes arrived");
            }
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            try {
                return super.read(target, offset, length);
            } catch (IOException broken) {
                failure = broken;
                throw broken;
            }
        }

        void requireSound() throws IOException {
            if (failure != null) {
                throw failure;
            }
        }

        /** Never 0 before the end: a gzip may have several members, and its decoder asks here whether there is another. */
        @Override
        public int available() throws IOException {
            return count() < size ? Math.max(1, in.available()) : 0;
        }
    }

    private static final class Bounded extends Counted {
        private final long most;

        Bounded(InputStream in, long most) {
            super(in);
            this.most = most;
        }

        @Override
        void passed(int bytes) throws IOException {
            if (count() > most) {
                throw new TooLargeException(most);
            }
        }
    }
}
