package io.evenstock.nightly;

import io.evenstock.exchange.RemoteFile;
import io.evenstock.exchange.SftpConnection;
import io.evenstock.file.AsOfName;
import io.evenstock.settings.Settings;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** The Reset Inventory Files in the inbox, and which of them a night takes. */
final class ResetFiles {
    private static final Duration WINDOW = Duration.ofHours(24);

    private final List<Dated> files = new ArrayList<>();
    private final List<String> others = new ArrayList<>();

    private ResetFiles() {}

    /** A file with the as-of its name gives. */
    record Dated(RemoteFile file, Instant asOf) {}

    static ResetFiles in(SftpConnection sftp, Settings settings) throws IOException {
        AsOfName name = AsOfName.of(settings.reset().namePattern());
        ResetFiles all = new ResetFiles();
        for (RemoteFile file : sftp.list(settings.sftp().inbox())) {
            name.asOf(file.name())
                    .ifPresentOrElse(asOf -> all.files.add(new Dated(file, asOf)), () -> all.others.add(file.name()));
        }
        return all;
    }

    /**
     * The newest file whose as-of lies in the 24 hours before the filter is due.
     *
     * @throws NoFileException if there is none; names what is there instead
     */
    Dated newest(Instant due) throws NoFileException {
        return files.stream()
                .filter(each -> !each.asOf.isAfter(due) && each.asOf.isAfter(due.minus(WINDOW)))
                .max(Comparator.comparing(Dated::asOf))
                .orElseThrow(() -> new NoFileException("No Reset Inventory File with an as-of from " + due.minus(WINDOW)
                        + " to " + due + " has arrived; there are: " + names()));
    }

    /** The files older than the one taken. */
    List<RemoteFile> olderThan(Dated taken) {
        return files.stream()
                .filter(each -> each.asOf.isBefore(taken.asOf))
                .map(Dated::file)
                .toList();
    }

    private String names() {
        String names = files.stream()
                .map(each -> each.file.name() + " (as of " + each.asOf + ")")
                .collect(Collectors.joining(", "));
        String rest = others.stream().limit(10).collect(Collectors.joining(", "));
        return names.isEmpty() && rest.isEmpty() ? "no files" : names + (names.isEmpty() ? "" : ", ") + rest;
    }
}
