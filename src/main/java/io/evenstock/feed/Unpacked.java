package io.evenstock.feed;

import io.evenstock.file.MalformedFileException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** A file's content, unpacked if its first bytes say gzip, whatever its name; bounded, whatever was packed. */
final class Unpacked {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final long MAX_RATIO = 200;
    private static final long ALWAYS_ALLOWED_BYTES = 16 << 20;

    private Unpacked() {}

    /** Makes something of a file's content. */
    @FunctionalInterface
    interface Reader<T> {
        T read(InputStream in) throws IOException, MalformedFileException;
    }

    /**
     * Reads a file.
     *
     * @param in the file, whole; not closed
     * @param bytes its size
     * @throws MalformedFileException also if the gzip is broken, cut off, or far too large when unpacked
     */
    static <T> T read(InputStream in, long bytes, Reader<T> reader) throws IOException, MalformedFileException {
        BufferedInputStream buffered = new BufferedInputStream(in, BUFFER_BYTES);
        if (!packed(buffered)) {
            return reader.read(buffered);
        }
        try {
            long most = Math.max(ALWAYS_ALLOWED_BYTES, bytes * MAX_RATIO);
            return reader.read(new Bounded(new GZIPInputStream(buffered, BUFFER_BYTES), most));
        } catch (ZipException | EOFException broken) {
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

    private static final class Bounded extends FilterInputStream {
        private final long most;
        private long count;

        Bounded(InputStream in, long most) {
            super(in);
            this.most = most;
        }

        @Override
        public int read() throws IOException {
            return counted(super.read(), 1);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            return counted(read, read);
        }

        private int counted(int result, int bytes) throws IOException {
            count += result < 0 ? 0 : bytes;
            if (count > most) {
                throw new TooLargeException(most);
            }
            return result;
        }
    }
}
