package io.evenstock.nightly;

import java.util.Locale;
import java.util.Optional;

/** The steps of a night, in their order: each waits for the success of the one before. */
public enum StepName {
    LIST,
    FILTER,
    RESET,
    VARIANCE;

    /** As it stands in the API, the settings and the database. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The step of that name; empty: there is none. */
    public static Optional<StepName> of(String text) {
        for (StepName step : values()) {
            if (step.text().equals(text)) {
                return Optional.of(step);
            }
        }
        return Optional.empty();
    }

    /** The step that must have succeeded before; empty: none. */
    public Optional<StepName> predecessor() {
        return switch (this) {
            case LIST -> Optional.empty();
            case FILTER -> Optional.of(LIST);
            case RESET -> Optional.of(FILTER);
            case VARIANCE -> Optional.of(RESET);
        };
    }
}
