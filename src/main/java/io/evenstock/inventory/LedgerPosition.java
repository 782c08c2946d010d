package io.evenstock.inventory;

import io.evenstock.http.ProblemException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where a fact stands in the order of recording.
 *
 * @param id of the entry, the fulfilment message or the run
 */
public record LedgerPosition(Instant recordedAt, LedgerFact.Source source, long id)
        implements Comparable<LedgerPosition> {
    private static final Pattern CURSOR = Pattern.compile("(\\d{1,17})-(" + sources() + ")-(\\d{1,18})");
    private static final Comparator<LedgerPosition> ORDER = Comparator.comparing(LedgerPosition::recordedAt)
            .thenComparing(LedgerPosition::source)
            .thenComparingLong(LedgerPosition::id);

    /** Reads a cursor. @throws ProblemException 400 if it is none */
    static LedgerPosition of(String cursor) {
        Matcher parts = CURSOR.matcher(cursor);
        if (!parts.matches()) {
            throw ProblemException.invalid(null, "after is no cursor of a ledger: " + cursor);
        }
        return new LedgerPosition(
                Instant.EPOCH.plus(Long.parseLong(parts.group(1)), ChronoUnit.MICROS),
                LedgerFact.Source.valueOf(parts.group(2)),
                Long.parseLong(parts.group(3)));
    }

    String cursor() {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, recordedAt);
        return String.format(Locale.ROOT, "%d-%s-%d", micros, source, id);
    }

    private static String sources() {
        return Arrays.stream(LedgerFact.Source.values()).map(Enum::name).collect(Collectors.joining("|"));
    }

    @Override
    public int compareTo(LedgerPosition other) {
        return ORDER.compare(this, other);
    }
}
