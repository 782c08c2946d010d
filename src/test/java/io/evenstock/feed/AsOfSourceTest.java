package io.evenstock.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.exchange.Completeness;
import io.evenstock.exchange.Exchange;
import io.evenstock.exchange.RemoteFile;
import io.evenstock.exchange.SftpConnection;
import io.evenstock.file.MalformedFileException;
import io.evenstock.lab.EmbeddedSftp;
import io.evenstock.settings.Settings;
import io.evenstock.settings.SettingsReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Against a real SFTP server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AsOfSourceTest {
    private static final String FOLDER = "/erp/reset";
    private static final Instant AS_OF = Instant.parse("2026-11-22T05:55:00Z");

    private final List<String> told = new ArrayList<>();
    private Path folder = Path.of("");
    private EmbeddedSftp server;

    @BeforeAll
    void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        server = EmbeddedSftp.start(folder);
    }

    @AfterAll
    void stop() throws IOException {
        server.close();
    }

    @AfterEach
    void clear() throws IOException {
        told.clear();
        try (var files = Files.newDirectoryStream(server.feed())) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    @Test
    void inTheName() throws Exception {
        put("erp-20261122T005500-0500-full.csv", "a\n1\n");
        put("erp.csv", "a\n1\n");
        assertEquals(AS_OF, asOf("NAME", "erp-20261122T005500-0500-full.csv"));
        assertTrue(fault("NAME", "erp.csv").contains("its name must tell one as-of"));
    }

    @Test
    void inAColumn() throws Exception {
        put("same.csv", "QTY,asof\n1,2026-11-22T05:55:00Z\nshort\n2,2026-11-22T00:55:00-05:00\n");
        put("two.csv", "qty,asOf\n1,2026-11-22T05:55:00Z\n2,2026-11-22T05:56:00Z\n");
        put("blank.csv", "qty,asOf\n1,\n");
        put("none.csv", "qty\n1\n");
        put("empty.csv", "qty,asOf\n");
        assertEquals(AS_OF, asOf("COLUMN", "same.csv"));
        assertTrue(fault("COLUMN", "two.csv").contains("line 3"), "names the line");
        assertTrue(fault("COLUMN", "two.csv").contains("a file has one as-of"));
        assertTrue(fault("COLUMN", "blank.csv").contains("asOf must be a time like"));
        assertTrue(fault("COLUMN", "none.csv").contains("the column asOf is missing; found qty"));
        assertTrue(fault("COLUMN", "empty.csv").contains("no row"));
    }

    @Test
    void inAColumnOfAPackedFile() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write("true_at,qty\n2026-11-22T05:55:00Z,1\n".getBytes(StandardCharsets.UTF_8));
        }
        Files.write(server.feed().resolve("packed.csv.gz"), packed.toByteArray());
        Settings settings = settings(Map.of("feed.as-of", "COLUMN", "feed.as-of-column", "True_At"));
        assertEquals(AS_OF, asOf(settings, "packed.csv.gz"));
    }

    @Test
    void inAManifestForWhichTheFileWaits() throws Exception {
        put("stock.csv", "qty\n1\n");
        Settings settings = settings(Map.of("feed.as-of", "MANIFEST"));
        assertEquals(List.of(), taken(settings));
        put("stock.csv.manifest.json", "{\"rows\":[1],\"asOf\":\"2026-11-22T05:55:00Z\"}");
        assertEquals(List.of("stock.csv"), taken(settings));
        assertEquals(AS_OF, asOf(settings, "stock.csv"));
        for (String bad : List.of("", "[]", "{\"asOf\":5}", "{\"asOf\":\"today\"}", "{", "[".repeat(9_000))) {
            put("stock.csv.manifest.json", bad);
            assertTrue(fault("MANIFEST", "stock.csv").contains("its manifest: "), bad);
        }
    }

    @Test
    void byTheTimeOfChange() throws Exception {
        Files.setLastModifiedTime(put("stock.csv", "qty\n1\n"), FileTime.from(AS_OF));
        assertEquals(AS_OF, asOf("MTIME", "stock.csv"));
    }

    @Test
    void theOldestComesFirstAndWhatIsNoDataNever() throws Exception {
        put("b-20261122T0100Z.csv", "x");
        put("a-20261122T030000Z.csv", "x");
        put("c-20261122T020000Z.csv", "x");
        put("c-20261122T020000Z.csv.sha256", "x");
        put("d-20261122T000000Z.csv.part", "x");
        Settings any = settings(Map.of("feed.name-pattern", "?-*"));
        Files.setLastModifiedTime(server.feed().resolve("b-20261122T0100Z.csv"), FileTime.from(AS_OF));
        assertEquals(List.of("c-20261122T020000Z.csv", "a-20261122T030000Z.csv", "b-20261122T0100Z.csv"), taken(any));
    }

    @Test
    void theOldestComesFirstByColumnToo() throws Exception {
        put("a.csv", "asOf\n2026-11-22T05:56:00Z\n");
        put("b.csv", "asOf\n2026-11-22T05:55:00Z\n");
        assertEquals(List.of("b.csv", "a.csv"), taken(settings(Map.of("feed.as-of", "COLUMN"))));
    }

    /** By the time it is looked into, the file or its manifest is gone: the others are taken. */
    @Test
    void aFileThatCannotBeReadIsLeftOutAndToldAndHoldsUpNoOther() throws Exception {
        for (String name : List.of("a.csv", "b.csv", "c.csv")) {
            put(name, "asOf\n2026-11-22T05:55:00Z\n");
            put(name + AsOfSource.MANIFEST, "{\"asOf\":\"2026-11-22T05:55:00Z\"}");
        }
        assertEquals(List.of("a.csv", "c.csv"), takenAfter("MANIFEST", () -> remove("b.csv" + AsOfSource.MANIFEST)));
        assertEquals(List.of("/erp/reset/b.csv.manifest.json is gone"), told);
        told.clear();
        assertEquals(List.of("b.csv", "c.csv"), takenAfter("COLUMN", () -> remove("a.csv")));
        assertEquals(1, told.size(), told::toString);
        assertTrue(told.get(0).contains("could not read /erp/reset/a.csv"), told::toString);
    }

    @Test
    void aLostConnectionEndsTheLook() throws Exception {
        put("a.csv", "asOf\n2026-11-22T05:55:00Z\n");
        FeedFiles files = new FeedFiles(settings(Map.of("feed.as-of", "COLUMN")));
        SftpConnection sftp = new Exchange(settings(Map.of())).connect();
        List<RemoteFile> complete = sftp.list(FOLDER);
        sftp.close();
        assertThrows(IOException.class, () -> files.oldestFirst(sftp, complete, this::tell));
        assertEquals(List.of(), told);
    }

    private List<String> takenAfter(String asOf, Change change) throws IOException {
        FeedFiles files = new FeedFiles(settings(Map.of("feed.as-of", asOf)));
        try (SftpConnection sftp = new Exchange(settings(Map.of())).connect()) {
            List<RemoteFile> complete = sftp.list(FOLDER);
            change.happen();
            return names(files.oldestFirst(sftp, complete, this::tell));
        }
    }

    private void tell(RemoteFile file, IOException failure) {
        told.add(String.valueOf(failure.getMessage()));
    }

    private void remove(String name) throws IOException {
        Files.delete(server.feed().resolve(name));
    }

    @FunctionalInterface
    private interface Change {
        void happen() throws IOException;
    }

    @Test
    void aBrokenOrHugeGzipIsMalformed() throws Exception {
        byte[] small = packed(1_000);
        Files.write(server.feed().resolve("cut.csv.gz"), Arrays.copyOf(small, small.length - 5));
        Files.write(server.feed().resolve("bomb.csv.gz"), packed(17 << 20));
        assertTrue(read("cut.csv.gz").contains("the gzip is broken or cut off"));
        assertTrue(read("bomb.csv.gz").contains("unpacks to more than 16777216 bytes"));
        try (var left = Files.list(folder.resolve("work"))) {
            assertEquals(0, left.count(), "nothing is left lying about");
        }
    }

    private static byte[] packed(int zeros) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(new byte[zeros]);
        }
        return packed.toByteArray();
    }

    private String read(String name) throws IOException {
        return inFolder(settings(Map.of()), name, (sftp, file, content) -> {
            MalformedFileException fault = assertThrows(
                    MalformedFileException.class,
                    () -> content.read(in -> in.transferTo(OutputStream.nullOutputStream())));
            return fault.reason();
        });
    }

    private Instant asOf(String source, String name) throws IOException {
        return asOf(settings(Map.of("feed.as-of", source)), name);
    }

    private Instant asOf(Settings settings, String name) throws IOException {
        AsOfSource source = new AsOfSource(settings);
        return inFolder(settings, name, (sftp, file, content) -> {
            assertEquals(AS_OF, source.glimpse(sftp, file), "as it shows before it is read");
            return source.of(sftp, file, content);
        });
    }

    private String fault(String source, String name) throws IOException {
        Settings settings = settings(Map.of("feed.as-of", source));
        return inFolder(
                settings,
                name,
                (sftp, file, content) -> String.valueOf(assertThrows(
                                MalformedFileException.class, () -> new AsOfSource(settings).of(sftp, file, content))
                        .getMessage()));
    }

    private List<String> taken(Settings settings) throws IOException {
        FeedFiles files = new FeedFiles(settings);
        try (SftpConnection sftp = new Exchange(settings).connect()) {
            return names(files.oldestFirst(
                    sftp, new Completeness(settings).complete(sftp, FOLDER, files::wanted), this::tell));
        }
    }

    private static List<String> names(List<RemoteFile> files) {
        return files.stream().map(RemoteFile::name).toList();
    }

    private <T> T inFolder(Settings settings, String name, Look<T> look) throws IOException {
        try (SftpConnection sftp = new Exchange(settings).connect()) {
            RemoteFile file = sftp.find(FOLDER, name).orElseThrow();
            try (Spool content = Spool.of(sftp, file, folder.resolve("work"), 1 << 20)) {
                return look.at(sftp, file, content);
            }
        } catch (MalformedFileException malformed) {
            throw new AssertionError(malformed);
        }
    }

    @FunctionalInterface
    private interface Look<T> {
        T at(SftpConnection sftp, RemoteFile file, Spool content) throws IOException, MalformedFileException;
    }

    private Path put(String name, String content) throws IOException {
        return Files.writeString(server.feed().resolve(name), content);
    }

    private Settings settings(Map<String, String> changed) {
        Map<String, String> all = new HashMap<>(Map.of(
                "sftp.host", server.host(),
                "sftp.port", String.valueOf(server.port()),
                "sftp.user", server.user(),
                "sftp.password", server.password(),
                "sftp.known-hosts", server.knownHosts().toString(),
                "sftp.stable-interval", "PT0.01S"));
        all.putAll(changed);
        return new SettingsReader(name -> Optional.ofNullable(all.get(name.substring("evenstock.".length())))).read();
    }
}
