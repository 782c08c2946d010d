package io.evenstock.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkFolderTest {
    @TempDir
    Path home;

    @Test
    void itIsMadeForUsAloneAndLeftEmpty() throws IOException {
        Path folder = home.resolve("a/work");
        WorkFolder.claim(folder);
        WorkFolder.claim(folder);
        assertEquals("rwx------", permissions(folder));
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void oneOfOursStaysAsItIs() throws IOException {
        Path folder = made("rwxr-x---");
        WorkFolder.claim(folder);
        WorkFolder.claim(Files.createSymbolicLink(home.resolve("link"), folder));
        assertEquals("rwxr-x---", permissions(folder));
    }

    @Test
    void oneIntoWhichAnybodyMayWriteIsRefused() throws IOException {
        Path folder = made("rwxrwxrwx");
        assertFaulty(folder, "anybody");
        assertFaulty(Files.createSymbolicLink(home.resolve("link"), folder), "anybody");
    }

    /** Only root can give a folder away. */
    @Test
    void oneThatSomebodyElseHasMadeIsRefused() throws IOException {
        assumeTrue(Files.getOwner(home).getName().equals("root"), "is run as root");
        UserPrincipal nobody =
                home.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
        Path folder = made("rwxr-x---");
        Path link = Files.createSymbolicLink(home.resolve("link"), Files.createDirectory(home.resolve("ours")));
        Files.setOwner(folder, nobody);
        Files.setAttribute(link, "posix:owner", nobody, LinkOption.NOFOLLOW_LINKS);
        assertFaulty(folder, "nobody");
        assertFaulty(link, "nobody");
    }

    @Test
    void oneThatCannotBeMadeHoldsUpNobody() throws IOException {
        Path folder = Files.writeString(home.resolve("file"), "").resolve("work");
        WorkFolder.claim(folder);
        assertFalse(Files.exists(folder));
    }

    private Path made(String permissions) throws IOException {
        Path folder = Files.createDirectory(home.resolve("work"));
        return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
    }

    private static String permissions(Path folder) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder));
    }

    private static void assertFaulty(Path folder, String why) {
        String message = assertThrows(IllegalArgumentException.class, () -> WorkFolder.claim(folder))
                .getMessage();
        assertTrue(String.valueOf(message).startsWith("Faulty settings: evenstock.work.dir "), message);
        assertTrue(String.valueOf(message).contains(why), message);
    }
}
