package io.evenstock.lab;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Makes up the products of one seed, each from its number alone. */
final class Wardrobe {

    private static final int FIRST_DIGIT = 1;
    private static final int GARMENT = 2;
    private static final int COLOUR = 3;
    private static final int SIZE = 4;
    private static final int SPELLING = 5;
    private static final int PRICE = 6;
    private static final int UPC_STEP = 7;
    private static final int SID_STEP = 8;
    private static final int RANK_STEP = 9;
    private static final int LISTED = 10;

    private static final long UPC_BODIES = 10_000_000_000L;
    private static final long SIDS = 10_000_000_000_000L;

    private static final List<String> GARMENTS =
            List.of("Shirt", "Chino", "Polo", "Parka", "Scarf", "Jeans", "Blazer", "Belt", "Loafer", "Tee");
    private static final List<String> COLOURS =
            List.of("navy", "red", "olive", "black", "sand", "white", "teal", "grey");
    private static final List<String> SIZES = List.of("S", "M", "L", "XL", "32", "34", "36");

    private final Dice dice;
    private final int products;
    private final int active;
    private final long upcStep;
    private final long sidStep;
    private final long rankStep;

    Wardrobe(Dice dice, int products, int active) {
        this.dice = dice;
        this.products = products;
        this.active = active;
        this.upcStep = dice.step(UPC_BODIES, UPC_STEP);
        this.sidStep = dice.step(SIDS, SID_STEP);
        this.rankStep = dice.step(products, RANK_STEP);
    }

    Product product(int i) {
        return new Product(
                "P" + padded(i + 1, 7),
                itemSid(i),
                upc(i),
                alu(i),
                description(i).replace('\n', ' '),
                active(i));
    }

    private String itemSid(int i) {
        return "53687" + padded(times(i + 1L, sidStep, SIDS), 13);
    }

    private String alu(int i) {
        return garment(i).substring(0, 2).toUpperCase(Locale.ROOT) + padded(i + 1, 6);
    }

    private String upc(int i) {
        int lot = dice.below(15, i, FIRST_DIGIT);
        // Ten digits that no other product has, behind a digit that is 0 for two products in five.
        String digits = Math.max(0, lot - 5) + padded(times(i + 1L, upcStep, UPC_BODIES), 10);
        return digits + checkDigit(digits);
    }

    /** The twelfth digit of a UPC: the odd places count three times. */
    static int checkDigit(String digits) {
        int sum = 0;
        for (int place = 0; place < digits.length(); place++) {
            sum += (digits.charAt(place) - '0') * (place % 2 == 0 ? 3 : 1);
        }
        return (10 - sum % 10) % 10;
    }

    /** Exactly {@code active} products are: those at whose rank the running share steps up. */
    boolean active(int i) {
        long rank = times(i, rankStep, products);
        return (rank + 1) * active / products > rank * active / products;
    }

    /** Retail Pro's own flag: on for all that are sold online, and for many that are not. */
    boolean listed(int i) {
        return active(i) || dice.below(10, i, LISTED) < 6;
    }

    /** With leading zeros; a format string would take most of a file's time. */
    private static String padded(long number, int width) {
        String digits = Long.toString(number);
        return "0".repeat(Math.max(0, width - digits.length())) + digits;
    }

    private static long times(long number, long step, long bound) {
        return Math.multiplyExact(number, step) % bound;
    }

    /** As the shop wrote it: 8 % with commas, 2 % with quotes, 0.3 % on two lines. */
    String description(int i) {
        int spelling = dice.below(1000, i, SPELLING);
        String size = SIZES.get(dice.below(SIZES.size(), i, SIZE));
        if (spelling < 80) {
            return garment(i) + ", " + colour(i) + ", " + size;
        }
        if (spelling < 100) {
            return garment(i) + " \"" + colour(i) + "\" " + size;
        }
        if (spelling < 103) {
            return garment(i) + " " + colour(i) + "\n" + size;
        }
        return garment(i) + " " + colour(i) + " " + size;
    }

    private String garment(int i) {
        return GARMENTS.get(dice.below(GARMENTS.size(), i, GARMENT));
    }

    private String colour(int i) {
        return COLOURS.get(dice.below(COLOURS.size(), i, COLOUR));
    }

    /** For example {@code 49.90}. */
    String price(int i) {
        return (9 + dice.below(240, i, PRICE)) + "." + dice.below(10, i, PRICE + 100) + "0";
    }

    /** Numbers of the active products, ascending. */
    int[] activeProducts() {
        int[] numbers = new int[products];
        int count = 0;
        for (int i = 0; i < products; i++) {
            if (active(i)) {
                numbers[count++] = i;
            }
        }
        return Arrays.copyOf(numbers, count);
    }
}
