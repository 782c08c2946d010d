package io.evenstock.downstream;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.io.Closer;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Posts messages, and believes nothing of what comes back but the status: a redirect is a failure, at most 300 bytes of the answer
 * are read, and after the time limit, however it trickles, the connection is cut.
 */
public final class Sender implements AutoCloseable {
    private static final int MOST_BYTES_READ = 300;
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofDays(1);

    private final CloseableHttpClient client;
    private final ScheduledExecutorService alarm;
    private final Duration limit;
    private final Clock clock;

    /**
     * @param limit for all of an exchange
     * @param alarm cuts exchanges that take longer
     */
    public Sender(
            Addresses addresses, int mostConnections, Duration limit, ScheduledExecutorService alarm, Clock clock) {
        this.limit = limit;
        this.alarm = alarm;
        this.clock = clock;
        Timeout timeout = Timeout.of(limit);
        this.client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(addresses)
                        .setMaxConnTotal(mostConnections)
                        .setMaxConnPerRoute(mostConnections)
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(timeout)
                                .setSocketTimeout(timeout)
                                .setTimeToLive(TimeValue.ofMinutes(1))
                                .build())
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(timeout)
                        .setResponseTimeout(timeout)
                        .build())
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .setUserAgent("Evenstock")
                .build();
    }

    /**
     * What came back.
     *
     * @param status null: nothing
     * @param body its beginning, or why nothing came back
     */
    record Answer(@Nullable Integer status, String body, Duration retryAfter, Duration took) {
        boolean good() {
            return status != null && status >= 200 && status < 300;
        }

        /** The failure that this answer is. */
        Attempt failed() {
            return new Attempt(status, status == null ? body : "status " + status + ": " + body, retryAfter, took);
        }
    }

    /** Posts a message, signed by each of the secrets. */
    public Attempt send(URI address, Message message, List<String> secrets) {
        long timestamp = clock.instant().getEpochSecond();
        Map<String, String> headers = Map.of(
                "webhook-id", message.id(),
                "webhook-timestamp", Long.toString(timestamp),
                "webhook-signature", Secret.signatures(secrets, message.id(), timestamp, message.body()));
        Answer answer = post(address, headers, message.body(), MOST_BYTES_READ);
        return answer.good() ? new Attempt(answer.status(), null, Duration.ZERO, answer.took()) : answer.failed();
    }

    /** Posts JSON, and reads at most so many bytes of the answer. */
    Answer post(URI address, Map<String, String> headers, String body, int mostBytes) {
        HttpPost post = new HttpPost(address);
        headers.forEach(post::setHeader);
        post.setEntity(new StringEntity(body, ContentType.APPLICATION_JSON));
        long started = System.nanoTime();
        ScheduledFuture<?> cut = alarm.schedule(post::cancel, limit.toMillis(), TimeUnit.MILLISECONDS);
        try {
            ClassicHttpResponse response = client.executeOpen(null, post, null);
            try {
                byte[] beginning = beginning(response, mostBytes);
                if (beginning.length == mostBytes) {
                    post.cancel(); // closing would read the rest, however long it is
                }
                String text = shortened(new String(beginning, StandardCharsets.UTF_8), mostBytes);
                return new Answer(response.getCode(), text, retryAfter(response), since(started));
            } finally {
                Closer.closeQuietly(response);
            }
        } catch (IOException | RuntimeException failure) {
            String error = post.isCancelled() ? "no answer within " + limit : String.valueOf(failure.getMessage());
            return new Answer(null, shortened(error, MOST_BYTES_READ), Duration.ZERO, since(started));
        } finally {
            cut.cancel(false);
        }
    }

    /** Once there is a good status, the message is taken, whatever becomes of the rest of the answer. */
    private static byte[] beginning(ClassicHttpResponse response, int mostBytes) throws IOException {
        HttpEntity body = response.getEntity();
        try {
            return body == null || body.getContent() == null
                    ? new byte[0]
                    : body.getContent().readNBytes(mostBytes);
        } catch (IOException cutOff) {
            if (response.getCode() >= 200 && response.getCode() < 300) {
                return new byte[0];
            }
            throw cutOff;
        }
    }

    private Duration retryAfter(ClassicHttpResponse response) {
        Header header = response.getFirstHeader("Retry-After");
        if (header == null) {
            return Duration.ZERO;
        }
        String value = header.getValue().strip();
        try {
            Duration asked = value.matches("[0-9]{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(value))
                    : Duration.between(clock.instant(), httpDate(value));
            return asked.isNegative() ? Duration.ZERO : shorter(asked, LONGEST_RETRY_AFTER);
        } catch (DateTimeException unreadable) {
            return Duration.ZERO;
        }
    }

    private static Instant httpDate(String text) {
        return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static Duration since(long started) {
        return Duration.ofNanos(System.nanoTime() - started);
    }

    /** What a stranger wrote stands in our log and answers: without control characters, and short. */
    private static String shortened(String text, int most) {
        String plain = text.replaceAll("\\p{Cntrl}", " ").strip();
        return plain.length() <= most ? plain : plain.substring(0, most);
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
