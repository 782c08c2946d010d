package io.evenstock.system;

import static org.awaitility.Awaitility.await;

import io.evenstock.lab.EvenstockServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The timer that gives up old nights' lines does so on a server, too: beside its readers, outside any transaction. */
@ExtendWith(Evenstock.class)
@Execution(ExecutionMode.CONCURRENT)
class RetentionIT {
    private static final String STORE = "101";

    @Test
    void linesOfNightsThatCannotBeUndoneAreGivenUpAndNoFigureChanges(Evenstock.Running evenstock) throws Exception {
        try (OwnSite site = OwnSite.open(evenstock, "retention");
                EvenstockServer node = site.launch("retention", Map.of("EVENSTOCK_UNDO_DEPTH", "1"))
                        .awaitReady(EvenstockServer.BOOT_LIMIT)) {
            List<Shop> nights = new ArrayList<>();
            for (int night = 0; night < 3; night++) {
                Shop shop = Nights.prepared(site.newShop(evenstock.apiOf(node)), "filter");
                shop.run("filter");
                Nights.finish(shop, "filter");
                nights.add(shop);
                // A part takes small runs for a day.
                change(site, "update snapshot_part set opened_at = opened_at - interval '1 day'");
            }
            await().atMost(Duration.ofMinutes(2)).until(() -> parts(site) == 2);
            for (Shop shop : nights) {
                shop.expect(STORE, 1, 7, 0, 7);
                shop.expect(STORE, 5, 50, 0, 50);
            }
        }
    }

    private static void change(OwnSite site, String statement) throws SQLException {
        try (Connection connection = site.database().connect();
                Statement one = connection.createStatement()) {
            one.executeUpdate(statement);
        }
    }

    private static int parts(OwnSite site) throws SQLException {
        try (Connection connection = site.database().connect();
                Statement one = connection.createStatement();
                ResultSet row = one.executeQuery("select count(*) from snapshot_part")) {
            row.next();
            return row.getInt(1);
        }
    }
}
