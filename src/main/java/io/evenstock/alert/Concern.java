package io.evenstock.alert;

import org.jspecify.annotations.Nullable;

/**
 * Something to see to.
 *
 * @param subject what it is about: with the cause, the same concern has the same subject as long as it lasts
 * @param level {@code bad} or {@code warn}
 * @param urgent whether somebody is to be called, or it will do to be seen in the console
 * @param link where in the console something can be done about it; null: nowhere
 * @param linkText what is there; null as the link is
 */
public record Concern(
        Cause cause,
        String subject,
        String level,
        boolean urgent,
        String title,
        String text,
        @Nullable String link,
        @Nullable String linkText) {

    static Concern bad(Cause cause, String subject, boolean urgent, String title, String text) {
        return new Concern(cause, subject, "bad", urgent, title, text, null, null);
    }

    static Concern warn(Cause cause, String subject, boolean urgent, String title, String text) {
        return new Concern(cause, subject, "warn", urgent, title, text, null, null);
    }

    Concern at(String page, String what) {
        return new Concern(cause, subject, level, urgent, title, text, page, what);
    }
}
