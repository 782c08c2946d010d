package io.evenstock.feed;

import static org.junit.jupiter.api.Assertions.assertFalse;
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
}
