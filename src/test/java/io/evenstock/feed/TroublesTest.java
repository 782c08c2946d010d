package io.evenstock.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.exchange.RemoteFile;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TroublesTest {
    private static final RemoteFile FILE = new RemoteFile("/erp/reset", "stock.csv", 5, Instant.EPOCH);

    @Test
    void aTroubleIsNewsWhenItBeginsOrChanges() {
        Troubles troubles = new Troubles();
        troubles.look();
        assertTrue(troubles.news(FILE, "Permission denied"));
        troubles.look();
        assertFalse(troubles.news(FILE, "Permission denied"));
        troubles.look();
        assertTrue(troubles.news(FILE, "No such file"));
        troubles.look();
        troubles.look();
        assertTrue(troubles.news(FILE, "No such file"), "it was over meanwhile");
    }

    @Test
    void aLooksTroublesAreOfThatLook() {
        Troubles troubles = new Troubles();
        troubles.look();
        troubles.news(FILE, "Permission denied");
        troubles.news(new RemoteFile("/erp/reset", "more.csv", 5, Instant.EPOCH), "No such file");
        assertEquals("/erp/reset/stock.csv cannot be taken: Permission denied (and 1 more)", troubles.summary());
        troubles.look();
        assertNull(troubles.summary());
    }
}
