package io.evenstock.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** A file of the feed at which a node stands still; ten of a product, one of them sold since. */
record StuckFeed(OwnSite site, Shop shop, String file, StopPoint point) {
    private static final String STORE = "101";
    private static final Duration LONGEST = Duration.ofSeconds(90);

    /** Uploads it, and has a node that looks by itself only every hour take it up to a point. */
    static StuckFeed stop(OwnSite site, StoppingNode node, StopPoint point) throws IOException {
        Shop shop = site.newShop(node.api());
        shop.knowFacilities(STORE);
        shop.knowProducts(1);
        shop.move(STORE, 1, -1, "sale-" + shop.subsidiary(), shop.at("10:30"));
        Path file = shop.feed().resolve(shop.feedFileName(shop.at("10:00")));
        String content = Shop.HEADER + "\r\n" + shop.row(STORE, 1, "10") + "\r\n";
        StuckFeed stuck = new StuckFeed(site, shop, file.getFileName().toString(), point);
        node.stopAt(
                stuck.file, point, () -> Shop.put(file, content.getBytes(StandardCharsets.UTF_8)), () -> wake(site));
        return stuck;
    }

    /** Has the node look at once. */
    static void wake(OwnSite site) {
        try (Connection connection = site.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("update feed_lease set polled_at = '-infinity'");
        } catch (SQLException away) {
            throw new IllegalStateException(away);
        }
    }

    /** In the end it is in force once, and put away. */
    void awaitTaken(String after) throws IOException {
        long since = System.nanoTime();
        Path archived = shop.feed().resolve("archive").resolve(file);
        await(after + " " + point)
                .atMost(LONGEST)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .until(() -> {
                    wake(site);
                    return Files.exists(archived);
                });
        Proof.say("%s %s: taken after %.1f s more".formatted(after, point, (System.nanoTime() - since) / 1e9));
        shop.expect(STORE, 1, 9, 0, 9);
        assertEquals(1, inForce(), after);
    }

    private int inForce() throws IOException {
        try (Connection connection = site.database().connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select count(*) from snapshot_run where state = 'APPLIED' and source_name = '" + file + "'")) {
            row.next();
            return row.getInt(1);
        } catch (SQLException away) {
            throw new IOException(away);
        }
    }

    /** The same, asked of another node. */
    StuckFeed at(StoppingNode node) {
        return new StuckFeed(site, shop.at(node.api()), file, point);
    }
}
