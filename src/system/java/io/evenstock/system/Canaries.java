package io.evenstock.system;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The secrets of a test run: each is a canary that must not be seen anywhere but where it was told. All that the settings hold is
 * known as it stands, and so are users' passwords, which have no shape of their own, once they are made; API keys and webhooks'
 * secrets, whoever made them up, by their shape.
 */
final class Canaries {
    private static final Set<String> PLANTED = ConcurrentHashMap.newKeySet();
    private static final Pattern SECRET_SETTING = Pattern.compile("EVENSTOCK_.*(PASSWORD|SECRET|KEY)");
    /** The ids of messages begin alike. */
    private static final Pattern SHAPES =
            Pattern.compile("evs_(?!\\d+_[0-9a-f]{32})[A-Za-z0-9_-]{43,}|whsec_[A-Za-z0-9+/]{32,}");

    /** Those that the API's document shows as examples. */
    private static final Set<String> EXAMPLES = examples();

    private static final int SHORTEST = 12;

    private Canaries() {}

    private static Set<String> examples() {
        try (InputStream document = Canaries.class.getResourceAsStream("/META-INF/openapi.yaml")) {
            String text = new String(Objects.requireNonNull(document).readAllBytes(), StandardCharsets.UTF_8);
            return SHAPES.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** All secrets among some settings. */
    static void plant(Map<String, String> settings) {
        settings.forEach((name, value) -> {
            if (SECRET_SETTING.matcher(name).matches() && value.length() >= SHORTEST) {
                PLANTED.add(value);
            } else if (name.equals("EVENSTOCK_SFTP_KEY_FILE") && !value.isEmpty()) {
                PLANTED.add(body(Path.of(value)));
            }
        });
    }

    /** A secret that was told just now. */
    static void plant(String secret) {
        if (secret.length() < SHORTEST) {
            throw new IllegalArgumentException("too short to be a secret: " + secret.length());
        }
        PLANTED.add(secret);
    }

    /** A line of a private key that no other file has. */
    private static String body(Path keyFile) {
        try {
            List<String> lines = Files.readAllLines(keyFile);
            return lines.get(lines.size() / 2);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static int planted() {
        return PLANTED.size();
    }

    /** The secrets that stand in a text, shortened, with what stands before them. */
    static List<String> in(String text) {
        List<String> found = new ArrayList<>();
        for (String secret : PLANTED) {
            int at = text.indexOf(secret);
            if (at >= 0) {
                found.add(around(text, at));
            }
        }
        Matcher shapes = SHAPES.matcher(text);
        while (shapes.find()) {
            if (!EXAMPLES.contains(shapes.group())) {
                found.add(around(text, shapes.start()));
            }
        }
        return found;
    }

    /** The secrets in the bytes of a file, whatever they are. */
    static List<String> in(Path file) {
        try {
            return in(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String around(String text, int at) {
        return text.substring(Math.max(0, at - 80), Math.min(text.length(), at + 8)) + "…";
    }
}
