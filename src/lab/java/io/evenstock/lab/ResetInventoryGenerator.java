package io.evenstock.lab;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes Reset Inventory Files as Retail Pro would upload them: every product in every store once, store after store.
 *
 * <p>The same rows, seed, active and as-of always make the same bytes. Every figure can be asked for without reading
 * the file. 3,500,000 rows are about 300 MB.
 */
public final class ResetInventoryGenerator {

    /** More products than this must be asked for: a slip of the keyboard should not fill the disk. */
    public static final int USUAL_PRODUCTS = 120_000;

    private static final String HEADER =
            "sbs_no,store_code,item_sid,upc,alu,description1,qty,price,active,last_modified\n";
    private static final int STORES = Store.ALL.size();
    private static final int MODIFIED_DAYS = 400;
    private static final int BLOCK_BYTES = 1 << 16;
    private static final int MOST_ROW_BYTES = 512;
    private static final int QUANTITY = 11;
    private static final int MODIFIED = 12;

    private final long rows;
    private final int products;
    private final Dice dice;
    private final Wardrobe wardrobe;

    /** A generator of at most {@link #USUAL_PRODUCTS} products. */
    public ResetInventoryGenerator(long rows, long seed, int active) {
        this(rows, seed, active, USUAL_PRODUCTS);
    }

    /**
     * A generator.
     *
     * @param rows of the file, the header not counted; a product has thirty, the last one perhaps fewer
     * @param active how many products are sold online
     */
    public ResetInventoryGenerator(long rows, long seed, int active, int mostProducts) {
        if (rows < 1 || rows > (long) mostProducts * STORES) {
            throw new IllegalArgumentException(
                    "rows must be 1 to %d, not %d".formatted((long) mostProducts * STORES, rows));
        }
        this.rows = rows;
        this.products = (int) ((rows + STORES - 1) / STORES);
        if (active < 0 || active > products) {
            throw new IllegalArgumentException(
                    "active must be 0 to %d, the products of %d rows, not %d".formatted(products, rows, active));
        }
        this.dice = new Dice(seed);
        this.wardrobe = new Wardrobe(dice, products, active);
    }

    /** The name under which Retail Pro would upload it, for example {@code ResetInventory_20261122T005500Z.csv}. */
    public static String fileName(OffsetDateTime asOf) {
        return "ResetInventory_"
                + DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssXX").format(asOf) + ".csv";
    }

    public long rows() {
        return rows;
    }

    public int products() {
        return products;
    }

    /** A product by its number, from 0. */
    public Product product(int i) {
        return wardrobe.product(i);
    }

    /** The numbers of the products that are sold online. */
    public int[] activeProducts() {
        return wardrobe.activeProducts();
    }

    /** Whether the file has a row for the pair. Only the last product may lack some. */
    public boolean contains(int product, int store) {
        return (long) product * STORES + store < rows;
    }

    /** The file's figure for a pair; one in 32 is negative, a quarter is zero. */
    public int quantity(int product, int store) {
        long bits = dice.bits((long) product * STORES + store, QUANTITY);
        int kind = (int) (bits & 31);
        int size = (int) ((bits >>> 8) & 15);
        if (kind == 0) {
            return -1 - size % 5;
        }
        if (kind <= 8) {
            return 0;
        }
        return kind == 31 ? 20 + size * 7 : 1 + size;
    }

    /** Every eighth figure is written {@code 12.000}. */
    private boolean decimals(int product, int store) {
        return (dice.bits((long) product * STORES + store, QUANTITY) >>> 40 & 7) == 0;
    }

    /** Writes the whole file and leaves the stream open. */
    public void writeTo(OutputStream out, OffsetDateTime asOf) throws IOException {
        Rows made = new Rows(asOf);
        byte[] bytes = new byte[BLOCK_BYTES];
        ByteBuffer block = ByteBuffer.wrap(bytes).put(bytes(HEADER));
        for (int store = 0; store < STORES; store++) {
            for (int product = 0; product < products && contains(product, store); product++) {
                if (block.remaining() < MOST_ROW_BYTES) {
                    out.write(bytes, 0, block.position());
                    block.clear();
                }
                made.put(block, product, store);
            }
        }
        out.write(bytes, 0, block.position());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What the rows share, encoded once: it makes the difference between 10 and 500 MB/s. */
    private final class Rows {

        private final List<byte[]> stores = new ArrayList<>();
        private final List<byte[]> heads = new ArrayList<>();
        private final List<byte[]> tails = new ArrayList<>();
        private final List<byte[]> dates = new ArrayList<>();

        Rows(OffsetDateTime asOf) {
            Store.ALL.forEach(store -> stores.add(bytes(store.subsidiary() + "," + store.code() + ",")));
            for (int i = 0; i < products; i++) {
                heads.add(bytes(head(i)));
                tails.add(bytes("," + wardrobe.price(i) + (wardrobe.listed(i) ? ",1," : ",0,")));
            }
            for (int day = 0; day < MODIFIED_DAYS; day++) {
                dates.add(bytes(asOf.toLocalDate().minusDays(day) + "\n"));
            }
        }

        private String head(int i) {
            Product product = product(i);
            return String.join(
                    ",", product.itemSid(), product.upc(), product.alu(), quoted(wardrobe.description(i)), "");
        }

        private String quoted(String text) {
            boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n');
            return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
        }

        void put(ByteBuffer block, int product, int store) {
            block.put(stores.get(store))
                    .put(heads.get(product))
                    .put(quantityText(product, store))
                    .put(tails.get(product))
                    .put(dates.get(dice.below(MODIFIED_DAYS, (long) product * STORES + store, MODIFIED)));
        }

        private byte[] quantityText(int product, int store) {
            String whole = Integer.toString(quantity(product, store));
            return (decimals(product, store) ? whole + ".000" : whole).getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /** Writes one file; the arguments are rows, seed, active, as-of (ISO 8601 with offset) and the output path. */
    public static void main(String[] arguments) throws IOException {
        try {
            write(arguments);
        } catch (IllegalArgumentException | DateTimeParseException wrong) {
            System.err.println("usage: rows seed active asOf output, as in: 3500000 1 34 2026-11-22T00:55:00Z out.csv");
            System.err.println(wrong.getMessage());
            System.exit(2);
        }
    }

    private static void write(String[] arguments) throws IOException {
        if (arguments.length != 5) {
            throw new IllegalArgumentException("five arguments are needed, not " + arguments.length);
        }
        ResetInventoryGenerator generator = new ResetInventoryGenerator(
                Long.parseLong(arguments[0]), Long.parseLong(arguments[1]), Integer.parseInt(arguments[2]));
        OffsetDateTime asOf = OffsetDateTime.parse(arguments[3]);
        try (OutputStream out = Files.newOutputStream(Path.of(arguments[4]))) {
            generator.writeTo(out, asOf);
        }
    }
}
