package io.evenstock.downstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.lab.WebhookReceiver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a message is sent, and what of a receiver's behaviour is believed. */
class SenderTest {
    private final Changes.Page page = new Changes.Page(
            List.of(new Change("F1", "P1", 3, 2, 17, Instant.parse("2026-11-22T10:15:30Z"))), new Cursor(17, 0), false);
    private final Message message = Message.of(5, null, page);
    private final String secret = Secret.fresh();
    private final String former = Secret.fresh();
    private final ScheduledExecutorService alarm = Executors.newSingleThreadScheduledExecutor();
    private WebhookReceiver receiver;
    private Sender sender;

    @BeforeEach
    void start() throws IOException {
        receiver = new WebhookReceiver();
        sender = sender(new Addresses(Set.of("localhost")));
    }

    @AfterEach
    void stop() throws IOException {
        sender.close();
        receiver.close();
        alarm.shutdownNow();
    }

    @Test
    void aMessageIsVerifiedByEitherSecretDuringARotation() {
        for (String known : List.of(secret, former)) {
            receiver.secret(known);
            Attempt attempt = send();
            assertTrue(attempt.succeeded(), attempt::toString);
            assertEquals(204, attempt.status());
        }
        assertEquals(List.of(), receiver.faults());
        assertEquals(2, Objects.requireNonNull(receiver.pairs().get("F1/P1")).getInt("availableToPromise"));
        receiver.secret(Secret.fresh());
        send();
        assertEquals(1, receiver.faults().size(), "a strange secret verifies nothing");
    }

    @Test
    void theIdIsTheContents() {
        assertEquals(message, Message.of(5, null, page));
        Changes.Page other = new Changes.Page(
                List.of(new Change("F1", "P1", 3, 2, 18, Instant.parse("2026-11-22T10:15:30Z"))), page.next(), false);
        assertFalse(message.id().equals(Message.of(5, null, other).id()));
        assertFalse(message.id().equals(Message.of(6, null, page).id()));
    }

    @Test
    void aRedirectIsAFailureAndIsNotFollowed() {
        receiver.behave((call, exchange) -> {
            exchange.getResponseHeaders().set("Location", receiver.url("localhost"));
            return 307;
        });
        Attempt attempt = send();
        assertFalse(attempt.succeeded());
        assertEquals(307, attempt.status());
        assertEquals(1, receiver.calls());
    }

    @Test
    void whatTheReceiverAsksForIsTold() {
        receiver.behave((call, exchange) -> {
            exchange.getResponseHeaders().set("Retry-After", "120");
            return 429;
        });
        assertEquals(Duration.ofMinutes(2), send().retryAfter());
        receiver.behave((call, exchange) -> {
            exchange.getResponseHeaders().set("Retry-After", "Fri, 31 Dec 2100 23:59:59 GMT");
            return 503;
        });
        assertEquals(Duration.ofDays(1), send().retryAfter(), "at most a day");
        receiver.behave((call, exchange) -> 410);
        assertTrue(send().gone());
    }

    @Test
    void anAnswerThatTricklesIsCutOff() {
        CountDownLatch over = new CountDownLatch(1);
        receiver.behave((call, exchange) -> {
            exchange.sendResponseHeaders(500, 0);
            while (over.getCount() > 0) {
                exchange.getResponseBody().write('x');
                exchange.getResponseBody().flush();
                over.await(50, TimeUnit.MILLISECONDS);
            }
            return 500;
        });
        Attempt attempt = send();
        over.countDown();
        assertFalse(attempt.succeeded());
        assertNull(attempt.status());
        assertEquals("no answer within PT0.7S", attempt.error());
    }

