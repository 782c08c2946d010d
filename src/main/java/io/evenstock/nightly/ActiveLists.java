package io.evenstock.nightly;

import io.evenstock.catalog.ActiveIdentification;
import io.evenstock.catalog.Catalog;
import io.evenstock.catalog.Identification;
import io.evenstock.database.Sql;
import io.evenstock.exchange.SftpConnection;
import io.evenstock.file.ActiveListFile;
import io.evenstock.file.Keys;
import io.evenstock.file.MalformedFileException;
import io.evenstock.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.LocalDate;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.zip.GZIPOutputStream;

/** The active lists: a file a night in the work folder, and the same bytes in the database, for any other node. */
@ApplicationScoped
class ActiveLists {
    private static final int PRODUCTS_A_PAGE = 5_000;

    @Inject
    Sql sql;

    @Inject
    Catalog catalog;

    @Inject
    Settings settings;

    /** Compiles tonight's list from the catalog. */
    ActiveList compile(LocalDate businessDate) throws IOException {
        MessageDigest digest = SftpConnection.sha256();
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        Entries entries = new Entries();
        try (OutputStream out = new DigestOutputStream(new GZIPOutputStream(packed), digest)) {
            ActiveListFile.write(out, () -> entries);
        }
        return new ActiveList(
                businessDate, HexFormat.of().formatHex(digest.digest()), entries.count, packed.toByteArray());
    }

    /** Keeps the list, in the running transaction. */
    void keep(ActiveList list) {
        sql.update("""
                insert into active_list (business_date, sha256, entries, gzip) values (?, ?, ?, ?)
                on conflict (business_date) do update
                set sha256 = excluded.sha256, entries = excluded.entries, gzip = excluded.gzip
                """, list.businessDate(), list.sha256(), list.entries(), list.gzip());
    }

    /**
     * Writes the list's file into the work folder, whole or not at all.
     *
     * @param lastLook throws if the file is not to take its name any more
     * @return its size in bytes
     */
    long write(ActiveList list, Runnable lastLook) throws IOException {
        Files.createDirectories(settings.workDir());
        Path file = settings.workDir().resolve(list.fileName());
        Path part = settings.workDir().resolve(list.fileName() + SftpConnection.PART);
        try (InputStream in = list.open()) {
            Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
            lastLook.run();
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
        return Files.size(file);
    }

    /** The values of one identification type on that night's list. */
    Keys keys(LocalDate businessDate, String idType) throws IOException, MalformedFileException {
        ActiveList list = find(businessDate);
        Keys.Builder keys = Keys.builder();
        try (InputStream in = list.open()) {
            ActiveListFile.read(in, entry -> {
                if (entry.idType().equals(idType)) {
                    keys.add(entry.idValue());
                }
            });
        }
        return keys.build();
    }

    private ActiveList find(LocalDate businessDate) {
        return sql.one(
                "select sha256, entries, gzip from active_list where business_date = ?",
                row -> new ActiveList(businessDate, row.getString(1), row.getLong(2), row.getBytes(3)),
                businessDate);
    }

    /** The catalog's active identifications, a page at a time. */
    private final class Entries implements Iterator<ActiveListFile.Entry> {
        private Iterator<ActiveIdentification> page = Collections.emptyIterator();
        private String last = "";
        private long count;

        @Override
        public boolean hasNext() {
            if (!page.hasNext()) {
                List<ActiveIdentification> next = catalog.active(last, PRODUCTS_A_PAGE);
                page = next.iterator();
                last = next.isEmpty() ? last : next.get(next.size() - 1).productId();
            }
            return page.hasNext();
        }

        @Override
        public ActiveListFile.Entry next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            count++;
            ActiveIdentification next = page.next();
            Identification identification = next.identification();
            return new ActiveListFile.Entry(next.productId(), identification.idType(), identification.idValue());
        }
    }
}
