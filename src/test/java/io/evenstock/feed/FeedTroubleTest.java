package io.evenstock.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.downstream.PublishedDatabase;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Why a folder cannot be looked into is known, since the first time, until a look goes well. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FeedTroubleTest {
    private static final String FOLDER = "/erp/reset";

    private PublishedDatabase.Server server;
    private FeedLeases leases;

    @BeforeAll
    @SuppressWarnings("UnnecessaryAssignment") // no container is here to inject
    void start() throws IOException, SQLException {
        server = new PublishedDatabase.Server();
        leases = new FeedLeases();
        leases.sql = server.fresh(1, 1).sharedSql();
    }

    @AfterAll
    void stop() throws IOException {
        server.close();
    }

    @Test
    void whatKeepsAFolderFromBeingLookedIntoIsKnownSinceTheFirstTime() {
        FeedClaim stalled = look("the login was refused");
        FeedTrouble first = leases.trouble(FOLDER).orElseThrow();
        assertEquals("the login was refused", first.reason());

        FeedClaim next = look("its host key is unknown");
        assertEquals(Optional.of(new FeedTrouble("its host key is unknown", first.since())), leases.trouble(FOLDER));
        assertEquals(Optional.empty(), leases.trouble("/other"));

        leases.looked(stalled, null);
        assertTrue(leases.trouble(FOLDER).isPresent(), "whoever lost its claim says nothing");
        leases.looked(next, null);
        assertEquals(Optional.empty(), leases.trouble(FOLDER));
        look("the login was refused");
        assertTrue(leases.trouble(FOLDER).orElseThrow().since().isAfter(first.since()), "it is another time");
    }

    private FeedClaim look(String trouble) {
        FeedClaim claim = leases.claim(FOLDER, "node", Duration.ZERO).orElseThrow();
        leases.looked(claim, trouble);
        leases.release(claim);
        return claim;
    }
}
