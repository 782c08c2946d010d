package io.evenstock.system;

import io.evenstock.lab.Undertaker;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.Optional;

/** A disk of our own in memory, of a few megabytes, that can be filled to the last byte. */
record SmallDisk(Path folder, Undertaker undertaker) implements AutoCloseable {
    private static final String BALLAST = "ballast";

    /**
     * Mounts one over a folder, which is made if it is missing and keeps its owner.
     *
     * @return empty: that is not for us
     */
    static Optional<SmallDisk> mount(Path folder, int mebibytes, Undertaker undertaker) throws IOException {
        UserPrincipal owner = Files.getOwner(Files.createDirectories(folder));
        undertaker.unmounts(folder);
        if (!"root".equals(System.getProperty("user.name"))
                || !succeeds(
                        "mount", "-t", "tmpfs", "-o", "mode=755,size=" + mebibytes + "m", "tmpfs", folder.toString())) {
            undertaker.forgetsMount(folder);
            return Optional.empty();
        }
        Files.setOwner(folder, owner);
        return Optional.of(new SmallDisk(folder, undertaker));
    }

    void fill() throws IOException {
        try (OutputStream out = Files.newOutputStream(folder.resolve(BALLAST))) {
            byte[] page = new byte[4096];
            while (true) {
                out.write(page);
            }
        } catch (IOException full) {
            if (Files.getFileStore(folder).getUsableSpace() > 0) {
                throw full;
            }
        }
    }

    void free() throws IOException {
        Files.delete(folder.resolve(BALLAST));
    }

    private static boolean succeeds(String... command) throws IOException {
        try {
            return new ProcessBuilder(List.of(command))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (InterruptedException stopped) {
            throw new IOException(stopped);
        }
    }

    @Override
    public void close() throws IOException {
        if (!succeeds("umount", "-l", folder.toString())) {
            throw new IOException("could not unmount " + folder);
        }
        undertaker.forgetsMount(folder);
    }
}
