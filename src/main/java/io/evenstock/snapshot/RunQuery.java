package io.evenstock.snapshot;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which runs, in which order.
 *
 * @param state only these; null: all
 * @param kind NIGHTLY or FEED; null: both
 * @param text part of the file's name or a business date; empty: any
 * @param descending the last one first
 * @param first how many are skipped
 * @param limit how many are wanted
 */
public record RunQuery(
        SnapshotRun.@Nullable State state,
        @Nullable String kind,
        String text,
        Order order,
        boolean descending,
        int first,
        int limit) {

    /** By what runs may be sorted. */
    public enum Order {
        RUN("run_id"),
        AS_OF("as_of"),
        FILE("source_name"),
        STATE("state"),
        LINES("lines"),
        REJECTS("rejects");

        private final String column;

        Order(String column) {
            this.column = column;
        }

        /** In an address. */
        public String text() {
            return column;
        }

        /** The order of that name; empty: there is none. */
        public static Optional<Order> of(String text) {
            return Arrays.stream(values())
                    .filter(order -> order.column.equals(text))
                    .findFirst();
        }
    }
}
