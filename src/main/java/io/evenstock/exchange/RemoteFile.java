package io.evenstock.exchange;

import java.time.Instant;

/**
 * A regular file in an SFTP folder as it was listed.
 *
 * @param bytes size then
 * @param modifiedAt by the server's clock, to the second
 */
public record RemoteFile(String folder, String name, long bytes, Instant modifiedAt) {
    /** The absolute path. */
    public String path() {
        return folder + "/" + name;
    }
}
