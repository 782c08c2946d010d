package io.evenstock.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a server's process holds, seen from outside: heap still used after a full collection, threads, open files. */
record Footprint(long heapKib, long threads, long files) {
    private static final Pattern USED = Pattern.compile("\\bused (\\d+)K");

    static Footprint of(ProcessHandle server) throws IOException {
        String pid = Long.toString(server.pid());
        jcmd(pid, "GC.run");
        String said = jcmd(pid, "GC.heap_info");
        int metaspace = said.indexOf("Metaspace");
        // One line a generation.
        Matcher used = USED.matcher(metaspace < 0 ? said : said.substring(0, metaspace));
        long heap = 0;
        while (used.find()) {
            heap += Long.parseLong(used.group(1));
        }
        return new Footprint(heap, entries(pid, "task"), entries(pid, "fd"));
    }

    private static String jcmd(String pid, String command) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), pid, command)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException("jcmd " + command + ": " + said);
            }
        } catch (InterruptedException stopped) {
            throw new IOException(stopped);
        }
        return said;
    }

    private static long entries(String pid, String folder) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc", pid, folder))) {
            return entries.count();
        }
    }

    @Override
    public String toString() {
        return "heap %,d KiB, %d threads, %d files".formatted(heapKib, threads, files);
    }
}
