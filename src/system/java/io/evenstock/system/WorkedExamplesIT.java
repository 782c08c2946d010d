package io.evenstock.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The two worked examples of the stock rules. */
@ExtendWith(Evenstock.class)
class WorkedExamplesIT {
    private static final int A = 1;
    private static final int B = 2;
    private static final int C = 3;
    private static final String NEW_YORK = "101";
    private static final String NASHVILLE = "102";

    @Test
    void shippedButNotAcknowledged(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities(NEW_YORK, NASHVILLE);
        shop.knowProducts(A, B, C);
        shop.move(NEW_YORK, A, 10, "open-a", shop.at("00:10").minusSeconds(86_400));
        shop.move(NEW_YORK, B, 10, "open-b", shop.at("00:10").minusSeconds(86_400));
        shop.move(NASHVILLE, A, 4, "open-c", shop.at("00:10").minusSeconds(86_400));
        shop.ship("1", NEW_YORK, A, 2, shop.at("00:10").minusSeconds(3_600));
        shop.ship("2", NEW_YORK, B, 2, shop.at("00:10").minusSeconds(3_600));
        shop.expect(NEW_YORK, A, 8, 0, 8);
        shop.expect(NEW_YORK, B, 8, 0, 8);

        shop.upload(shop.row(NEW_YORK, A, "10"), shop.row(NEW_YORK, B, "10"), shop.row(NEW_YORK, C, "5"));
        shop.run("list", "filter", "reset");

        shop.expect(NEW_YORK, A, 10, 2, 8);
        shop.expect(NEW_YORK, B, 10, 2, 8);
        shop.expect(NEW_YORK, C, 5, 0, 5);

        shop.run("variance");

        shop.expect(NEW_YORK, A, 8, 0, 8);
        shop.expect(NEW_YORK, B, 8, 0, 8);
        shop.expect(NEW_YORK, C, 5, 0, 5);
        shop.expect(NASHVILLE, A, 4, 0, 4);
    }

    @Test
    void salesAroundTheSnapshot(Evenstock.Running evenstock) throws IOException {
        Shop shop = evenstock.newShop();
        shop.knowFacilities(NEW_YORK);
        shop.knowProducts(A);
        shop.upload(shop.row(NEW_YORK, A, "10"));
        assertEquals(
                "APPLIED",
                shop.move(NEW_YORK, A, -1, "sale-0120", shop.at("01:20")).getString("status"));

        shop.run("list", "filter", "reset");
        shop.expect(NEW_YORK, A, 9, 0, 9);

        assertEquals(
                "ABSORBED",
                shop.move(NEW_YORK, A, -1, "sale-0050", shop.at("00:50")).getString("status"));
        shop.expect(NEW_YORK, A, 9, 0, 9);

        String offline = """
                {"facilityId":"%s","idType":"UPCA","idValue":"%s","availableDelta":-1,"varianceReasonId":"POS_SALE",
                 "eventId":"sale-offline","occurredAt":"%s","bookedAt":"%s"}
                """.formatted(shop.facility(NEW_YORK), shop.upc(A), shop.at("00:50"), shop.at("03:55"));
        shop.succeed("POST", "/api/UpdateInventory", offline);
        shop.expect(NEW_YORK, A, 8, 0, 8);
        shop.run("variance");
        shop.expect(NEW_YORK, A, 8, 0, 8);
    }
}
