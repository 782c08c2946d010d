package io.evenstock.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A line of the audit trail.
 *
 * @param action in a word or two, such as {@code run approved}
 * @param target what it was done to, such as {@code run 7}
 * @param detail the reason given, or what else should be known
 */
public record AuditEntry(
        long auditId,
        Instant at,
        String who,
        String address,
        String action,
        String target,
        @Nullable String detail) {}
