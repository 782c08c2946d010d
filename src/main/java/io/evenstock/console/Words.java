package io.evenstock.console;

import io.evenstock.observation.Phrases;
import io.evenstock.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers and times as people read them; times in the business's zone. */
@Named("words")
@ApplicationScoped
public class Words {
    private static final String NONE = Phrases.NONE;
    private static final double KILO = 1_000;
    private static final int HASH_SHOWN = 12;

    @Inject
    Phrases phrases;

    @Inject
    Settings settings;

    /** {@code 1,234,567}. */
    public String number(@Nullable Long number) {
        return phrases.number(number);
    }

    /** {@code 1,234.50}; –: not known. */
    public String money(@Nullable BigDecimal amount) {
        return amount == null ? "–" : String.format(Locale.ENGLISH, "%,.2f", amount);
    }

    /** {@code +12} or {@code −3}. */
    public String signed(long number) {
        return minus(String.format(Locale.ENGLISH, "%+,d", number)).replace("+0", "0");
    }

    /** {@code 0.25}, {@code 12.3}, {@code 1,200}. */
    public String rate(double rate) {
        int digits = rate >= 100 ? 0 : rate >= 10 ? 1 : 2;
        return String.format(Locale.ENGLISH, "%,." + digits + "f", rate);
    }

    /** {@code 300.0 MB}. */
    public String bytes(@Nullable Long bytes) {
        if (bytes == null) {
            return NONE;
        }
        double size = bytes;
        String[] units = {"B", "KB", "MB", "GB", "TB"};
        int unit = 0;
        while (size >= KILO && unit < units.length - 1) {
            size /= KILO;
            unit++;
        }
        return String.format(Locale.ENGLISH, unit == 0 ? "%.0f %s" : "%.1f %s", size, units[unit]);
    }

    /** {@code 22 Nov 2026 01:30:05}. */
    public String moment(@Nullable Instant at) {
        return phrases.moment(at);
    }

    /** {@code 01:30:05}. */
    public String time(@Nullable Instant at) {
        return phrases.time(at);
    }

    /** {@code 01:30}. */
    public String clock(@Nullable Instant at) {
        return phrases.clock(at);
    }

    /** {@code 2.3 s}, {@code 4 min 10 s}, {@code 3 h 2 min}. */
    public String seconds(@Nullable Double seconds) {
        return phrases.seconds(seconds);
    }

    /** The first digits of a SHA-256. */
    public String hash(@Nullable String sha256) {
        return sha256 == null ? NONE : sha256.substring(0, Math.min(HASH_SHOWN, sha256.length()));
    }

    /** {@code held} of {@code HELD}, {@code shipped from here} of {@code SHIPPED_FROM_HERE}. */
    public String lower(@Nullable Object constant) {
        return constant == null
                ? NONE
                : constant.toString().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** How a state is shown: {@code ok}, {@code run}, {@code wait}, {@code warn}, {@code bad} or {@code off}. */
    public String tone(@Nullable Object state) {
        return switch (String.valueOf(state)) {
            case "DONE", "APPLIED", "RECORDED", "ACTIVE" -> "ok";
            case "RUNNING" -> "run";
            case "HELD" -> "warn";
            case "FAILED", "REFUSED", "DISABLED" -> "bad";
            case "DROPPED", "ABANDONED", "UNDONE", "PAUSED" -> "off";
            default -> "wait";
        };
    }

    /** The zone of all times shown. */
    public String getZone() {
        return settings.zone().getId();
    }

    /** A true minus sign. */
    private static String minus(String text) {
        return text.replace('-', '−');
    }
}
