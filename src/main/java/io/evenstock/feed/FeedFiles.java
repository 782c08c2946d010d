package io.evenstock.feed;

import io.evenstock.exchange.Completeness;
import io.evenstock.exchange.RemoteFile;
import io.evenstock.exchange.SftpConnection;
import io.evenstock.settings.Settings;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** Which files of the folder are the feed's, and in which order they are taken. */
final class FeedFiles {
    private static final List<String> NEVER = List.of(AsOfSource.MANIFEST, SftpConnection.PART);

    private final Settings.Feed feed;
    private final AsOfSource source;

    FeedFiles(Settings settings) {
        this.feed = settings.feed();
        this.source = new AsOfSource(settings);
    }

    /** Whether a name is a data file's, or a manifest's that one waits for. */
    boolean wanted(String name) {
        return data(name) || (source.needsManifest() && name.endsWith(AsOfSource.MANIFEST));
    }

    /**
     * The data files among the complete ones whose as-of is there, oldest first; of equally old ones by name.
     *
     * @param unreadable is told of a file that cannot be read; it is left out and holds up no other
     * @throws IOException if the connection is lost
     */
    List<RemoteFile> oldestFirst(
            SftpConnection sftp, List<RemoteFile> complete, BiConsumer<RemoteFile, IOException> unreadable)
            throws IOException {
        Set<String> names = complete.stream().map(RemoteFile::name).collect(Collectors.toSet());
        Map<RemoteFile, Instant> dated = new HashMap<>();
        for (RemoteFile file : complete) {
            if (data(file.name()) && (!source.needsManifest() || names.contains(file.name() + AsOfSource.MANIFEST))) {
                glimpse(sftp, file, unreadable).ifPresent(asOf -> dated.put(file, asOf));
            }
        }
        return dated.keySet().stream()
                .sorted(Comparator.comparing((RemoteFile file) -> Objects.requireNonNull(dated.get(file)))
                        .thenComparing(RemoteFile::name))
                .toList();
    }

    private Optional<Instant> glimpse(
            SftpConnection sftp, RemoteFile file, BiConsumer<RemoteFile, IOException> unreadable) throws IOException {
        try {
            return Optional.of(source.glimpse(sftp, file));
        } catch (IOException failure) {
            if (sftp.lost()) {
                throw failure;
            }
            unreadable.accept(file, failure);
            return Optional.empty();
        }
    }

    private boolean data(String name) {
        return feed.namePattern().matcher(name).matches()
                && NEVER.stream().noneMatch(name::endsWith)
                && Completeness.MARKERS.stream().noneMatch(name::endsWith);
    }
}
