package io.evenstock.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenstock.container.BuiltWar;
import io.evenstock.lab.Answer;
import io.evenstock.lab.ApiClient;
import io.evenstock.lab.EvenstockServer;
import io.evenstock.nightly.Stop;
import io.evenstock.nightly.Stops;
import io.evenstock.nightly.StopsExtension;
import jakarta.enterprise.inject.spi.Extension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;

/** A node that stops where the proof wants it: the built WAR, and nothing in it but the stops. */
final class StoppingNode implements AutoCloseable {
    private static final Pattern FIRST_CLAIM = Pattern.compile(" fence=1\\b");

    private static final String BEANS = """
            <beans xmlns="https://jakarta.ee/xml/ns/jakartaee" version="4.0" bean-discovery-mode="annotated"/>""";

    private final EvenstockServer node;
    private final ApiClient api;
    private final Path stops;
    private final List<Path> standing = new ArrayList<>();

    private StoppingNode(EvenstockServer node, ApiClient api, Path stops) {
        this.node = node;
        this.api = api;
        this.stops = stops;
    }

    static StoppingNode launch(Evenstock.Running evenstock, String product) throws IOException {
        return launch(evenstock, product, Map.of());
    }

    /** As the other, with some settings changed. */
    static StoppingNode launch(Evenstock.Running evenstock, String product, Map<String, String> changed)
            throws IOException {
        Path folder = evenstock.newFolder("stops");
        Path war = folder.resolve("evenstock.war");
        BuiltWar.with(Stop.class, Stops.class, Stops.Here.class, StopsExtension.class)
                .addAsServiceProvider(Extension.class, StopsExtension.class)
                // With an extension in it, and without this file, an archive has no beans.
                .addAsWebInfResource(new StringAsset(BEANS), "beans.xml")
                .as(ZipExporter.class)
                .exportTo(war.toFile());
        Map<String, String> settings = new HashMap<>(changed);
        settings.put("EVENSTOCK_PROOF_STOPS", folder.toString());
        EvenstockServer node = evenstock.launch(product, war, "stopping", settings);
        return new StoppingNode(node, evenstock.apiOf(node), folder);
    }

    StoppingNode awaitReady() throws IOException {
        node.awaitReady(EvenstockServer.BOOT_LIMIT);
        return this;
    }

    /** The node begins a night's step and stops at a point of it. */
    void stopAt(Shop shop, StopPoint point) throws IOException {
        Path stop = stop(shop.date() + " " + point);
        Answer answer = api.send("POST", "/api/cycles/" + shop.date() + "/" + point.step(), null);
        assertEquals(202, answer.status(), answer::toString);
        awaitReached(stop, () -> {});
    }

    /**
     * The node takes a file of the feed and stops at a point of that.
     *
     * @param wake has the node look, again and again: a look may fail, as those of every minute may
     */
    void stopAt(String file, StopPoint point, Runnable upload, Runnable wake) throws IOException {
        Path stop = stop(file + " " + point);
        upload.run();
        awaitReached(stop, wake);
    }

    private Path stop(String name) throws IOException {
        Path stop = Files.createFile(stops.resolve(name));
        standing.add(stop);
        return stop;
    }

    private static void awaitReached(Path stop, Runnable wake) {
        Path reached = stop.resolveSibling(stop.getFileName() + " reached");
        await(stop.toString()).atMost(Duration.ofMinutes(1)).until(() -> {
            wake.run();
            return Files.exists(reached);
        });
    }

    ApiClient api() {
        return api;
    }

    EvenstockServer server() {
        return node;
    }

    /** Lets all that stands at a point go on. */
    void release() throws IOException {
        for (Path stop : standing) {
            Files.delete(stop);
        }
        standing.clear();
    }

    void kill() throws IOException {
        node.kill();
    }

    void signal(String signal) throws Exception {
        String pid = Long.toString(node.process().pid());
        assertEquals(0, new ProcessBuilder("kill", "-" + signal, pid).start().waitFor());
    }

    /** Lets it go on, and waits until it has found out that it has lost its claims. */
    void goOn(List<Shop> shops) throws Exception {
        release();
        signal("CONT");
        for (Shop shop : shops) {
            await(shop.date().toString())
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> node.allLines().stream().anyMatch(line -> hasLost(line, shop)));
        }
    }

    private static boolean hasLost(String line, Shop shop) {
        // Where it stood in the midst of the file, it finds that gone, and would wait for it if it had the claim.
        return line.contains(" date=" + shop.date() + " ")
                && FIRST_CLAIM.matcher(line).find()
                && (line.contains("step-failed ") || line.contains("step-waits "));
    }

    @Override
    public void close() throws IOException {
        node.close();
    }
}
