package io.evenstock.downstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.database.OneConnection;
import io.evenstock.database.Schema;
import io.evenstock.database.Sql;
import io.evenstock.lab.EmbeddedDatabase;
import io.evenstock.lab.Undertaker;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** The product's schema with some facilities and products, and what publishes and reads there, without a server. */
public final class PublishedDatabase {
    private final Server server;
    private final String url;
    private final AtomicInteger facts = new AtomicInteger();
    private final int facilities;
    private final int products;

    private PublishedDatabase(Server server, String url, int facilities, int products) {
        this.server = server;
        this.url = url;
        this.facilities = facilities;
        this.products = products;
    }

    private PublishedDatabase filled() throws SQLException {
        Schema.migrate(url, server.database.user(), server.database.password());
        Sql sql = sql();
        sql.update(
                "insert into facility (facility_id, name) select 'F' || n, 'F' from generate_series(1, ?) n",
                facilities);
        sql.update("""
                insert into product (product_id, name, active)
                select 'P' || lpad(n::text, 6, '0'), 'P', true from generate_series(1, ?) n
                """, products);
        return this;
    }

    /** Where tests have a database each. */
    public static final class Server implements AutoCloseable {
        private final Undertaker undertaker = Undertaker.hire();
        private final EmbeddedDatabase database;
        private final AtomicInteger databases = new AtomicInteger();

        public Server() throws IOException {
            database = EmbeddedDatabase.start(undertaker.newFolder("evenstock-downstream-"), undertaker);
        }

        public PublishedDatabase fresh(int facilities, int products) throws SQLException {
            String url = database.newDatabase("downstream_" + databases.incrementAndGet());
            return new PublishedDatabase(this, url, facilities, products).filled();
        }

        @Override
        public void close() throws IOException {
            undertaker.close();
        }
    }

    /** The same once more, as the server copies databases; who was connected here is so no more. */
    PublishedDatabase copied() throws SQLException {
        String name = "downstream_" + server.databases.incrementAndGet();
        try (Connection elsewhere = server.database.connect()) {
            String original = url.substring(url.lastIndexOf('/') + 1);
            execute(
                    elsewhere,
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + original + "'");
            execute(elsewhere, "create database " + name + " template " + original);
        }
        return new PublishedDatabase(server, url.replaceFirst("[^/]*$", name), facilities, products);
    }

    /** A connection of its own. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url, server.database.user(), server.database.password());
    }

    /** The product's SQL on a connection of its own, each statement a transaction. */
    public Sql sql() throws SQLException {
        return OneConnection.to(url, server.database.user(), server.database.password());
    }

    /** The product's SQL for several threads. */
    public Sql sharedSql() {
        return OneConnection.each(url, server.database.user(), server.database.password());
    }

    @SuppressWarnings("UnnecessaryAssignment") // no container is here to inject
    Publisher publisher() throws SQLException {
        Publisher publisher = new Publisher();
        publisher.sql = sql();
        return publisher;
    }

    @SuppressWarnings("UnnecessaryAssignment") // no container is here to inject
    Changes changes() throws SQLException {
        Changes changes = new Changes();
        changes.sql = sql();
        return changes;
    }

    int facilities() {
        return facilities;
    }

    int products() {
        return products;
    }

    /** Records a movement of a pair, by its keys, and its sum. */
    public void move(Connection connection, int facility, int product, int quantity) throws SQLException {
        int event = facts.incrementAndGet();
        execute(connection, """
                with recorded as (
                    insert into movement (facility_id, event_id, fingerprint, id_type, id_value, facility_key,
                                          product_key, quantity, reason, occurred_at, booked_at, first_status)
                    values ('F%1$d', 'e%4$d', gen_random_uuid(), 'SKU', 'S%2$d', %1$d, %2$d, %3$d, 'POS_SALE',
                            clock_timestamp(), clock_timestamp(), 'APPLIED')
                    returning *)
                insert into movement_sum as s (facility_key, product_key, hour, quantity)
                select facility_key, product_key, date_trunc('hour', booked_at, 'UTC'), quantity from recorded
                on conflict (facility_key, product_key, hour) do update set quantity = s.quantity + excluded.quantity
                """.formatted(facility, product, quantity, event));
    }

