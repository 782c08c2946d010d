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
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A file of the feed on this server while it is worked on: read once, by its hash the very file that arrived. */
final class Spool implements AutoCloseable {
    private static final long MAX_BYTES = 1L << 30;
    private static final String PREFIX = "feed-";
    private static final String SUFFIX = ".spool";

    private final Path path;
    private final String name;
    private final String sha256;

    private Spool(Path path, String name, String sha256) {
        this.path = path;
        this.name = name;
        this.sha256 = sha256;
    }

    /** Reads a file from the server. @throws IOException also if it is larger than any feed */
    static Spool of(SftpConnection sftp, RemoteFile file, Path folder) throws IOException {
        if (file.bytes() > MAX_BYTES) {
            throw new IOException(file.bytes() + " bytes; a file of the feed has at most " + MAX_BYTES);
        }
        Path path = Files.createTempFile(Files.createDirectories(folder), PREFIX, SUFFIX);
        MessageDigest digest = SftpConnection.sha256();
        try (InputStream in = sftp.read(file);
                OutputStream out = new DigestOutputStream(Files.newOutputStream(path), digest)) {
            in.transferTo(out);
        } catch (IOException failure) {
            Files.deleteIfExists(path);
            throw failure;
        }
        return new Spool(path, file.name(), HexFormat.of().formatHex(digest.digest()));
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

    /** Reads the content, unpacked, from its beginning. */
    <T> T read(Unpacked.Reader<T> reader) throws IOException, MalformedFileException {
        try (InputStream in = Files.newInputStream(path)) {
            return Unpacked.read(in, name, Files.size(path), reader);
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path);
    }
}
