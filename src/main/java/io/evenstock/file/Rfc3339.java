package io.evenstock.file;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Times as text by RFC 3339, such as {@code 2026-11-22T00:55:00Z}. */
public final class Rfc3339 {
    private static final int MAX_CHARS = 40;
    private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

    private Rfc3339() {}

    /** The moment, cut to the microsecond; empty: it is none, or not from 1970 to 9998. */
    public static Optional<Instant> instant(String text) {
        if (text.length() > MAX_CHARS) {
            return Optional.empty();
        }
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MICROS))
                    .filter(moment -> !moment.isBefore(EARLIEST) && moment.isBefore(LATEST));
        } catch (DateTimeException noMoment) {
            return Optional.empty();
        }
    }
}
