package io.evenstock.inventory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenstock.downstream.PublishedDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A facility's pages have each pair that has a fact, whether it was published yet or not, and no other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FacilityPageTest {
    private PublishedDatabase.Server server;

    @BeforeAll
    void start() throws IOException {
        server = new PublishedDatabase.Server();
    }

    @AfterAll
    void stop() throws IOException {
        server.close();
    }

    @Test
    @SuppressWarnings("UnnecessaryAssignment") // no container is here to inject
    void eachPairWithAFactStandsOnAPageAtOnce() throws SQLException {
        PublishedDatabase database = server.fresh(2, 40);
        Figures figures = new Figures();
        figures.sql = database.sql();
        try (Connection connection = database.connect()) {
            database.move(connection, 1, 3, -1);
            database.ship(connection, 1, 7, 2);
            database.move(connection, 2, 5, -1);
            assertEquals(List.of("P000003 -1", "P000007 -2"), pages(figures));

            database.publishAll();
            assertEquals(List.of("P000003 -1", "P000007 -2"), pages(figures));

            long run = database.load(connection, 20, 9);
            database.state(connection, run, "APPLIED");
            List<String> all = pages(figures);
            assertEquals(4, all.size(), all::toString);
            database.publishAll();
            assertEquals(all, pages(figures));

            database.move(connection, 1, 2, 4);
            assertEquals("P000002 4", pages(figures).get(1));
        }
    }

    private static List<String> pages(Figures figures) {
        List<String> all = new ArrayList<>();
        @Nullable String after = null;
        List<Figure> page;
        do {
            page = figures.ofFacility(1, after, 1);
            for (Figure figure : page) {
                all.add(figure.productId() + " " + figure.quantityOnHand());
                after = figure.productId();
            }
        } while (!page.isEmpty());
        return all;
    }
}
