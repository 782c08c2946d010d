package io.evenstock.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.KeyPair;
import io.evenstock.file.MalformedFileException;
import io.evenstock.lab.EmbeddedSftp;
import io.evenstock.settings.Settings;
import io.evenstock.settings.SettingsReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Against a real SFTP server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExchangeTest {
    private static final String FOLDER = "/retailpro/reset";

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

    @Test
    void anUnknownHostKeyIsRefusedBeforeTheLogin() throws IOException {
        Path other = Files.writeString(
                folder.resolve("known_other"),
                Files.readString(server.knownHosts()).replaceFirst("^\\S+", "example.org"));
        long logins = server.logins();
        IOException refused = assertThrows(
                UntrustedServerException.class, () -> connect(Map.of("sftp.known-hosts", other.toString())));
        assertEquals(logins, server.logins(), "nobody has shown it a password");
        assertTrue(message(refused).contains("its host key is unknown"), () -> message(refused));
    }

    @Test
    void aChangedHostKeyIsRefusedBeforeTheLogin() throws Exception {
        Path changed = folder.resolve("known_changed");
        ByteArrayOutputStream key = new ByteArrayOutputStream();
        KeyPair.genKeyPair(new JSch(), KeyPair.RSA, 2048).writePublicKey(key, "");
        String host = Files.readString(server.knownHosts()).split(" ", 2)[0];
        Files.writeString(
                changed, host + " " + key.toString(StandardCharsets.US_ASCII).strip() + "\n");
        long logins = server.logins();
        IOException refused = assertThrows(
                UntrustedServerException.class, () -> connect(Map.of("sftp.known-hosts", changed.toString())));
        assertEquals(logins, server.logins(), "nobody has shown it a password");
        assertTrue(message(refused).contains("is not the one in"), () -> message(refused));
        assertTrue(message(refused).contains("no credentials were sent"), () -> message(refused));
    }

    @Test
    void aWrongPasswordIsToldWithoutThePassword() {
        long logins = server.logins();
        IOException refused =
                assertThrowsExactly(IOException.class, () -> connect(Map.of("sftp.password", "an-evil-guess")));
        assertTrue(server.logins() > logins, "it was shown");
        assertTrue(message(refused).contains("the login was refused"), () -> message(refused));
        assertFalse(message(refused).contains("an-evil-guess"), () -> message(refused));
    }

    @Test
    void aKeyOpensToo() throws IOException, JSchException, GeneralSecurityException {
        KeyPair pair = KeyPair.genKeyPair(new JSch(), KeyPair.RSA, 3072);
        Path file = folder.resolve("id_rsa");
        pair.writePrivateKey(file.toString());
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        pair.writePublicKey(line, "evenstock");
        server.authorize(line.toString(StandardCharsets.US_ASCII));
        try (SftpConnection sftp = connect(Map.of("sftp.key-file", file.toString(), "sftp.password", " "))) {
            assertEquals(List.of(), sftp.list("/erp/reset"));
        }
    }

    @Test
    void whatIsPublishedAppearsWholeOrNotAtAll() throws IOException, MalformedFileException {
        Path target = server.filtered().resolve("whole.csv");
        try (SftpConnection sftp = connect(Map.of())) {
            Published first = sftp.publish("/evenstock/reset", "whole.csv", out -> {
                out.write("first".getBytes(StandardCharsets.UTF_8));
                out.flush();
                assertFalse(Files.exists(target), "not under its name yet");
            });
            assertEquals("first", Files.readString(target));
            assertEquals(5, first.bytes());
            assertEquals("a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e", first.sha256());

            assertThrows(
                    MalformedFileException.class,
                    () -> sftp.publish("/evenstock/reset", "whole.csv", out -> {
                        out.write('x');
                        throw new MalformedFileException(3, 14, "a lone quote");
                    }));
            assertEquals("first", Files.readString(target), "the old file stands");
            assertEquals(1, count(server.filtered()), "nothing is left lying about");

            sftp.publish("/evenstock/reset", "whole.csv", out -> out.write('2'));
            assertEquals("2", Files.readString(target), "replaced in one go");
        }
        Files.delete(target);
    }

    @Test
    void onlyRegularFilesAreListed() throws IOException {
        Path inbox = server.inbox();
        Files.writeString(inbox.resolve("file.csv"), "abc");
        Files.createDirectories(inbox.resolve("folder.csv"));
        Files.createSymbolicLink(inbox.resolve("link.csv"), Path.of("/etc/hostname"));
        try (SftpConnection sftp = connect(Map.of())) {
            assertEquals(
                    List.of("file.csv"),
                    sftp.list(FOLDER).stream().map(RemoteFile::name).toList());
            RemoteFile file = sftp.find(FOLDER, "file.csv").orElseThrow();
            try (InputStream in = sftp.read(file)) {
                assertEquals("abc", new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
            sftp.archive(file);
            assertTrue(Files.exists(inbox.resolve("archive/file.csv")));
            Files.delete(inbox.resolve("archive/file.csv"));
        }
        Files.delete(inbox.resolve("folder.csv"));
        Files.delete(inbox.resolve("link.csv"));
    }

    @Test
    void aFileIsWhatItsNameSaysWhateverSignsAreInIt() throws IOException, MalformedFileException {
        Path inbox = server.inbox();
        List<String> names = List.of("a*b.csv", "a\\b.csv", "a?b.csv", "[ab].csv", "{a,b}.csv", "~ü €.csv", "..a.csv");
        List<String> others = List.of("aXb.csv", "ab.csv", "b.csv");
        for (String name : Stream.concat(names.stream(), others.stream()).toList()) {
            Files.writeString(inbox.resolve(name), "in " + name);
            Files.writeString(inbox.resolve("archive").resolve(name), "put away before");
        }
        try (SftpConnection sftp = connect(Map.of())) {
            for (String name : names) {
                RemoteFile file = sftp.find(FOLDER, name).orElseThrow();
                try (InputStream in = sftp.read(file)) {
                    assertEquals("in " + name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
                }
                sftp.archive(file);
                assertEquals(
                        "in " + name, Files.readString(inbox.resolve("archive").resolve(name + ".2")));
                assertEquals(
                        "put away before",
                        Files.readString(inbox.resolve("archive").resolve(name)));
                assertThrows(
                        MalformedFileException.class,
                        () -> sftp.report(FOLDER, name, out -> {
                            throw new MalformedFileException(1, 1, "half a report");
                        }));
                sftp.report(FOLDER, name, out -> out.write('r'));
                assertEquals("r", Files.readString(inbox.resolve("rejected").resolve(name)));
            }
            assertEquals(
                    Set.copyOf(others),
                    sftp.list(FOLDER).stream().map(RemoteFile::name).collect(Collectors.toSet()));
        }
        assertEquals(names.size(), count(inbox.resolve("rejected")), "no part is left");
        for (String other : others) {
            assertEquals("in " + other, Files.readString(inbox.resolve(other)));
            assertEquals(
                    "put away before", Files.readString(inbox.resolve("archive").resolve(other)));
            Files.delete(inbox.resolve(other));
        }
        empty(inbox.resolve("archive"));
        empty(inbox.resolve("rejected"));
    }

    @Test
    void aFolderMayHaveSuchSignsInItsNameToo() throws IOException, MalformedFileException {
        Path folder = Files.createDirectories(server.root().resolve("odd*\\folder?"));
        Files.createDirectories(server.root().resolve("oddXfolderX"));
        Files.writeString(folder.resolve("a.csv"), "abc");
        try (SftpConnection sftp = connect(Map.of())) {
            sftp.archive(sftp.find("/odd*\\folder?", "a.csv").orElseThrow());
            sftp.publish("/odd*\\folder?", "b.csv", out -> out.write('b'));
        }
        assertEquals("abc", Files.readString(folder.resolve("archive/a.csv")));
        assertEquals("b", Files.readString(folder.resolve("b.csv")));
    }

    @Test
    void aNameThatNoLogAndNoPathCanHoldIsLeftOutAndToldOnce() throws IOException {
        Path inbox = server.inbox();
        List<String> names = List.of("two\nlines.csv", "bell\u0007.csv", "next\u0085.csv", "line\u2028.csv");
        for (String name : names) {
            Files.writeString(inbox.resolve(name), "");
        }
        List<String> told = new CopyOnWriteArrayList<>();
        Logger log = Logger.getLogger(FileNames.class.getName());
        Handler listening = listening(told);
        log.addHandler(listening);
        try (SftpConnection sftp = connect(Map.of())) {
            assertEquals(List.of(), sftp.list(FOLDER));
            assertEquals(List.of(), sftp.list(FOLDER));
        } finally {
            log.removeHandler(listening);
        }
        assertEquals(names.size(), told.size(), told::toString);
        assertTrue(told.stream().anyMatch(line -> line.contains("name=\"two\\u{a}lines.csv\"")), told::toString);
        for (String name : names) {
            Files.delete(inbox.resolve(name));
        }
        for (String name : List.of("", ".", "..", "../up.csv", "a/b.csv", "not utf-8 \ufffd.csv", "nul\u0000")) {
            assertFalse(FileNames.usable(FOLDER, name), name);
        }
    }

    @Test
    void aPipeIsNoFile() throws Exception {
        Path pipe = server.inbox().resolve("pipe.csv");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        try (SftpConnection sftp = connect(Map.of())) {
            assertEquals(List.of(), sftp.list(FOLDER));
        }
        Files.delete(pipe);
    }

    @Test
    void nothingIsPutAwayThroughALinkNorOverOne() throws IOException {
        Path folder = Files.createDirectories(server.root().resolve("linked"));
        Path elsewhere = Files.createDirectories(server.root().resolve("elsewhere"));
        Path file = Files.writeString(folder.resolve("a.csv"), "abc");
        Files.createSymbolicLink(folder.resolve("archive"), elsewhere);
        Files.createSymbolicLink(folder.resolve("rejected"), elsewhere);
        try (SftpConnection sftp = connect(Map.of())) {
            RemoteFile listed = sftp.find("/linked", "a.csv").orElseThrow();
            IOException refused = assertThrows(IOException.class, () -> sftp.archive(listed));
            assertTrue(message(refused).contains("/linked/archive is a symbolic link"), () -> message(refused));
            assertThrows(IOException.class, () -> sftp.reject(listed));
            assertThrows(IOException.class, () -> sftp.report("/linked", "a.rejects.csv", out -> out.write('r')));
            assertEquals("abc", Files.readString(file));
            assertEquals(0, count(elsewhere));

            Files.delete(folder.resolve("archive"));
            Files.createDirectories(folder.resolve("archive"));
            Path link = Files.createSymbolicLink(folder.resolve("archive/a.csv"), Path.of("gone"));
            sftp.archive(listed);
            assertTrue(Files.isSymbolicLink(link));
            assertEquals("abc", Files.readString(folder.resolve("archive/a.csv.2")));
        }
    }

    private static Handler listening(List<String> told) {
        return new Handler() {
            @Override
            public void publish(LogRecord line) {
                told.add(line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }

    private static void empty(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void aGrowingFileIsNotComplete() throws IOException {
        Path growing = Files.writeString(server.inbox().resolve("growing.csv"), "abc");
        try (SftpConnection sftp = connect(Map.of())) {
            RemoteFile seen = sftp.find(FOLDER, "growing.csv").orElseThrow();
            Files.writeString(growing, "abcdef");
            Completeness completeness = new Completeness(settings(Map.of("sftp.stable-interval", "PT0.01S")));
            IOException notYet = assertThrows(IncompleteException.class, () -> completeness.await(sftp, seen));
            assertTrue(message(notYet).contains("3 bytes before, 6 now"), () -> message(notYet));
        }
        Files.delete(growing);
    }

    @Test
    void aMarkerSaysThatAFileIsComplete() throws IOException {
        Path inbox = server.inbox();
        for (String name : List.of("hashed.csv", "hashed.csv.sha256", "done.csv", "done.csv.done", "bare.csv")) {
            Files.writeString(inbox.resolve(name), "");
        }
        try (SftpConnection sftp = connect(Map.of())) {
            // Without a marker a file would be looked at so often that the test would not end.
            Completeness completeness =
                    new Completeness(settings(Map.of("sftp.stable-interval", "PT1M", "sftp.stable-checks", "100")));
            for (String name : List.of("hashed.csv", "done.csv")) {
                RemoteFile file = sftp.find(FOLDER, name).orElseThrow();
                completeness.await(sftp, file);
                assertEquals(1, Completeness.markers(sftp, file).size());
            }
            assertEquals(
                    List.of(),
                    Completeness.markers(sftp, sftp.find(FOLDER, "bare.csv").orElseThrow()));
            assertEquals(
                    List.of("done.csv"),
                    completeness.complete(sftp, FOLDER, "done.csv"::equals).stream()
                            .map(RemoteFile::name)
                            .toList());
            for (RemoteFile file : sftp.list(FOLDER)) {
                Files.delete(inbox.resolve(file.name()));
            }
        }
    }

    private SftpConnection connect(Map<String, String> changed) throws IOException {
        return new Exchange(settings(changed)).connect();
    }

    private Settings settings(Map<String, String> changed) {
        Map<String, String> all = new HashMap<>(Map.of(
                "sftp.host", server.host(),
                "sftp.port", String.valueOf(server.port()),
                "sftp.user", server.user(),
                "sftp.password", server.password(),
                "sftp.known-hosts", server.knownHosts().toString()));
        all.putAll(changed);
        return new SettingsReader(name -> Optional.ofNullable(all.get(name.substring("evenstock.".length())))).read();
    }

    private static String message(Throwable failure) {
        return String.valueOf(failure.getMessage());
    }

    private static long count(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile).count();
        }
    }
}
