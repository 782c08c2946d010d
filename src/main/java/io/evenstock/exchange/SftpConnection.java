package io.evenstock.exchange;

import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import com.jcraft.jsch.SftpATTRS;
import com.jcraft.jsch.SftpException;
import io.evenstock.file.MalformedFileException;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the SFTP server, for one thread. Reads and writes only regular files directly in the folders it is
 * given. While a file is being read nothing else can be done on the connection.
 */
public final class SftpConnection implements AutoCloseable {
    /** Files under this ending are being written; nobody reads them. */
    public static final String PART = ".part";

    private static final String ARCHIVE = "archive";
    private static final String REJECTED = "rejected";

    private final Session session;
    private ChannelSftp channel;
    private final LineWatch watch;

    SftpConnection(Session session, ChannelSftp channel, LineWatch watch) {
        this.session = session;
        this.channel = channel;
        this.watch = watch;
    }

    /** The regular files in a folder; those whose names no path can hold are left out, and the log says so. */
    public List<RemoteFile> list(String folder) throws IOException {
        List<RemoteFile> files = new ArrayList<>();
        lookThrough(folder, entry -> {
            if (entry.getAttrs().isReg() && FileNames.usable(folder, entry.getFilename())) {
                files.add(file(folder, entry));
            }
        });
        return files;
    }

    private void lookThrough(String folder, Consumer<ChannelSftp.LsEntry> each) throws IOException {
        attempt("list " + folder, () -> {
            channel.ls(FileNames.quoted(folder), entry -> {
                each.accept(entry);
                return ChannelSftp.LsEntrySelector.CONTINUE;
            });
            return folder;
        });
    }

    private static RemoteFile file(String folder, ChannelSftp.LsEntry entry) {
        long seconds = Integer.toUnsignedLong(entry.getAttrs().getMTime());
        return new RemoteFile(folder, entry.getFilename(), entry.getAttrs().getSize(), Instant.ofEpochSecond(seconds));
    }

    /** The file as it stands now; empty: it is gone or no regular file. */
    public Optional<RemoteFile> find(String folder, String name) throws IOException {
        return list(folder).stream().filter(file -> file.name().equals(name)).findFirst();
    }

    /** Streams a file; the stream must be closed before anything else is done. */
    public InputStream read(RemoteFile file) throws IOException {
        InputStream in = attempt("read " + file.path(), () -> channel.get(FileNames.quoted(file.path())));
        watch.expect();
        return new Arriving(in, file);
    }

    /** Writes under a temporary name, then renames: readers see the old file or the new one, whole. */
    public Published publish(String folder, String name, ContentWriter content)
            throws IOException, MalformedFileException {
        String part = folder + "/" + name + PART;
        try (PartFile written = new PartFile(part)) {
            Published published = written.write(folder, name, content);
            written.renameTo(folder + "/" + name);
            return published;
        }
    }

    /** Puts a file away into its folder's {@code archive/}. A file that is gone has been put away before. */
    public void archive(RemoteFile file) throws IOException {
        moveInto(ARCHIVE, file);
    }

    /** Puts a file away into its folder's {@code rejected/}. */
    public void reject(RemoteFile file) throws IOException {
        moveInto(REJECTED, file);
    }

    /** Writes a report on a file of a folder into {@code rejected/} there. */
    public Published report(String folder, String name, ContentWriter content)
            throws IOException, MalformedFileException {
        String rejected = folder + "/" + REJECTED;
        makeFolder(rejected);
        return publish(rejected, name, content);
    }

    /** Whether nothing can be done on it any more; a file that could not be read leaves it as it was. */
    public boolean lost() {
        return !session.isConnected() || watch.lost() || !watch.trouble().isEmpty();
    }

    @Override
    public void close() {
        channel.disconnect();
        session.disconnect();
    }

    private void moveInto(String subfolder, RemoteFile file) throws IOException {
        String folder = file.folder() + "/" + subfolder;
        makeFolder(folder);
        rename(file.path(), folder + "/" + freeName(folder, file.name()));
    }

    /** The name, or with a number behind it if the folder has that name already: nothing put away is overwritten. */
    private String freeName(String folder, String name) throws IOException {
        Set<String> taken = new HashSet<>();
        lookThrough(folder, entry -> taken.add(entry.getFilename()));
        String free = name;
        for (int i = 2; taken.contains(free); i++) {
            free = name + "." + i;
        }
        return free;
    }

    private void makeFolder(String folder) throws IOException {
        if (!isFolder(folder)) {
            attempt("make folder " + folder, () -> {
                channel.mkdir(folder); // JSch takes this path as it is
                return folder;
            });
        }
    }

