package io.evenstock.nightly;

import jakarta.persistence.Embeddable;

/** A file that a step read or wrote: its folder and name, SHA-256 in hexadecimal digits, size. */
@Embeddable
public class CycleFile {
    private String name;
    private String folder;
    private String sha256;
    private long bytes;

    /** For JPA. */
    @SuppressWarnings("NullAway")
    protected CycleFile() {}

    CycleFile(String folder, String name, String sha256, long bytes) {
        this.folder = folder;
        this.name = name;
        this.sha256 = sha256;
        this.bytes = bytes;
    }

    public String folder() {
        return folder;
    }

    public String name() {
        return name;
    }

    public String sha256() {
        return sha256;
    }

    public long bytes() {
        return bytes;
    }
}
