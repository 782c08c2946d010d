package io.evenstock.file;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a file that tells when it was true: {@code ResetInventory_{asOf}.csv} with {@code {asOf}} as
 * {@code yyyyMMdd'T'HHmmss} and {@code Z} or {@code ±HHmm}. Case counts.
 */
public final class AsOfName {

    private static final String PLACEHOLDER = "{asOf}";
    private static final String GZIP = ".gz";
    private static final Pattern AS_OF = Pattern.compile("[0-9]{8}T[0-9]{6}(Z|[+-][0-9]{4})");
    private static final Pattern ANYWHERE = Pattern.compile("(?<![0-9])" + AS_OF + "(?![0-9])");
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssXX", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);

    private final String prefix;
    private final String suffix;

    private AsOfName(String prefix, String suffix) {
        this.prefix = prefix;
        this.suffix = suffix;
    }

    /**
     * The names that are of this pattern.
     *
     * @param pattern a plain file name with {@code {asOf}} in it once
     * @throws IllegalArgumentException no or several {@code {asOf}}, a path separator or a control character
     */
    public static AsOfName of(String pattern) {
        int at = pattern.indexOf(PLACEHOLDER);
        if (at < 0 || at != pattern.lastIndexOf(PLACEHOLDER) || !isPlain(pattern)) {
            throw new IllegalArgumentException("not a file name with {asOf} in it once: " + pattern);
        }
        return new AsOfName(pattern.substring(0, at), pattern.substring(at + PLACEHOLDER.length()));
    }

    /** The as-of in this name, with or without {@code .gz} behind it; empty if the name is not of this pattern. */
    public Optional<Instant> asOf(String fileName) {
        if (!isPlain(fileName)) {
            return Optional.empty();
        }
        Optional<Instant> exact = exactly(fileName);
        return exact.isEmpty() && fileName.endsWith(GZIP)
                ? exactly(fileName.substring(0, fileName.length() - GZIP.length()))
                : exact;
    }

    /** The one moment that stands anywhere in a name; empty: there is none, or several different ones. */
    public static Optional<Instant> anywhere(String fileName) {
        Set<Instant> found = new HashSet<>();
        Matcher matcher = ANYWHERE.matcher(fileName);
        while (matcher.find()) {
            parsed(matcher.group()).ifPresent(found::add);
        }
        return found.size() == 1 ? Optional.of(found.iterator().next()) : Optional.empty();
    }

    /**
     * The name for this moment, in UTC, cut to the second.
     *
     * @throws IllegalArgumentException a year that has not four digits
     */
    public String format(Instant asOf) {
        String text = FORMAT.format(asOf.atOffset(ZoneOffset.UTC));
        if (!AS_OF.matcher(text).matches()) {
            throw new IllegalArgumentException("not a year of four digits: " + asOf);
        }
        return prefix + text + suffix;
    }

    private Optional<Instant> exactly(String name) {
        boolean framed =
                name.length() >= prefix.length() + suffix.length() && name.startsWith(prefix) && name.endsWith(suffix);
        return framed ? parsed(name.substring(prefix.length(), name.length() - suffix.length())) : Optional.empty();
    }

    private static Optional<Instant> parsed(String text) {
        if (!AS_OF.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(FORMAT.parse(text, Instant::from));
        } catch (DateTimeException noSuchMoment) {
            return Optional.empty();
        }
    }

    private static boolean isPlain(String name) {
        return name.chars().noneMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c));
    }
}
