package io.evenstock.alert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.database.Sql;
import io.evenstock.downstream.PublishedDatabase;
import io.evenstock.settings.Settings;
import io.evenstock.settings.SettingsReader;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Somebody is called once when it begins and once when it is over, whichever nodes look, send, stall or die. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AlertsTest {
    private static final List<String> MAIL = List.of("mail");
    private static final Concern HELD = Concern.warn(Cause.RUN_HELD, "run 7", true, "Run 7 is held", "few rows");
    private static final Concern FAILED =
            Concern.bad(Cause.STEP_FAILED, "reset 2026-11-22", true, "The reset failed", "the file is gone");

    private PublishedDatabase.Server server;
    private Sql sql;
    private Alerts alerts;

    @BeforeAll
    void start() throws IOException {
        server = new PublishedDatabase.Server();
    }

    @BeforeEach
    void fresh() throws SQLException {
        sql = server.fresh(1, 1).sharedSql();
        alerts = alerts("PT0S");
    }

    @AfterAll
    void stop() throws IOException {
        server.close();
    }

    @Test
    void oneCallWhenItBeginsAndOneWhenItIsOver() {
        look(MAIL, HELD);
        look(MAIL, HELD);
        look(MAIL, HELD, FAILED);
        assertEquals(List.of("RAISED run 7", "RAISED reset 2026-11-22"), sendAll("mail"));
        look(MAIL, HELD, FAILED);
        assertEquals(List.of(), sendAll("mail"), "once");

        look(MAIL, FAILED);
        assertEquals(List.of("OVER run 7"), sendAll("mail"));
        look(MAIL, HELD, FAILED);
        assertEquals(List.of("RAISED run 7"), sendAll("mail"), "the same thing happens once more");
        assertEquals(2, alerts.open().size());
        assertEquals(1, alerts.over(10).size());
    }

    @Test
    void whatComesAndGoesIsOneAlertUntilItIsCalm() {
        Alerts patient = alerts("PT5M");
        for (int i = 0; i < 5; i++) {
            assertTrue(note(patient, MAIL, HELD));
            assertTrue(note(patient, MAIL));
        }
        assertEquals(List.of("RAISED run 7"), sendAll("mail"));
        sql.update("update alert set seen_at = seen_at - interval '6 minutes'");
        assertTrue(note(patient, MAIL));
        assertEquals(List.of("OVER run 7"), sendAll("mail"));
    }

    @Test
    void eachChannelIsToldByItselfAndOnlyThoseThatThereAre() {
        look(List.of("mail", "webhook"), HELD);
        look(List.of(), HELD, FAILED);
        assertEquals(List.of("RAISED run 7"), sendAll("webhook"));
        assertEquals(List.of("RAISED run 7"), sendAll("mail"));
        look(List.of("mail", "webhook"), FAILED);
        assertEquals(List.of("OVER run 7"), sendAll("mail"));
    }

    @Test
    void whatIsOverBeforeItWasToldIsNotTold() {
        look(MAIL, HELD);
        look(MAIL);
        assertEquals(List.of(), sendAll("mail"));
        assertEquals(1, alerts.over(10).size(), "but it stays on record");
    }

    @Test
    void whatCouldNotBeSentIsTriedAgainAndItsEndIsToldAfterwards() {
        look(MAIL, HELD);
        Call first = alerts.claim("mail").orElseThrow();
        alerts.failed(first, "the server does not answer");
        assertEquals(Optional.empty(), alerts.claim("mail"), "not at once");
        Alert.Sent message = alerts.open().get(0).messages().get(0);
        assertEquals(Optional.of("the server does not answer"), message.error());
        look(MAIL);
        assertEquals(Optional.empty(), alerts.claim("mail"), "the end is not told before the beginning");
        sql.update("update alert_message set retry_at = '-infinity'");
        assertEquals(List.of("RAISED run 7", "OVER run 7"), sendAll("mail"));
        assertEquals(
                List.of(2, 1),
                alerts.over(1).get(0).messages().stream()
                        .map(Alert.Sent::attempts)
                        .toList());
    }

    @Test
    void aNodeThatDiesWhileItSendsIsReplacedAndTheMessageIsTheSame() {
        look(MAIL, HELD);
        Call lost = alerts.claim("mail").orElseThrow();
        assertEquals(Optional.empty(), alerts.claim("mail"), "it is being sent");
        sql.update("update alert_message set lease_until = clock_timestamp() - interval '1 second'");
        Call again = alerts.claim("mail").orElseThrow();
        assertEquals(lost.id(), again.id());
        alerts.failed(lost, "it woke up");
        alerts.sent(lost);
        assertFalse(sentAt("mail").isPresent(), "whoever lost its lease records nothing");
        alerts.sent(again);
        assertTrue(sentAt("mail").isPresent());
    }

    @Test
    void aNodeThatStoodStillNotesNothingAnyMore() {
        long stalled = alerts.turn().orElseThrow();
        look(MAIL, HELD);
        assertFalse(alerts.note(stalled, List.of(), MAIL), "it would call the held run over");
        assertEquals(1, alerts.open().size());
    }

    @Test
    void ofManyNodesOneLooksAndOneSends() throws Exception {
        Alerts patient = alerts("PT5M");
        ExecutorService nodes = Executors.newFixedThreadPool(8);
        try {
            for (int round = 0; round < 20; round++) {
                sql.update("delete from alert");
                sql.update("update alert_watch set looked_at = '-infinity'");
                List<Callable<Boolean>> looks = new ArrayList<>();
                List<Callable<Boolean>> sends = new ArrayList<>();
                for (int node = 0; node < 8; node++) {
                    looks.add(() -> sometimes("PT1M").turn().isPresent());
                    sends.add(() -> patient.claim("mail").isPresent());
                }
                assertEquals(1, count(nodes.invokeAll(looks)), "one turn a minute");
                sql.update("update alert_watch set looked_at = '-infinity'");
                assertTrue(note(patient, MAIL, HELD));
                assertEquals(1, count(nodes.invokeAll(sends)));
            }
        } finally {
            nodes.shutdownNow();
        }
    }

    @Test
    void afterADayAMessageIsGivenUpAndAfterNinetyTheRecordGoes() {
        look(MAIL, HELD);
        alerts.failed(alerts.claim("mail").orElseThrow(), "no such host");
        sql.update("update alert_message set made_at = made_at - interval '25 hours', retry_at = '-infinity'");
        look(MAIL, HELD);
        assertEquals(List.of(), sendAll("mail"));
        assertTrue(alerts.open().get(0).messages().get(0).givenUpAt().isPresent());
        look(MAIL);
        assertEquals(List.of(), sendAll("mail"), "who was not told the beginning is not told the end");
        sql.update("update alert set over_at = over_at - interval '91 days'");
        look(MAIL);
        assertEquals(List.of(), alerts.over(10));
    }

    private Optional<java.time.Instant> sentAt(String channel) {
        return alerts.open().get(0).messages().stream()
                .filter(message -> message.channel().equals(channel))
                .findFirst()
                .flatMap(Alert.Sent::sentAt);
    }

    private static int count(List<Future<Boolean>> answers) throws Exception {
        int yes = 0;
        for (Future<Boolean> answer : answers) {
            yes += answer.get() ? 1 : 0;
        }
        return yes;
    }

    private void look(List<String> channels, Concern... urgent) {
        assertTrue(note(alerts, channels, urgent));
    }

    /** A look whenever it is asked for, however long the settings wait in between. */
    private boolean note(Alerts node, List<String> channels, Concern... urgent) {
        sql.update("update alert_watch set looked_at = '-infinity'");
        return node.note(node.turn().orElseThrow(), List.of(urgent), channels);
    }

    private List<String> sendAll(String channel) {
        List<String> sent = new ArrayList<>();
        Optional<Call> next = alerts.claim(channel);
        while (next.isPresent()) {
            alerts.sent(next.get());
            sent.add(next.get().kind() + " " + next.get().alert().subject());
            next = alerts.claim(channel);
        }
        return sent;
    }

    private Alerts alerts(String calm) {
        return node(Map.of("evenstock.alert.calm", calm));
    }

    private Alerts sometimes(String interval) {
        return node(Map.of("evenstock.alert.interval", interval));
    }

    @SuppressWarnings("UnnecessaryAssignment") // no container is here to inject
    private Alerts node(Map<String, String> texts) {
        Settings settings = new SettingsReader(name -> Optional.ofNullable(texts.get(name))).read();
        Alerts node = new Alerts();
        node.sql = sql;
        node.settings = settings;
        return node;
    }
}
