package io.evenstock.catalog;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A product as the OMS knows it.
 *
 * @param active sold online
 * @param safetyStock units never promised, 0 or more
 * @param unitPrice what a unit is worth, in the retailer's currency, with two decimals at most; null: not known
 */
public record Product(
        String productId,
        String name,
        boolean active,
        int safetyStock,
        @Nullable BigDecimal unitPrice,
        List<Identification> identifications) {
    public Product {
        identifications = List.copyOf(identifications);
    }
}
