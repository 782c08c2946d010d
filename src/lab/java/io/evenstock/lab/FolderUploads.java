package io.evenstock.lab;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Uploads by writing into the embedded server's folder. */
final class FolderUploads implements Uploads {

    private final Path folder;

    FolderUploads(Path folder) {
        this.folder = folder;
    }

    @Override
    public void upload(String name, Content content) throws IOException {
        Path part = folder.resolve(name + ".part");
        try (OutputStream out = Files.newOutputStream(part)) {
            content.writeTo(out);
        }
        Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }
}
