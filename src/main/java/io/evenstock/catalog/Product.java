package io.evenstock.catalog;

import java.util.List;

/**
 * A product as the OMS knows it.
 *
 * @param active sold online
 * @param safetyStock units never promised, 0 or more
 */
public record Product(
        String productId, String name, boolean active, int safetyStock, List<Identification> identifications) {
    public Product {
        identifications = List.copyOf(identifications);
    }
}