    /** Records a shipment of one item. @return its id */
    public String ship(Connection connection, int facility, int product, int quantity) throws SQLException {
        String id = "S" + facts.incrementAndGet();
        execute(connection, """
                insert into shipment values ('%1$s', 'F%2$d', %2$d, clock_timestamp())
                """.formatted(id, facility));
        execute(connection, """
                insert into shipment_item (shipment_id, item_seq_id, id_type, id_value, facility_key, product_key,
                                           shipped_at, quantity, revision)
                values ('%s', '1', 'SKU', 'S', %d, %d, clock_timestamp(), %d, 0)
                """.formatted(id, facility, product, quantity));
        return id;
    }

    /** Loads a run with a line of every n-th pair. @return its id */
    public long load(Connection connection, int every, int quantity) throws SQLException {
        int part = facts.incrementAndGet();
        execute(connection, "create table lines_%1$d partition of snapshot_line for values in (%1$d)".formatted(part));
        execute(connection, """
                insert into snapshot_part (part, shared, lines) overriding system value values (%d, false, 0)
                """.formatted(part));
        execute(connection, """
                insert into snapshot_run (kind, as_of, source_name, source_sha256, state, part, variance)
                values ('FEED', clock_timestamp(), 'f', 'sha%1$d', 'PREPARED', %1$d, null)
                """.formatted(part));
        execute(connection, """
                insert into snapshot_line (as_of, part, facility_key, product_key, run_id, quantity, line)
                select r.as_of, r.part, f.facility_key, p.product_key, r.run_id, %d, 1
                from snapshot_run r, facility f, product p
                where r.part = %d and (f.facility_key * 7919 + p.product_key) %% %d = 0
                """.formatted(quantity, part, every));
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("select run_id from snapshot_run where part = " + part)) {
            row.next();
            return row.getLong(1);
        }
    }

    public void state(Connection connection, long runId, String state) throws SQLException {
        execute(connection, "update snapshot_run set state = '%s' where run_id = %d".formatted(state, runId));
    }

    public static void execute(Connection connection, String statement) throws SQLException {
        try (var plain = connection.createStatement()) {
            plain.execute(statement);
        }
    }

    /** Publishes until no mark is left. */
    public void publishAll() throws SQLException {
        Publisher publisher = publisher();
        Optional<Publisher.Round> round;
        do {
            round = publisher.round(1_000, 1_000);
        } while (round.isEmpty() || round.get().more());
    }

    /** The figures of all pairs, as text by pair; without those that are 0, which a pair without facts is, too. */
    Map<String, String> figures() throws SQLException {
        Map<String, String> figures = new HashMap<>();
        sql().list(
                        """
                        select facility_id, product_id, base + moved + shipped as on_hand,
                               greatest(0, base + moved + shipped - withheld - safety_stock) as available
                        from figures((select array_agg(facility_key order by facility_key, product_key) from facility, product),
                                     (select array_agg(product_key order by facility_key, product_key) from facility, product)) g
                        join facility using (facility_key) join product using (product_key)
                        where base + moved + shipped <> 0
                        """,
                        row -> figures.put(
                                row.getString(1) + "/" + row.getString(2), row.getLong(3) + "/" + row.getLong(4)));
        return figures;
    }

    /** A consumer that keeps its cursor. */
    static final class Consumer {
        private final Changes changes;
        private final int limit;
        private final Map<String, Long> versions = new HashMap<>();
        private final Map<String, String> figures = new HashMap<>();
        private Cursor cursor = Cursor.START;

        Consumer(Changes changes, int limit) {
            this.changes = changes;
            this.limit = limit;
        }

        /** Reads a page. @return its items; of a pair, no version is told that is not beyond the last */
        List<Change> read() {
            Changes.Page page = changes.after(cursor, limit, null);
            for (Change change : page.items()) {
                String pair = change.facilityId() + "/" + change.productId();
                Long before = versions.put(pair, change.version());
                assertTrue(before == null || before < change.version(), pair + " went back from " + before);
                figures.put(pair, change.onHand() + "/" + change.available());
            }
            cursor = page.next();
            return page.items();
        }

        /** Reads to the end; then it must know every figure. */
        void assertKnows(Map<String, String> expected) {
            while (!read().isEmpty()) {
                // on to the next page
            }
            Map<String, String> known = new HashMap<>(figures);
            known.values().removeIf("0/0"::equals);
            assertEquals(expected, known);
        }
    }
}
