package io.evenstock.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Payara Server, {@code -Devenstock.payara-server} its folder, set up by {@code server-config/payara/configure.sh}. Each node has a
 * copy of the domain, with ports of its own; the WAR is deployed by being there.
 */
final class PayaraServer implements Launcher {
    private static final String DOMAIN = "domain1";
    private static final String COMMAND_FOLLOWS = "JVM invocation command line:";
    private static final Pattern PORT = Pattern.compile(
            "(?<where>port=\"|(?i:port)\"(?: description=\"[^\"]*\")? value=\")(?<port>[0-9]{4,5})(?=\")");

    @Override
    public String name() {
        return "Payara Server";
    }

    @Override
    public Node start(Path home, Ports ports, Map<String, String> environment, List<Path> wars) throws IOException {
        Path server = Launcher.part("evenstock.payara-server");
        Path domain = home.resolve(DOMAIN);
        Folders.copy(server.resolve("glassfish/domains/" + DOMAIN), domain);
        givePorts(domain.resolve("config/domain.xml"), ports);
        for (Path war : wars) {
            Folders.copy(war, domain.resolve("autodeploy").resolve(war.getFileName()));
        }
        Path log = home.resolve("server.log");
        ProcessBuilder builder = Launcher.builder(home, log, environment);
        Process process =
                builder.command(command(server, home, builder.environment())).start();
        return new Node(process, process.toHandle(), log);
    }

    /** What {@code start-domain} would start, so that the child is the server itself. */
    private static List<String> command(Path server, Path home, Map<String, String> environment) throws IOException {
        ProcessBuilder asadmin = new ProcessBuilder(
                server.resolve("bin/asadmin").toString(),
                "start-domain",
                "--verbose",
                "--dry-run",
                "--domaindir",
                home.toString(),
                DOMAIN);
        asadmin.environment().putAll(environment);
        Process dryRun = asadmin.redirectErrorStream(true).start();
        List<String> said = new ArrayList<>();
        try (BufferedReader output = dryRun.inputReader(StandardCharsets.UTF_8)) {
            output.lines().forEach(said::add);
        }
        List<String> command = said.stream()
                .dropWhile(line -> !line.endsWith(COMMAND_FOLLOWS))
                .skip(1)
                .takeWhile(line -> !line.isEmpty())
                .toList();
        if (command.isEmpty()) {
            throw new IOException("start-domain --dry-run: " + String.join("\n", said));
        }
        return command;
    }

    private static void givePorts(Path configuration, Ports ports) throws IOException {
        Matcher fixed = PORT.matcher(Files.readString(configuration));
        StringBuilder own = new StringBuilder();
        while (fixed.find()) {
            int port = switch (fixed.group("port")) {
                case "8080" -> ports.http();
                case "4848" -> ports.admin();
                default -> EvenstockServer.freePort();
            };
            fixed.appendReplacement(own, "${where}" + port);
        }
        Files.writeString(configuration, fixed.appendTail(own).toString());
    }

    @Override
    public boolean saysUp(String line) {
        return line.contains("_deployFailed") || line.contains("Autodeploy failed");
    }
}
