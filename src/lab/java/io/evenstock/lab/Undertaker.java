package io.evenstock.lab;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Outlives this JVM by a moment, to end its child processes and to delete its folders.
 *
 * <p>A shutdown hook does not run after {@code kill -9} and is cut short by a second Ctrl-C. So a shell child holds the
 * reading end of a pipe: the end of file on it is the one sign of death that no process can fail to give. The child
 * stands in a session of its own where the system has {@code setsid}, so that a signal to our whole process group
 * passes it by.
 */
public final class Undertaker implements AutoCloseable {

    private static final int LONGEST_FUNERAL_SECONDS = 40;

    /** Reads one duty a line, {@code pid N}, {@code postmaster FOLDER}, {@code mount FOLDER} or {@code dir FOLDER}, or {@code forget DUTY}. */
    private static final String SCRIPT = """
            trap '' INT TERM HUP QUIT PIPE
            while IFS= read -r line; do
              case $line in
                'forget '*)
                  left=$#
                  while [ "$left" -gt 0 ]; do
                    [ "$1" = "${line#forget }" ] || set -- "$@" "$1"
                    shift
                    left=$((left - 1))
                  done ;;
                *) set -- "$@" "$line" ;;
              esac
            done
            alive() { kill -0 "$1" 2>/dev/null && ! grep -qs ') [ZX]' "/proc/$1/stat"; }
            end() {
              kill -s "$1" "$2" 2>/dev/null
              tenths=0
              while alive "$2" && [ "$tenths" -lt 80 ]; do sleep 0.1; tenths=$((tenths + 1)); done
              ! alive "$2" || kill -s KILL "$2"
            }
            postmaster() { head -n 1 "$1/postmaster.pid" 2>/dev/null; }
            for duty; do
              case $duty in
                'pid '*) kill -s KILL "${duty#pid }" 2>/dev/null ;;
              esac
            done
            for duty; do
              case $duty in
                'pid '*) end KILL "${duty#pid }" ;;
                'postmaster '*)
                  folder=${duty#postmaster }
                  if [ -d "$folder" ]; then
                    [ -n "$(postmaster "$folder")" ] || sleep 2
                    pid=$(postmaster "$folder")
                    [ -z "$pid" ] || end QUIT "$pid"
                  fi ;;
              esac
            done
            for duty; do
              case $duty in
                'mount '*) umount -l "${duty#mount }" 2>/dev/null ;;
              esac
            done
            for duty; do
              case $duty in
                'dir '*)
                  tries=0
                  while [ -e "${duty#dir }" ] && [ "$tries" -lt 20 ]; do
                    rm -rf -- "${duty#dir }" || sleep 0.2
                    tries=$((tries + 1))
                  done ;;
              esac
            done
            """;

    private final Process shell;
    private final BufferedWriter duties;

    private Undertaker(Process shell) {
        this.shell = shell;
        this.duties = new BufferedWriter(new OutputStreamWriter(shell.getOutputStream(), StandardCharsets.UTF_8));
    }

    /** Starts the shell child; hire it before anything that it is to end. */
    public static Undertaker hire() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command());
        // Not our output: whoever reads that waits for its end, and the child lives longer than we do.
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.directory(Path.of("/").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("EVENSTOCK_"));
        return new Undertaker(builder.start());
    }

    private static List<String> command() {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
            command.add("/usr/bin/setsid");
        }
        command.addAll(List.of("/bin/sh", "-c", SCRIPT, "evenstock-undertaker"));
        return command;
    }

    /** A fresh work folder below the system's temporary one; it is deleted at the end. */
    public Path newFolder(String prefix) throws IOException {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"), prefix + UUID.randomUUID())
                .toAbsolutePath();
        deletes(folder);
        return Files.createDirectories(folder);
    }

    /** A process to be killed at the end. */
    public void ends(ProcessHandle process) {
        write("pid " + process.pid());
    }

    /** A process that has ended by itself: its number may soon belong to a stranger. */
    public void forgets(ProcessHandle process) {
        write("forget pid " + process.pid());
    }

    /**
     * A PostgreSQL to be stopped at the end. Named by its data folder, not by its process id: it may be told before
     * the start, and the process that was started may be a mere wrapper of the postmaster.
     */
    public void endsPostmaster(Path dataFolder) {
        write("postmaster " + dataFolder.toAbsolutePath());
    }

    /** A PostgreSQL that has been stopped in good order. */
    public void forgetsPostmaster(Path dataFolder) {
        write("forget postmaster " + dataFolder.toAbsolutePath());
    }

    /** A disk of ours to be unmounted at the end. */
    public void unmounts(Path folder) {
        write("mount " + folder.toAbsolutePath());
    }

    /** One that has been unmounted. */
    public void forgetsMount(Path folder) {
        write("forget mount " + folder.toAbsolutePath());
    }

    /** A folder to be deleted at the end, once the processes are gone. It need not exist yet. */
    public void deletes(Path folder) {
        if (!folder.isAbsolute() || folder.normalize().getNameCount() < 2) {
            throw new IllegalArgumentException("not a folder of ours: " + folder);
        }
        write("dir " + folder);
    }

    private synchronized void write(String duty) {
        if (duty.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("a duty is one line: " + duty);
        }
        try {
            duties.write(duty + "\n");
            duties.flush();
        } catch (IOException gone) {
            throw new UncheckedIOException("the undertaker is gone", gone);
        }
    }

    /** Ends everything now and waits until it is gone. */
    @Override
    public void close() throws IOException {
        synchronized (this) {
            duties.close();
        }
        try {
            if (!shell.waitFor(LONGEST_FUNERAL_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("the undertaker is not done after " + LONGEST_FUNERAL_SECONDS + " s");
            }
        } catch (InterruptedException hurry) {
            // It goes on without us.
            Thread.currentThread().interrupt();
        }
    }
}
