package io.evenstock.feed;

import io.evenstock.exchange.RemoteFile;
import io.evenstock.exchange.SftpConnection;
import io.evenstock.file.AsOfColumn;
import io.evenstock.file.AsOfName;
import io.evenstock.file.MalformedFileException;
import io.evenstock.file.Unpacked;
import io.evenstock.settings.Settings;
import io.evenstock.settings.Settings.AsOf;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;

/** Where a file of the feed tells when it was true: never "now". */
final class AsOfSource {
    /** The ending of a manifest. */
    static final String MANIFEST = ".manifest.json";

    private final AsOf source;
    private final AsOfColumn column;

    AsOfSource(Settings settings) {
        this.source = settings.feed().asOf();
        this.column = new AsOfColumn(
                settings.feed().asOfColumn(),
                settings.reset().delimiter(),
                settings.reset().limits());
    }

    boolean needsManifest() {
        return source == AsOf.MANIFEST;
    }

    /** As it shows before the file is read, to order files by; its time of change where it does not show. */
    Instant glimpse(SftpConnection sftp, RemoteFile file) throws IOException {
        try {
            return source == AsOf.COLUMN ? firstRow(sftp, file) : beside(sftp, file);
        } catch (MalformedFileException unknown) {
            return file.modifiedAt();
        }
    }

    /**
     * The file's as-of.
     *
     * @param content the file, as it was read
     * @throws MalformedFileException it is not told, or not in one voice
     */
    Instant of(SftpConnection sftp, RemoteFile file, Spool content) throws IOException, MalformedFileException {
        return source == AsOf.COLUMN ? content.read(column::only) : beside(sftp, file);
    }

    private Instant beside(SftpConnection sftp, RemoteFile file) throws IOException, MalformedFileException {
        return switch (source) {
            case NAME -> named(file.name());
            case MANIFEST -> manifest(sftp, file);
            case MTIME, COLUMN -> file.modifiedAt();
        };
    }

    private static Instant named(String name) throws MalformedFileException {
        return AsOfName.anywhere(name)
                .orElseThrow(() -> new MalformedFileException(
                        0, -1, "its name must tell one as-of, like 20261122T005500Z or 20261122T005500-0500"));
    }

    private static Instant manifest(SftpConnection sftp, RemoteFile file) throws IOException, MalformedFileException {
        RemoteFile manifest = sftp.find(file.folder(), file.name() + MANIFEST)
                .orElseThrow(() -> new IOException(file.path() + MANIFEST + " is gone"));
        try (InputStream in = sftp.read(manifest)) {
            return Manifest.asOf(in);
        }
    }

    private Instant firstRow(SftpConnection sftp, RemoteFile file) throws IOException, MalformedFileException {
        try (InputStream in = sftp.read(file)) {
            return Unpacked.read(in, file.name(), file.bytes(), column::first);
        }
    }
}
