package io.evenstock.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** How one node of a server product is started with the built WAR, as an operator would do it. */
interface Launcher {
    /** The product, for people. */
    String name();

    /**
     * Starts a node.
     *
     * @param home an empty folder for whatever this node keeps
     * @param environment all {@code EVENSTOCK_…} variables it gets
     * @param wars what it deploys: Evenstock, or nothing
     */
    Node start(Path home, Ports ports, Map<String, String> environment, List<Path> wars) throws IOException;

    /** Whether the line says that the server is up and has tried all deployments, successful or not. */
    boolean saysUp(String line);

    /**
     * Where a node listens, on loopback.
     *
     * @param admin where it is managed, if it can be
     */
    record Ports(int http, int admin) {}

    /**
     * A node that was started.
     *
     * @param process ends when the server has ended
     * @param server the server itself; the same, unless a script watches over it
     * @param log what it says
     */
    record Node(Process process, ProcessHandle server, Path log) {}

    /** The product of that name: payara-micro, payara-server or wildfly. */
    static Launcher of(String name) {
        return switch (name) {
            case "payara-micro" -> new PayaraMicro();
            case "payara-server" -> new PayaraServer();
            case "wildfly" -> new WildFly();
            default -> throw new IllegalArgumentException("There is no server " + name);
        };
    }

    /** A process that inherits no {@code EVENSTOCK_…} variable of ours, and writes both outputs to the log. */
    static ProcessBuilder builder(Path home, Path log, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder();
        builder.directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(variable -> variable.startsWith("EVENSTOCK_"));
        builder.environment().put("JAVA_HOME", javaHome());
        builder.environment().putAll(environment);
        return builder;
    }

    /** The JVM of the servers: that of {@code -Devenstock.java.home}, else ours. */
    static String javaHome() {
        return System.getProperty("evenstock.java.home", System.getProperty("java.home"));
    }

    /** The file or folder that a system property names. */
    static Path part(String property) throws IOException {
        String path = System.getProperty(property);
        if (path == null || !Files.isReadable(Path.of(path))) {
            throw new IOException("-D%s does not name a file: %s".formatted(property, path));
        }
        return Path.of(path).toAbsolutePath();
    }
}
