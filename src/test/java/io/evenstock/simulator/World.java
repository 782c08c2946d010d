package io.evenstock.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is true: what lies on the shelves, and the journal Retail Pro makes its files from. "A store sale, a receipt
 * or a transfer is in Retail Pro's figure the moment it is booked; a shipment is in it only from its acknowledgement
 * on" (domain.md, The stock rules).
 */
final class World {

    /** A change of a pair's stock, in units. */
    record Posting(Pair pair, int quantity) {}

    /** A line of Retail Pro's journal; a claim is one that only a message speaks of and that moves nothing. */
    static final class Entry {
        private final Instant at;
        private final List<Posting> postings;
        private int position = -1;

        private Entry(Instant at, List<Posting> postings) {
            this.at = at;
            this.postings = postings;
        }

        List<Posting> postings() {
            return postings;
        }
    }

    /** The journal as it was when a file was made of it: its first lines, and no other. */
    record Photo(Instant asOf, int length) {
        /** Whether the file made from this photo holds what the entry booked. */
        boolean holds(Entry entry) {
            return entry.position < length;
        }
    }

    private final List<Entry> journal = new ArrayList<>();
    private final List<Entry> untold = new ArrayList<>();
    private final Map<Pair, Long> shelves = new TreeMap<>();
    private boolean closed;

    /** Units come to, or leave, the shelf. */
    void happen(Posting posting) {
        shelves.merge(posting.pair(), (long) posting.quantity(), Long::sum);
    }

    /** Retail Pro books at that moment. */
    Entry book(Instant at, Posting... postings) {
        Entry entry = new Entry(at, List.copyOf(Arrays.asList(postings)));
        if (closed) {
            throw new IllegalStateException("photos have been taken of this journal");
        }
        journal.add(entry);
        return entry;
    }

    /** A message says that something was booked (or shipped) at that moment; nothing moves. */
    Entry claim(Instant at) {
        return book(at);
    }

    /** Booked and moved at once, and the OMS is never told: a receipt, a transfer, the opening stock. */
    void keepQuiet(Instant at, Posting posting) {
        happen(posting);
        untold.add(book(at, posting));
    }

    /** Nothing is booked any more; photos may be taken. */
    void close() {
        journal.sort(Comparator.comparing(entry -> entry.at));
        for (int position = 0; position < journal.size(); position++) {
            journal.get(position).position = position;
        }
        closed = true;
    }

    /**
     * The photo of a moment holds what was booked at that very moment, too: R1 counts beside the file what was
     * "booked after T0", R2 takes "acknowledgedAt empty or &gt; T0" as unacknowledged, R14 lets M be
     * "−q until T0 ≥ transferSlipAt".
     */
    Photo photo(Instant asOf) {
        if (!closed) {
            throw new IllegalStateException("the journal is still being written");
        }
        int length = 0;
        while (length < journal.size() && !journal.get(length).at.isAfter(asOf)) {
            length++;
        }
        return new Photo(asOf, length);
    }

    /** Retail Pro's figure of a pair in that photo, in units. */
    long held(@Nullable Photo photo, Pair pair) {
        return photo == null ? 0 : sum(journal.subList(0, photo.length()), pair);
    }

    /** What lies on the shelf when all has happened, in units. */
    long shelf(Pair pair) {
        return shelves.getOrDefault(pair, 0L);
    }

    /** What nobody could tell the OMS: booked without a message, and not in that photo either, in units. */
    long unknowable(@Nullable Photo photo, Pair pair) {
        return sum(
                untold.stream()
                        .filter(entry -> photo == null || !photo.holds(entry))
                        .toList(),
                pair);
    }

    private static long sum(List<Entry> entries, Pair pair) {
        long sum = 0;
        for (Entry entry : entries) {
            for (Posting posting : entry.postings) {
                sum += posting.pair().equals(pair) ? posting.quantity() : 0;
            }
        }
        return sum;
    }
}
