package io.evenstock.fulfilment;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.evenstock.catalog.CatalogChanged;
import io.evenstock.catalog.Catalogs;
import io.evenstock.catalog.Identification;
import io.evenstock.database.OneConnection;
import io.evenstock.database.Schema;
import io.evenstock.database.Sql;
import io.evenstock.lab.EmbeddedDatabase;
import io.evenstock.lab.Undertaker;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Persistence;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What a shipment item names becomes known at the very moment at which the item is corrected: the correction counts, and
 * nothing of what it corrects. The item's row is held until both transactions wait for it, or one for the other.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FulfilmentTest {
    private static final Instant TIME = Instant.parse("2026-03-01T05:10:00Z");

    private final ExecutorService nodes = Executors.newCachedThreadPool();
    private Undertaker undertaker;
    private EmbeddedDatabase server;
    private int databases;
    private String url;
    private EntityManagerFactory factory;
    private Sql sql;

    @BeforeAll
    void start() throws IOException {
        undertaker = Undertaker.hire();
        server = EmbeddedDatabase.start(undertaker.newFolder("evenstock-fulfilment-"), undertaker);
    }

    @AfterAll
    void stop() throws IOException {
        nodes.shutdownNow();
        undertaker.close();
    }

    @BeforeEach
    void open() throws SQLException {
        url = server.newDatabase("fulfilment_" + ++databases);
        Schema.migrate(url, server.user(), server.password());
        sql = OneConnection.to(url, server.user(), server.password());
        factory = Persistence.createEntityManagerFactory(
                "evenstock",
                Map.of(
                        "jakarta.persistence.transactionType",
                        "RESOURCE_LOCAL",
                        "jakarta.persistence.jtaDataSource",
                        "",
                        "jakarta.persistence.jdbc.url",
                        url,
                        "jakarta.persistence.jdbc.user",
                        server.user(),
                        "jakarta.persistence.jdbc.password",
                        server.password(),
                        "eclipselink.target-server",
                        "None"));
        sql.update("insert into facility (facility_id, name) values ('store', ''), ('other', '')");
        know(sql, "one");
    }

    @AfterEach
    void close() {
        factory.close();
    }

    @Test
    void invoicedAtAnotherFacilityWhileTheFormerOneBecomesKnown() throws Exception {
        transaction(ship(0, "one"));
        transaction(invoice(0, "unknown"));
        atOnce(invoice(1, "other"), this::learnTheFacility);
        assertEquals("one at store, invoiced other: other", item());
    }

    @Test
    void invoicedWhereItShippedWhileTheFormerFacilityBecomesKnown() throws Exception {
        transaction(ship(0, "one"));
        transaction(invoice(0, "unknown"));
        atOnce(this::learnTheFacility, invoice(1, "store"));
        assertEquals("one at store, invoiced -: -", item());
    }

    @Test
    void anotherProductWhileTheFormerOneBecomesKnown() throws Exception {
        transaction(ship(0, "two"));
        atOnce(ship(1, "one"), (fulfilment, here) -> {
            know(here, "two");
            fulfilment.release(new CatalogChanged());
        });
        assertEquals("one at store, invoiced -: -", item());
    }

    @Test
    void moreShipmentsThanTheServerHasLocksAreReleasedAtOnce() throws Exception {
        sql.update("""
                insert into shipment (shipment_id, facility_id, shipped_at) select 's' || n, 'unknown', now()
                from generate_series(1, 60000) n
                """);
        sql.update("""
                insert into shipment_item (shipment_id, item_seq_id, id_type, id_value, shipped_at, quantity, revision)
                select shipment_id, '1', 'SKU', 'one', shipped_at, 1, 0 from shipment
                """);
        transaction(this::learnTheFacility);
        long left = sql.one(
                "select count(*) from shipment_item where facility_key is null or product_key is null",
                row -> row.getLong(1));
        assertEquals(0, left);
    }

    /** What happens in a transaction. */
    private interface Deed {
        void in(Fulfilment fulfilment, Sql here);
    }

    private static Deed ship(int revision, String product) {
        return (fulfilment, here) -> fulfilment.ship(List.of(new ShippedItem(
                "s", "1", "store", TIME, new Identification("SKU", product), 2, revision, "/0/items/0")));
    }

    private static Deed invoice(int revision, String facility) {
        return (fulfilment, here) -> fulfilment.acknowledge(
                List.of(new Acknowledgement("s", "1", TIME.plusSeconds(60), null, facility, null, revision, "/0")));
    }

    private void learnTheFacility(Fulfilment fulfilment, Sql here) {
        here.update("insert into facility (facility_id, name) values ('unknown', '')");
        fulfilment.release(new CatalogChanged());
    }

    private static void know(Sql here, String product) {
        here.update("insert into product (product_id, name, active) values (?, '', true)", product);
        here.update("""
                insert into identification (id_type, id_value, product_key)
                select 'SKU', product_id, product_key from product where product_id = ?
                """, product);
    }

    /** What the row says by ids, and by the keys that the equation reads. */
    private String item() {
        return sql.one("""
                select concat(p.product_id, ' at ', f.facility_id, ', invoiced ', coalesce(i.invoiced_facility_id, '-'), ': ',
                              coalesce(l.facility_id, '-'))
                from shipment_item i
                left join product p using (product_key)
                left join facility f on f.facility_key = i.facility_key
                left join facility l on l.facility_key = i.invoiced_facility_key
                """, row -> row.getString(1));
    }

    /** The item is held; then the first transaction begins, the second one as soon as the first waits. */
    private void atOnce(Deed first, Deed second) throws Exception {
        List<Future<?>> begun = new ArrayList<>();
        try (Connection holder = DriverManager.getConnection(url, server.user(), server.password());
                Statement hold = holder.createStatement()) {
            holder.setAutoCommit(false);
            hold.execute("select from shipment_item for update");
            for (Deed deed : List.of(first, second)) {
                begun.add(nodes.submit(() -> transaction(deed)));
                await().atMost(Duration.ofSeconds(30)).until(() -> waiting() == begun.size());
            }
            holder.rollback();
        }
        for (Future<?> each : begun) {
            each.get();
        }
    }

    private long waiting() {
        return sql.one(
                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
                row -> row.getLong(1));
    }

    @SuppressWarnings("UnnecessaryAssignment") // no container is here to inject
    private void transaction(Deed deed) {
        try (EntityManager entities = factory.createEntityManager()) {
            entities.getTransaction().begin();
            Sql here = OneConnection.within(entities.unwrap(Connection.class));
            Fulfilment fulfilment = new Fulfilment();
            fulfilment.entities = entities;
            fulfilment.sql = here;
            fulfilment.catalog = Catalogs.of(here);
            fulfilment.facts = new FulfilmentFacts();
            fulfilment.facts.sql = here;
            deed.in(fulfilment, here);
            entities.getTransaction().commit();
        }
    }
}
