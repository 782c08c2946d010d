package io.evenstock.feed;

import io.evenstock.exchange.RemoteFile;
import io.evenstock.exchange.SftpConnection;
import io.evenstock.file.MalformedFileException;
import io.evenstock.file.Unpacked;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A file of the feed on this server while it is worked on: read once, by its hash the very file that arrived. */
final class Spool implements AutoCloseable {
    private static final int CHUNK_BYTES = 1 << 16;
    private static final String PREFIX = "feed-";
    private static final String SUFFIX = ".spool";

    private final Path path;
    private final String name;
    private final String sha256;
    private final boolean whole;

    private Spool(Path path, String name, String sha256, boolean whole) {
        this.path = path;
        this.name = name;
        this.sha256 = sha256;
        this.whole = whole;
    }

    /** Reads a file from the server. What is beyond the limit is not kept, nor can the file be read then. */
    static Spool of(SftpConnection sftp, RemoteFile file, Path folder, long maxBytes) throws IOException {
        Path path = Files.createTempFile(Files.createDirectories(folder), PREFIX, SUFFIX);
        MessageDigest digest = SftpConnection.sha256();
        try (InputStream in = sftp.read(file);
                OutputStream out = Files.newOutputStream(path)) {
            long bytes = copy(new DigestInputStream(in, digest), out, maxBytes);
            return new Spool(path, file.name(), HexFormat.of().formatHex(digest.digest()), bytes <= maxBytes);
        } catch (IOException failure) {
            Files.deleteIfExists(path);
            throw failure;
        }
    }

    /** @return how many were read, the first of which were written */
    private static long copy(InputStream in, OutputStream out, long most) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        long bytes = 0;
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
            out.write(chunk, 0, (int) Math.max(0, Math.min(read, most - bytes)));
            bytes += read;
        }
        return bytes;
    }

    /** Removes what a killed node left; for the one node that has the feed. */
    static void clear(Path folder) throws IOException {
        try (DirectoryStream<Path> left =
                Files.newDirectoryStream(Files.createDirectories(folder), PREFIX + "*" + SUFFIX)) {
            for (Path path : left) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** Of the file as it arrived, in hexadecimal digits. */
    String sha256() {
        return sha256;
    }

    /** Reads the content, unpacked, from its beginning. @throws MalformedFileException also if it is too large */
    <T> T read(Unpacked.Reader<T> reader) throws IOException, MalformedFileException {
        if (!whole) {
            throw new MalformedFileException(
                    1, -1, "the file has more than " + Files.size(path) + " bytes (evenstock.feed.max-bytes)");
        }
        try (InputStream in = Files.newInputStream(path)) {
            return Unpacked.read(in, name, Files.size(path), reader);
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path);
    }
}
