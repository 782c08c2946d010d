package io.evenstock.observation;

import io.evenstock.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers and times as people read them; times in the business's zone; {@code –} for what is not known. */
@ApplicationScoped
public class Phrases {
    /** For what is not known. */
    public static final String NONE = "–";

    private static final double KILO = 1_000;
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("d MMM yyyy HH:mm:ss", Locale.ENGLISH);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ENGLISH);
    private static final DateTimeFormatter SHORT = DateTimeFormatter.ofPattern("HH:mm", Locale.ENGLISH);

    @Inject
    Settings settings;

    /** {@code 1,234,567}, with a true minus sign. */
    public String number(@Nullable Long number) {
        return number == null
                ? NONE
                : String.format(Locale.ENGLISH, "%,d", number).replace('-', '−');
    }

    /** {@code 22 Nov 2026 01:30:05}. */
    public String moment(@Nullable Instant at) {
        return text(at, MOMENT);
    }

    /** {@code 01:30:05}. */
    public String time(@Nullable Instant at) {
        return text(at, TIME);
    }

    /** {@code 01:30}. */
    public String clock(@Nullable Instant at) {
        return text(at, SHORT);
    }

    private String text(@Nullable Instant at, DateTimeFormatter format) {
        return at == null ? NONE : format.format(at.atZone(settings.zone()));
    }

    /** {@code 2.3 s}, {@code 4 min 10 s}, {@code 3 h 2 min}. */
    public String seconds(@Nullable Double seconds) {
        if (seconds == null) {
            return NONE;
        }
        Duration duration = Duration.ofMillis(Math.round(seconds * KILO));
        if (duration.toMinutes() == 0) {
            return String.format(Locale.ENGLISH, "%.1f s", seconds);
        }
        return duration.toHours() == 0
                ? duration.toMinutes() + " min " + duration.toSecondsPart() + " s"
                : duration.toHours() + " h " + duration.toMinutesPart() + " min";
    }
}