    /** A link is no folder: it may lead anywhere. */
    private boolean isFolder(String folder) throws IOException {
        SftpATTRS found;
        try {
            found = channel.lstat(FileNames.quoted(folder));
        } catch (SftpException missing) {
            return false;
        }
        if (!found.isDir()) {
            throw new IOException("SFTP: " + folder + " is " + (found.isLink() ? "a symbolic link" : "no folder")
                    + ", so nothing is put there: replace it by a folder, or remove it and it is made");
        }
        return true;
    }

    private void rename(String from, String to) throws IOException {
        attempt("rename " + from + " to " + to, () -> {
            channel.rename(FileNames.quoted(from), FileNames.quoted(to));
            return to;
        });
    }

    private <T> T attempt(String what, SftpCall<T> call) throws IOException {
        try {
            return call.run();
        } catch (SftpException refused) {
            throw failed(what, refused);
        }
    }

    /** Of an answer that breaks off JSch says "error". */
    private IOException failed(String what, Exception failure) {
        String trouble = watch.trouble();
        if (trouble.isEmpty()) {
            boolean connected = session.isConnected() && !watch.lost();
            String said = String.valueOf(failure.getMessage());
            trouble = (connected ? "" : "the connection is lost: ")
                    + (said.equals("error") ? "the answer broke off" : said);
        }
        return new IOException("SFTP: could not " + what + ": " + trouble, failure);
    }

    @FunctionalInterface
    private interface SftpCall<T> {
        T run() throws SftpException;
    }

    /** A file on its way here. */
    private final class Arriving extends FilterInputStream {
        private final RemoteFile file;
        private long count;

        Arriving(InputStream in, RemoteFile file) {
            super(in);
            this.file = file;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            try {
                int read = in.read(target, offset, length);
                count += Math.max(0, read);
                if (read < 0 && count < file.bytes()) {
                    throw new EOFException("it ends there");
                }
                return read;
            } catch (IOException broken) {
                throw failed("read " + file.path() + " beyond byte " + count + " of " + file.bytes(), broken);
            }
        }

        @Override
        public void close() throws IOException {
            watch.relax();
            super.close();
        }
    }

    /**
     * A file on its way there. JSch waits for an answer to each write; of one that failed it forgets that the answer has come,
     * and would wait for it for ever. So after a failure its stream is not touched any more.
     */
    private final class Leaving extends FilterOutputStream {
        private final String path;
        private long count;
        private @Nullable IOException failure;

        Leaving(OutputStream out, String path) {
            super(out);
            this.path = path;
        }

        long count() {
            return count;
        }

        boolean broken() {
            return failure != null;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            unlessBroken(() -> out.write(bytes, offset, length));
            count += length;
        }

        @Override
        public void flush() throws IOException {
            unlessBroken(out::flush);
        }

        @Override
        public void close() throws IOException {
            if (failure == null) {
                flush();
                unlessBroken(out::close);
            }
        }

        private void unlessBroken(Writing writing) throws IOException {
            if (failure != null) {
                throw new IOException(failure.getMessage(), failure);
            }
            try {
                writing.run();
            } catch (IOException refused) {
                failure = failed("write " + path + " beyond byte " + count, refused);
                throw failure;
            }
        }
    }

    @FunctionalInterface
    private interface Writing {
        void run() throws IOException;
    }

    /** After a write that failed answers are still due that nobody waits for: the next call would take them for its own. */
    private void renewChannel() throws IOException {
        channel.disconnect();
        try {
            ChannelSftp fresh = (ChannelSftp) session.openChannel("sftp");
            if (fresh == null) { // JSch's word for it
                throw new JSchException("the server ended the session");
            }
            fresh.connect(session.getTimeout());
            channel = fresh;
        } catch (JSchException refused) {
            throw failed("open another channel", refused);
        }
    }

    /** A file under its temporary name; removed again unless it was renamed. */
    private final class PartFile implements AutoCloseable {
        private final String path;
        private boolean renamed;
        private boolean broken;

        PartFile(String path) {
            this.path = path;
        }

        Published write(String folder, String name, ContentWriter content) throws IOException, MalformedFileException {
            MessageDigest digest = sha256();
            Leaving counted = new Leaving(
                    attempt("write " + path, () -> channel.put(FileNames.quoted(path), ChannelSftp.OVERWRITE)), path);
            try (OutputStream out = new BufferedOutputStream(new DigestOutputStream(counted, digest), 32 << 10)) {
                content.write(out);
            } finally {
                broken = counted.broken();
            }
            return new Published(folder, name, HexFormat.of().formatHex(digest.digest()), counted.count());
        }

        void renameTo(String target) throws IOException {
            rename(path, target);
            renamed = true;
        }

        @Override
        public void close() throws IOException {
            if (!renamed && session.isConnected()) {
                if (broken) {
                    renewChannel();
                }
                attempt("remove " + path, () -> {
                    channel.rm(FileNames.quoted(path));
                    return path;
                });
            }
        }
    }

    /** A digest every Java has. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
