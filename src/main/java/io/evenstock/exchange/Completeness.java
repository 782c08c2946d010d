package io.evenstock.exchange;

import io.evenstock.settings.Settings;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Whether an upload is complete: a marker {@code <name>.sha256} or {@code <name>.done} beside it says so, else its size and
 * time must stay the same over several looks.
 */
@Dependent
public class Completeness {
    /** The endings of completion markers. */
    public static final List<String> MARKERS = List.of(".sha256", ".done");

    private static final String PROMISE = ".sha256";
    private static final int MARKER_CHARS = 200;

    private final Settings settings;

    @Inject
    public Completeness(Settings settings) {
        this.settings = settings;
    }

    /**
     * Waits until the file is complete.
     *
     * @throws IncompleteException if it grows, changes or goes meanwhile: it is looked at again later
     */
    public void await(SftpConnection sftp, RemoteFile file) throws IOException {
        if (!markers(sftp, file).isEmpty()) {
            return;
        }
        for (int look = 1; look < settings.sftp().stableChecks(); look++) {
            pause();
            requireUnchanged(sftp, file);
        }
    }

    /** The markers beside a file. */
    public static List<RemoteFile> markers(SftpConnection sftp, RemoteFile file) throws IOException {
        return sftp.list(file.folder()).stream()
                .filter(other ->
                        MARKERS.stream().anyMatch(ending -> other.name().equals(file.name() + ending)))
                .toList();
    }

    /**
     * Those files of a folder that are wanted and complete: each has its marker, or stays the same over several looks at
     * all of them together. What grows is left out and holds up nobody.
     *
     * @param wanted by name
     */
    public List<RemoteFile> complete(SftpConnection sftp, String folder, Predicate<String> wanted) throws IOException {
        List<RemoteFile> listed = sftp.list(folder);
        Set<String> names = listed.stream().map(RemoteFile::name).collect(Collectors.toSet());
        List<RemoteFile> complete = new ArrayList<>();
        List<RemoteFile> unmarked = new ArrayList<>();
        for (RemoteFile file : listed) {
            if (wanted.test(file.name())) {
                boolean marked = MARKERS.stream().anyMatch(ending -> names.contains(file.name() + ending));
                (marked ? complete : unmarked).add(file);
            }
        }
        complete.addAll(unchanged(sftp, folder, unmarked));
        return complete;
    }

    private List<RemoteFile> unchanged(SftpConnection sftp, String folder, List<RemoteFile> files) throws IOException {
        List<RemoteFile> unchanged = new ArrayList<>(files);
        for (int look = 1; look < settings.sftp().stableChecks() && !unchanged.isEmpty(); look++) {
            pause();
            unchanged.retainAll(sftp.list(folder));
        }
        return unchanged;
    }

    /** Looks again. @throws IncompleteException if the file is not what was listed any more */
    public void requireUnchanged(SftpConnection sftp, RemoteFile file) throws IOException {
        Optional<RemoteFile> now = sftp.find(file.folder(), file.name());
        if (!now.equals(Optional.of(file))) {
            throw new IncompleteException(
                    file.path() + " is still being uploaded or was replaced: " + file.bytes() + " bytes before, "
                            + now.map(found -> found.bytes() + " now").orElse("gone now"));
        }
    }

    /** The SHA-256 that {@code <name>.sha256} gives in its first word; empty: there is none, or an empty one. */
    public Optional<String> promisedSha256(SftpConnection sftp, RemoteFile file) throws IOException {
        Optional<RemoteFile> marker = sftp.find(file.folder(), file.name() + PROMISE);
        if (marker.isEmpty() || marker.get().bytes() == 0) {
            return Optional.empty();
        }
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(sftp.read(marker.get()), StandardCharsets.US_ASCII))) {
            char[] text = new char[MARKER_CHARS];
            int length = reader.read(text);
            String first = new String(text, 0, Math.max(0, length)).strip().split("\\s+", 2)[0];
            return first.isEmpty() ? Optional.empty() : Optional.of(first.toLowerCase(Locale.ROOT));
        }
    }

    private void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(settings.sftp().stableInterval().toMillis());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("Stopped while waiting for an upload to be complete", stopped);
        }
    }
}
