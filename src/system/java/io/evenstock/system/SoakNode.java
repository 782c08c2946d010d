package io.evenstock.system;

import io.evenstock.lab.ApiClient;
import io.evenstock.lab.EvenstockServer;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node that is killed and started again, and looked at from outside for what it does not give back. */
final class SoakNode implements AutoCloseable {
    private final Evenstock.Running evenstock;
    private final OwnSite site;
    private final String name;
    private final Map<String, String> changed;
    private EvenstockServer server;
    private volatile @Nullable ApiClient api;

    private SoakNode(Evenstock.Running evenstock, OwnSite site, String name, Map<String, String> changed)
            throws IOException {
        this.evenstock = evenstock;
        this.site = site;
        this.name = name;
        this.changed = changed;
        this.server = site.launch(name, changed);
    }

    static SoakNode launch(Evenstock.Running evenstock, OwnSite site, String name, Map<String, String> changed)
            throws IOException {
        return new SoakNode(evenstock, site, name, changed);
    }

    SoakNode awaitReady() throws IOException {
        api = evenstock.apiOf(server.awaitReady(EvenstockServer.BOOT_LIMIT));
        return this;
    }

    /** Null while it is down or boots. */
    @Nullable
    ApiClient api() {
        return api;
    }

    String name() {
        return name;
    }

    /** As by {@code kill -9}, and a new one in its place. */
    void killAndStartAgain() throws IOException {
        api = null;
        server.kill();
        server = site.launch(name, changed);
        awaitReady();
    }

    Footprint footprint() throws IOException {
        return Footprint.of(server.process());
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
