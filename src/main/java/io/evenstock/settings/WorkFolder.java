package io.evenstock.settings;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The folder for what is worked on. Files in it are read more than once, so nobody else may put others in their place: it is made
 * for us alone, and one that somebody else has made before us is refused.
 */
final class WorkFolder {
    private static final Logger LOG = Logger.getLogger(WorkFolder.class.getName());

    /** Who may put anything in the place of anything. */
    private static final String ROOT = "root";

    private WorkFolder() {}

    /**
     * Makes the folder unless it is there. Where it cannot be made or looked at, the step that needs it says so in its time; sales
     * do not need it.
     *
     * @throws IllegalArgumentException if it is somebody else's, or anybody may write into it
     */
    static void claim(Path folder) {
        try {
            if (posix(folder)) {
                make(folder);
                requireOurs(folder);
            }
        } catch (IOException unusable) {
            LOG.log(Level.WARNING, "evenstock.work.dir cannot be used yet: " + folder, unusable);
        }
    }

    /** Other file systems have other ways to keep people out. */
    private static boolean posix(Path folder) {
        return folder.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static void make(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }

    private static void requireOurs(Path folder) throws IOException {
        String us = us(folder);
        for (Path each : new Path[] {folder.toAbsolutePath(), folder.toRealPath()}) {
            UserPrincipal owner = Files.getOwner(each, LinkOption.NOFOLLOW_LINKS);
            if (!owner.getName().equals(us) && !owner.getName().equals(ROOT)) {
                throw new IllegalArgumentException("Faulty settings: evenstock.work.dir is the folder of user " + owner
                        + ", but must be that of " + us + ": " + each);
            }
        }
        if (Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new IllegalArgumentException(
                    "Faulty settings: evenstock.work.dir must not be a folder into which anybody may write: " + folder);
        }
    }

    /** Whose files are that we make there: on a network's file system not always ours. */
    private static String us(Path folder) throws IOException {
        try {
            return owner(Files.createTempFile(folder, "owner-", ".part"));
        } catch (AccessDeniedException closed) {
            return owner(Files.createTempFile("owner-", ".part"));
        }
    }

    private static String owner(Path probe) throws IOException {
        try {
            return Files.getOwner(probe).getName();
        } finally {
            Files.delete(probe);
        }
    }
}
