package io.evenstock.nightly;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDate;
import java.util.zip.GZIPInputStream;

/** A night's list of what is sold online, packed. */
final class ActiveList {
    private final LocalDate businessDate;
    private final String sha256;
    private final long entries;
    private final byte[] gzip;

    /** A list of so many entries; the SHA-256 is the unpacked file's. */
    ActiveList(LocalDate businessDate, String sha256, long entries, byte[] gzip) {
        this.businessDate = businessDate;
        this.sha256 = sha256;
        this.entries = entries;
        this.gzip = gzip;
    }

    LocalDate businessDate() {
        return businessDate;
    }

    String sha256() {
        return sha256;
    }

    long entries() {
        return entries;
    }

    byte[] gzip() {
        return gzip;
    }

    String fileName() {
        return "ActiveProducts_" + businessDate + ".csv";
    }

    /** The file's bytes. */
    InputStream open() throws IOException {
        return new GZIPInputStream(new ByteArrayInputStream(gzip));
    }
}
