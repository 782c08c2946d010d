package io.evenstock.system;

import io.evenstock.lab.EvenstockServer;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whatever happens to the SFTP server's line and to the database: each step ends by itself, with the right figures. */
@ExtendWith(Evenstock.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsProofIT {
    private OwnSite site;
    private StoppingNode node;

    @BeforeAll
    void open(Evenstock.Running evenstock) throws IOException {
        site = OwnSite.open(evenstock, "faults");
        node = StoppingNode.launch(
                        evenstock,
                        EvenstockServer.chosen(),
                        site.settings(Map.of(
                                // It would run into what is meant for the night.
                                "EVENSTOCK_FEED_ENABLED", "false",
                                "EVENSTOCK_SFTP_TIMEOUT", "PT2S",
                                "EVENSTOCK_SCHEDULE_RETRIES", "10",
                                "EVENSTOCK_SCHEDULE_RETRY_DELAY", "PT1S",
                                "EVENSTOCK_SALES_PATIENCE", "PT2S")))
                .awaitReady();
    }

    @AfterAll
    void close() throws IOException {
        node.close();
        site.close();
    }

    @Test
    void whereverTheLineBreaksTheStepEndsWithTheWholeFile() throws Exception {
        SftpFaults.happen(site, node.api());
    }

    @Test
    void whateverHappensToTheDatabaseTheStepEndsAndNoSaleIsLost() throws Exception {
        DatabaseFaults.happen(site, node);
    }

    @Test
    void whatIsFarTooLargeIsRefusedInBoundedMemory() throws Exception {
        HugeFiles.happen(site, node);
    }
}
