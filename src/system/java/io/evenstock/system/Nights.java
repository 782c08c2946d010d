package io.evenstock.system;

import java.io.IOException;
import java.util.List;

/** A night of which all is known: ten of a product, two of them shipped, one sold since, and one row that is refused. */
final class Nights {
    private static final String STORE = "101";
    private static final List<String> STEPS = List.of("list", "filter", "reset", "variance");

    private Nights() {}

    /** Carries a shop's night up to a step, which may then begin. */
    static Shop prepared(Shop shop, String upTo) throws IOException {
        shop.knowFacilities(STORE);
        shop.knowProducts(1, 2, 3, 4, 5);
        shop.ship("open", STORE, 1, 2, shop.at("00:30"));
        shop.move(STORE, 1, -1, "sale-" + shop.subsidiary(), shop.at("01:10"));
        for (String step : STEPS.subList(0, STEPS.indexOf(upTo))) {
            run(shop, step);
        }
        if (upTo.equals("filter")) {
            upload(shop);
        }
        return shop;
    }

    /** Carries it on after a step that is done; in the end the figures are right. */
    static void finish(Shop shop, String after) throws IOException {
        for (String step : STEPS.subList(STEPS.indexOf(after) + 1, STEPS.size())) {
            run(shop, step);
        }
        shop.expect(STORE, 1, 7, 0, 7);
        shop.expect(STORE, 5, 50, 0, 50);
    }

    private static void run(Shop shop, String step) throws IOException {
        if (step.equals("filter")) {
            upload(shop);
        }
        shop.run(step);
    }

    static void upload(Shop shop) {
        shop.upload(
                shop.row(STORE, 1, "10"),
                shop.row(STORE, 2, "20"),
                shop.row(STORE, 3, "30"),
                shop.row(STORE, 4, "40"),
                shop.row(STORE, 5, "50"),
                shop.row("999", 1, "60"));
    }
}
