package io.evenstock.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * WildFly, {@code -Devenstock.wildfly} its folder, set up by {@code server-config/wildfly/configure.sh}. Each node has a copy
 * of the folder {@code standalone}; the WAR is deployed by being there.
 */
final class WildFly implements Launcher {
    private static final int PID_LOOKS = 300;

    @Override
    public String name() {
        return "WildFly";
    }

    @Override
    public Node start(Path home, Ports ports, Map<String, String> environment, List<Path> wars) throws IOException {
        Path server = Launcher.part("evenstock.wildfly");
        Path base = home.resolve("standalone");
        Folders.copy(server.resolve("standalone"), base);
        for (Path war : wars) {
            Folders.copy(war, base.resolve("deployments").resolve(war.getFileName()));
        }
        Path log = home.resolve("server.log");
        Path pidFile = home.resolve("server.pid");
        ProcessBuilder builder = Launcher.builder(home, log, environment);
        builder.environment().put("LAUNCH_JBOSS_IN_BACKGROUND", "true");
        builder.environment().put("JBOSS_PIDFILE", pidFile.toString());
        builder.environment().put("EVENSTOCK_HTTP_PORT", Integer.toString(ports.http()));
        Process script = builder.command(
                        server.resolve("bin/standalone.sh").toString(),
                        "-Djboss.server.base.dir=" + base,
                        "-Djboss.bind.address=127.0.0.1",
                        "-Djboss.https.port=" + EvenstockServer.freePort(),
                        "-Djboss.management.http.port=" + ports.admin())
                .start();
        return new Node(script, serverOf(script, pidFile), log);
    }

    /** The script tells the server's process id, and passes SIGTERM on to it. */
    private static ProcessHandle serverOf(Process script, Path pidFile) throws IOException {
        for (int look = 0; look < PID_LOOKS && script.isAlive(); look++) {
            String pid = Files.exists(pidFile) ? Files.readString(pidFile).strip() : "";
            if (!pid.isEmpty()) {
                return ProcessHandle.of(Long.parseLong(pid)).orElse(script.toHandle());
            }
            EvenstockServer.pause(script);
        }
        return script.toHandle();
    }

    @Override
    public boolean saysUp(String line) {
        return line.contains("WFLYSRV0025") || line.contains("WFLYSRV0026");
    }
}
