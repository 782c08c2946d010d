package io.evenstock.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a server's process holds, seen from outside: heap still used after a full collection, threads, open files and
 * connections. Not counted are threads that wait idle in a pool, as servers keep as many as were busy at a time for a quarter
 * of an hour, and the connections of callers, as these keep them.
 */
record Footprint(long heapKib, long threads, long files) {
    private static final int LOCAL = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;
    private static final String LISTENING = "0A";
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
        return new Footprint(heap, threads(jcmd(pid, "Thread.print")), files(pid));
    }

    /** Each thread's lines end with an empty one. */
    private static long threads(String dump) {
        return Arrays.stream(dump.split("\n\n"))
                .filter(thread -> thread.stripLeading().startsWith("\""))
                .filter(thread -> !thread.contains(".getTask("))
                .count();
    }

    /** The least of each: what is busy at a moment is not kept. */
    static Footprint least(List<Footprint> all) {
        return all.stream()
                .reduce((one, other) -> new Footprint(
                        Math.min(one.heapKib, other.heapKib),
                        Math.min(one.threads, other.threads),
                        Math.min(one.files, other.files)))
                .orElseThrow();
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

    private static long files(String pid) throws IOException {
        Set<String> callers = callers(pid);
        try (Stream<Path> files = Files.list(Path.of("/proc", pid, "fd"))) {
            return files.map(Footprint::target)
                    .filter(target -> !callers.contains(target))
                    .count();
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException closed) {
            return "";
        }
    }

    /** Sockets at a port at which somebody listens, as the process has them among its files. */
    private static Set<String> callers(String pid) throws IOException {
        List<String[]> sockets = new ArrayList<>();
        for (String table : List.of("tcp", "tcp6")) {
            Files.readAllLines(Path.of("/proc", pid, "net", table)).stream()
                    .skip(1)
                    .map(line -> line.strip().split("\\s+"))
                    .forEach(sockets::add);
        }
        Set<String> open = sockets.stream()
                .filter(socket -> socket[STATE].equals(LISTENING))
                .map(Footprint::port)
                .collect(Collectors.toSet());
        return sockets.stream()
                .filter(socket -> !socket[STATE].equals(LISTENING) && open.contains(port(socket)))
                .map(socket -> "socket:[" + socket[INODE] + "]")
                .collect(Collectors.toSet());
    }

    private static String port(String[] socket) {
        return socket[LOCAL].substring(socket[LOCAL].lastIndexOf(':'));
    }

    @Override
    public String toString() {
        return "heap %,d KiB, %d threads, %d files".formatted(heapKib, threads, files);
    }
}
