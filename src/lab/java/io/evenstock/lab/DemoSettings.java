package io.evenstock.lab;

import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/**
 * What {@code -Ddemo.…} asks for.
 *
 * @param data whether to load the sample and run the cycle; empty: only where both servers are our own
 */
record DemoSettings(int rows, int active, long seed, boolean exit, Optional<Boolean> data) {

    private static final String PREFIX = "demo.";
    private static final Set<String> NAMES = Set.of("rows", "active", "seed", "exit", "data");
    private static final int STORES = Store.ALL.size();
    private static final int MOST_ROWS = ResetInventoryGenerator.USUAL_PRODUCTS * STORES;

    static DemoSettings of(Properties properties) {
        properties.stringPropertyNames().stream()
                .filter(name -> name.startsWith(PREFIX) && !NAMES.contains(name.substring(PREFIX.length())))
                .findFirst()
                .ifPresent(unknown -> {
                    throw new BadSetting(
                            "-D%s is unknown; there are demo.rows, demo.active, demo.seed, demo.exit".formatted(unknown)
                                    + " and demo.data");
                });
        int rows = (int) number(properties, "rows", 60_000, 1, MOST_ROWS);
        long active = number(properties, "active", 34, 1, ResetInventoryGenerator.USUAL_PRODUCTS);
        return new DemoSettings(
                rows,
                // A small file has fewer products than the default asks for: all of them, then.
                (int) Math.min(active, (rows + STORES - 1) / STORES),
                number(properties, "seed", 1, Long.MIN_VALUE, Long.MAX_VALUE),
                yes(properties, "exit").orElse(false),
                yes(properties, "data"));
    }

    private static String text(Properties properties, String name) {
        return properties.getProperty(PREFIX + name, "").strip();
    }

    private static long number(Properties properties, String name, long byDefault, long least, long most) {
        String text = text(properties, name);
        if (text.isEmpty()) {
            return byDefault;
        }
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Told below, as for a number out of its bounds.
        }
        throw new BadSetting("-Ddemo.%s=%s: a whole number from %d to %d is needed".formatted(name, text, least, most));
    }

    private static Optional<Boolean> yes(Properties properties, String name) {
        String text = text(properties, name);
        return switch (text) {
            case "" -> Optional.empty();
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> throw new BadSetting("-Ddemo.%s=%s: true or false is needed".formatted(name, text));
        };
    }
}
