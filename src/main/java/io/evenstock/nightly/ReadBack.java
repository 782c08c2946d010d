package io.evenstock.nightly;

import io.evenstock.exchange.RemoteFile;
import io.evenstock.exchange.SftpConnection;
import io.evenstock.file.MalformedFileException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Reads a file back that an earlier step wrote: it must have the very SHA-256 that was written down then. */
final class ReadBack {
    private ReadBack() {}

    /** Makes something of a file's bytes. */
    @FunctionalInterface
    interface Reader<T> {
        T read(InputStream in) throws IOException, MalformedFileException;
    }

    /** A file as it was read, and what was made of it. */
    record Read<T>(RemoteFile file, T content) {}

    /** @throws StepFailedException if the file is gone, or somebody edited it */
    static <T> Read<T> of(SftpConnection sftp, String folder, String name, String sha256, Reader<T> reader)
            throws IOException, MalformedFileException, StepFailedException {
        RemoteFile file = sftp.find(folder, name)
                .orElseThrow(() -> new StepFailedException(folder + "/" + name + " is gone; put it back"));
        MessageDigest digest = SftpConnection.sha256();
        T content;
        try (InputStream in = new DigestInputStream(sftp.read(file), digest)) {
            content = reader.read(in);
            in.transferTo(OutputStream.nullOutputStream());
        }
        String found = HexFormat.of().formatHex(digest.digest());
        if (!found.equals(sha256)) {
            throw new StepFailedException(file.path() + " is not the file that was written: its SHA-256 is " + found
                    + ", written was " + sha256 + "; somebody edited it");
        }
        return new Read<>(file, content);
    }
}
