package io.evenstock.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Payara Micro, {@code -Devenstock.payara} its JAR, {@code -Devenstock.payara.commands} its set-up. */
final class PayaraMicro implements Launcher {
    @Override
    public String name() {
        return "Payara Micro";
    }

    @Override
    public Node start(Path home, Ports ports, Map<String, String> environment, List<Path> wars) throws IOException {
        // A kept root folder would deploy the old WAR again before the new one, hence one of its own for each start.
        Path root = Files.createTempDirectory(home, "payara-");
        Path temporary = Files.createDirectories(home.resolve("tmp"));
        Path log = home.resolve("server.log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(Launcher.javaHome(), "bin", "java").toString(),
                "-Xmx512m",
                "-Djava.io.tmpdir=" + temporary,
                "-jar",
                Launcher.part("evenstock.payara").toString(),
                "--nocluster",
                "--nohazelcast",
                "--disablephonehome",
                "--port",
                Integer.toString(ports.http()),
                "--contextroot",
                "/",
                "--rootdir",
                root.toString(),
                "--prebootcommandfile",
                Launcher.part("evenstock.payara.commands").toString()));
        wars.forEach(war -> command.addAll(List.of("--deploy", war.toString())));
        Process process =
                Launcher.builder(home, log, environment).command(command).start();
        return new Node(process, process.toHandle(), log);
    }

    @Override
    public boolean saysUp(String line) {
        return line.contains("Payara Micro") && line.contains(" ready in ");
    }
}