    @Test
    void anEndlessAnswerToATakenMessageDoesNotUndoIt() {
        CountDownLatch over = new CountDownLatch(1);
        receiver.behave((call, exchange) -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] much = new byte[1 << 16];
            while (over.getCount() > 0) {
                exchange.getResponseBody().write(much);
            }
            return 200;
        });
        Attempt attempt = send();
        over.countDown();
        assertTrue(attempt.succeeded(), attempt::toString);
        assertTrue(attempt.took().toMillis() < 700, "it is not read to its end");
    }

    @Test
    void aStoreWithAnEmptyBucketIsLeftInPeaceUntilItIsFullEnough() throws IOException {
        try (ShopifyStub store = new ShopifyStub()) {
            Shopify shopify = new Shopify(sender, () -> true);
            List<Shopify.Quantity> one = List.of(new Shopify.Quantity(1, 1, "i", "l", 3));
            URI address = URI.create(store.url());
            store.holds(4);
            Shopify.Result taken = shopify.set(address, ShopifyStub.TOKEN, "id", one);
            assertTrue(taken.attempt().succeeded(), taken::toString);
            assertEquals(Duration.ofMillis(60), taken.pause());
            store.throttle(1, 0);
            Attempt throttled =
                    shopify.set(address, ShopifyStub.TOKEN, "id", one).attempt();
            assertFalse(throttled.succeeded());
            assertEquals(Duration.ofMillis(100), throttled.retryAfter());
            store.notStocked("none");
            Shopify.Result refused = shopify.set(
                    address,
                    ShopifyStub.TOKEN,
                    "other",
                    List.of(new Shopify.Quantity(1, 2, "none", "l", 1), new Shopify.Quantity(1, 1, "i", "l", 9)));
            assertTrue(refused.attempt().succeeded());
            assertEquals(
                    List.of(new Shopify.Refusal(
                            new Shopify.Quantity(1, 2, "none", "l", 1),
                            "ITEM_NOT_STOCKED_AT_LOCATION",
                            "The quantity couldn't be set because the item is not stocked at the location.")),
                    refused.refused());
            assertEquals(List.of(new Shopify.Quantity(1, 1, "i", "l", 9)), refused.taken());
            assertEquals(Map.of("i@l", 9L), store.quantities());
            assertEquals(List.of(1, 2, 1), store.sizes());
            assertEquals(List.of(), store.faults());
        }
    }

    @Test
    void aPrivateAddressIsNotConnectedToByNumberOrByName() {
        Attempt attempt = sender.send(URI.create(receiver.url("127.0.0.1")), message, List.of(secret));
        assertNotNull(attempt.error());
        assertTrue(attempt.error().contains("not public"), attempt.error());
        assertEquals(0, receiver.calls());
    }

    @Test
    void aNameOfThisMachineIsNotConnectedToUnlessItIsAllowed() throws IOException {
        try (Sender strict = sender(new Addresses(Set.of()))) {
            Attempt attempt = strict.send(URI.create(receiver.url("localhost")), message, List.of(secret));
            assertTrue(String.valueOf(attempt.error()).contains("not public"), attempt::toString);
        }
        assertEquals(0, receiver.calls());
    }

    /** The address of a name may change between its registration and a message (DNS rebinding). */
    @Test
    void aNameThatHasBecomePrivateIsNotConnectedTo() throws IOException {
        Queue<String> answers = new ConcurrentLinkedQueue<>(List.of("8.8.8.8", "127.0.0.1"));
        Addresses addresses = new Addresses(Set.of(), looking(answers));
        assertEquals(1, addresses.resolve("rebinding.example").length, "it is public when it is registered");
        try (Sender strict = sender(addresses)) {
            Attempt attempt = strict.send(URI.create(receiver.url("rebinding.example")), message, List.of(secret));
            assertTrue(String.valueOf(attempt.error()).contains("127.0.0.1, which is not public"), attempt::toString);
        }
        assertEquals(0, receiver.calls());
        assertEquals(0, answers.size(), "what was checked is what would have been connected to");
    }

    private Sender sender(Addresses addresses) {
        return new Sender(addresses, 4, Duration.ofMillis(700), alarm, Clock.systemUTC());
    }

    private static DnsResolver looking(Queue<String> answers) {
        return new DnsResolver() {
            @Override
            public InetAddress[] resolve(String host) throws UnknownHostException {
                return InetAddress.getAllByName(answers.remove());
            }

            @Override
            public String resolveCanonicalHostname(String host) {
                return host;
            }
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.1.2.3",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "169.254.169.254",
                "0.0.0.0",
                "100.64.0.1",
                "192.0.0.8",
                "192.0.2.1",
                "198.18.0.1",
                "198.51.100.1",
                "203.0.113.9",
                "224.0.0.1",
                "255.255.255.255",
                "::1",
                "::",
                "fe80::1",
                "fc00::1",
                "fd12::1",
                "ff02::1",
                "::ffff:127.0.0.1",
                "::127.0.0.1",
                "64:ff9b::7f00:1",
                "2002:7f00:1::",
                "2001::1",
                "2001:db8::1",
                "fec0::1",
                "5f00::1"
            })
    void notPublic(String address) throws IOException {
        assertFalse(Addresses.isPublic(InetAddress.getByName(address)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"8.8.8.8", "172.15.0.1", "172.32.0.1", "100.63.0.1", "192.1.1.1", "198.20.0.1", "2606:4700::1111"
            })
    void isPublic(String address) throws IOException {
        assertTrue(Addresses.isPublic(InetAddress.getByName(address)));
    }

    @Test
    void pausesDoubleUpToTheLongestAndAreScattered() {
        BackOff backOff = new BackOff(Duration.ofMinutes(10));
        Random random = new Random(1);
        for (int failures = 1; failures < 100; failures++) {
            long most = Math.min(1_000L << Math.min(failures - 1, 20), 600_000);
            long millis = backOff.after(failures, Duration.ZERO, random).toMillis();
            assertTrue(millis > most / 2 - 1 && millis <= most, failures + ": " + millis);
        }
        assertEquals(Duration.ofHours(2), backOff.after(1, Duration.ofHours(2), random));
    }

    private Attempt send() {
        return sender.send(URI.create(receiver.url("localhost")), message, List.of(secret, former));
    }
}
