package io.evenstock.settings;

import io.evenstock.file.CsvLimits;
import io.evenstock.file.Layout;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;

/**
 * All that can be configured, validated. The names, defaults and bounds stand in docs/settings.md.
 *
 * @param zone the business's time zone: business dates and schedules are local to it
 * @param bootstrapKey the first API key, taken only while there is none
 * @param console the pages for people, and who logs in there first
 * @param openId who else tells who people are; none: only the console's own passwords do
 * @param secretKeys seal what must be kept secret in the database; the first seals, any opens; none: nothing can be sealed
 * @param workDir where active lists are kept on the server
 * @param undoDepth a run under more newer ones than this cannot be undone
 * @param maxFuture how far in the future a fact may be dated
 * @param alerts when somebody is called, and how
 * @param selfAuditPairs how many pairs the self-audit looks at every five seconds; 0: none
 */
public record Settings(
        ZoneId zone,
        Optional<String> bootstrapKey,
        List<SecretKey> secretKeys,
        Path workDir,
        Duration maxFuture,
        Http http,
        Sales sales,
        Keys keys,
        RateLimit rateLimit,
        Sftp sftp,
        Reset reset,
        Plausibility plausibility,
        int undoDepth,
        Schedule schedule,
        Feed feed,
        Downstream downstream,
        int selfAuditPairs,
        Console console,
        Optional<OpenId> openId,
        Alerts alerts) {

    /**
     * Bounds of a request.
     *
     * @param maxBodyBytes a larger request body is refused
     * @param maxBatch a longer array of adjustments is refused
     * @param maxImport a longer array of products, facilities, shipments or acknowledgements is refused
     * @param openNetworks from where health and metrics answer without a key
     * @param trustedProxies whose {@code X-Forwarded-For} is believed
     * @param log which calls the log has a line for
     */
    public record Http(
            int maxBodyBytes,
            int maxBatch,
            int maxImport,
            Networks openNetworks,
            Networks trustedProxies,
            RequestLog log) {}

    /** Which calls the log has a line for. */
    public enum RequestLog {
        /** Every call. */
        ALL,
        /** Those answered with 400 or more. */
        REFUSED,
        /** None; the metrics count them all the same. */
        NONE
    }

    /**
     * The API keys.
     *
     * @param livePerName how many keys of one name may live at a time: two, so that one can take the other's place
     * @param cache how long a node may take a key for live without asking the database
     */
    public record Keys(int livePerName, Duration cache) {}

    /**
     * How much one caller may ask of a node.
     *
     * @param adjustmentsPerSecond of a key; every other call costs as much as one adjustment
     * @param wrongKeysPerMinute of an address
     * @param wrongPasswordsPerMinute of an address
     * @param refusalPause an UpdateInventory beyond the rate is refused so much later
     */
    public record RateLimit(
            boolean enabled,
            int adjustmentsPerSecond,
            int wrongKeysPerMinute,
            int wrongPasswordsPerMinute,
            Duration refusalPause) {}

    /**
     * The pages for people.
     *
     * @param bootstrap the first user, taken only while there is none
     * @param idle a session that was not used for so long ends
     * @param longestSession however much it is used
     * @param silentTill a till that has told nothing for so long, but did in the seven days before, is silent
     * @param secureCookie the session's cookie travels over TLS only
     */
    public record Console(
            Optional<FirstUser> bootstrap,
            Duration idle,
            Duration longestSession,
            Duration silentTill,
            boolean secureCookie) {}

    /**
     * The provider whose people may log in at the console by OpenID Connect.
     *
     * @param title what people call it
     * @param issuer as its tokens name it; its configuration lies below
     * @param redirect where it sends people back to, as they reach this server
     * @param nameClaim tells a person's name
     * @param roleClaim tells groups or roles; with dots in it, it may be one inside another
     * @param roles the values of the role claim for each role of the console
     * @param timeout for any single answer of the provider
     */
    public record OpenId(
            String title,
            URI issuer,
            String clientId,
            String clientSecret,
            URI redirect,
            List<String> scopes,
            String nameClaim,
            String roleClaim,
            Map<String, Set<String>> roles,
            Duration timeout) {
        @Override
        public String toString() {
            return issuer.toString();
        }
    }

    /** A name and a password. */
    public record FirstUser(String user, String password) {
        @Override
        public String toString() {
            return user;
        }
    }

    /**
     * How adjustments are committed, many at once.
     *
     * @param queue adjustments that may wait; beyond that a call is refused with 503
     * @param batch adjustments in one transaction; one call's are never split for this
     * @param patience how long a call waits for a database that does not answer
     */
    public record Sales(int queue, int batch, Duration patience) {}

    /**
     * The SFTP server and its folders. At least one of password and key file serves to log in.
     *
     * @param stableChecks how often a file without completion marker must be seen unchanged before it is taken
     * @param stableInterval time between two such looks
     * @param timeout for connecting and for any single answer
     * @param leastRate bytes a second below which, over a whole time-out, a file's transfer is given up
     * @param requestsInFlight how many requests of 32 KiB each may wait for their answers while a file is read
     */
    public record Sftp(
            String host,
            int port,
            String user,
            Optional<String> password,
            Optional<Path> keyFile,
            Path knownHosts,
            String inbox,
            String filtered,
            String variance,
            int stableChecks,
            Duration stableInterval,
            Duration timeout,
            int leastRate,
            int requestsInFlight) {}

    /**
     * The Reset Inventory File's shape.
     *
     * @param namePattern file name with {@code {asOf}} in it
     * @param idColumn the column that holds the identification, of type {@code idType}
     * @param minimumShare of good rows (0 to 1); below it nothing of a file is applied
     * @param maxRecordBytes a longer record makes the file malformed
     * @param maxKeptBytes of the rows of active products, packed, which are held in memory and recorded
     * @param keepDays how many days recorded files and rejects are kept of runs that are final
     * @param linesPerSecond the pace at which a run's lines are looked up, and then loaded
     */
    public record Reset(
            String namePattern,
            char delimiter,
            String subsidiaryColumn,
            String storeColumn,
            String idColumn,
            String quantityColumn,
            String idType,
            double minimumShare,
            int maxRecordBytes,
            int maxKeptBytes,
            int keepDays,
            int linesPerSecond) {
        /** How much of a file is taken into memory at once. */
        public CsvLimits limits() {
            return new CsvLimits(maxRecordBytes, CsvLimits.DEFAULT.maxColumns());
        }

        /** The layout of Retail Pro's files. */
        public Layout layout() {
            return Layout.retailPro(subsidiaryColumn, storeColumn, idColumn, quantityColumn, idType);
        }
    }

    /**
     * When a run is held (R12), against the median of the last runs.
     *
     * @param enabled if not, only an as-of in the future holds a run
     * @param rows share by which the number of rows may be off
     * @param units share by which the sum of the quantities may be off
     * @param zeroShare by how much the share of zeros may be greater, 0 to 1
     * @param missingFacilities how many of the last run's facilities may be missing
     * @param timeOfDay by how much the nightly as-of may be off its usual time of day
     */
    public record Plausibility(
            boolean enabled, double rows, double units, double zeroShare, int missingFacilities, Duration timeOfDay) {}

    /**
     * When the nights' steps are asked for.
     *
     * @param enabled whether the timers ask for steps; by hand they run all the same
     * @param times local time of day of each step, by its name
     * @param catchUp which missed steps are made up for at start-up
     * @param retries how often a failed step is tried again
     * @param retryDelay before the first retry; it doubles from one to the next
     */
    public record Schedule(
            boolean enabled, Map<String, LocalTime> times, CatchUp catchUp, int retries, Duration retryDelay) {
        /** What waits before the next try after so many failures; empty: an operator must see to it. */
        public Optional<Duration> delayAfter(int failures) {
            return failures > retries ? Optional.empty() : Optional.of(retryDelay.multipliedBy(1L << (failures - 1)));
        }
    }

    /** Which steps that were due while no node was up are made up for at start-up. */
    public enum CatchUp {
        NONE,
        /** Those of the last night. */
        LAST,
        /** Those of all nights, the oldest first. */
        ALL
    }

    /** Where a file of the frequent feed tells its as-of. */
    public enum AsOf {
        /** In its name, as {@code yyyyMMdd'T'HHmmss} and {@code Z} or {@code ±HHmm}. */
        NAME,
        /** In a column, the same in all rows. */
        COLUMN,
        /** In {@code <name>.manifest.json} beside it; the file waits for it. */
        MANIFEST,
        /** By the time of its last change on the SFTP server. */
        MTIME
    }

    /**
     * The frequent feed.
     *
     * @param enabled whether its folder is looked into
     * @param namePattern what names its files have
     * @param interval time from one look into its folder to the next, on all nodes together
     * @param asOfColumn the column for {@link AsOf#COLUMN}
     * @param maxBytes of a file, as it arrives
     */
    public record Feed(
            boolean enabled,
            String folder,
            Pattern namePattern,
            Duration interval,
            AsOf asOf,
            String asOfColumn,
            int maxBytes) {}

    /**
     * What the eCommerce platforms are told.
     *
     * @param enabled whether this node publishes and delivers
     * @param poll how often it asks for changes, and for endpoints that are due
     * @param chunk how many pairs are published in one transaction
     * @param batch most changes of a webhook's message
     * @param timeout for a message, from connecting to the answer
     * @param longestPause between two attempts, unless the receiver asks for a longer one
     * @param giveUpHours after so many hours of failures only an endpoint is disabled
     * @param mostWebhooks how many endpoints may be registered; each may occupy a thread
     * @param allowedHosts hosts that webhooks may lead to though their addresses are private, in lower case
     */
    public record Downstream(
            boolean enabled,
            Duration poll,
            int chunk,
            int batch,
            Duration timeout,
            Duration longestPause,
            int giveUpHours,
            int mostWebhooks,
            Set<String> allowedHosts) {}

    /**
     * When somebody is called, and how.
     *
     * @param interval how often somebody looks, of all nodes together
     * @param calm a cause that was not seen for so long is over; seen again before, it is the same
     * @param fileLate how long after the filter's time a night's file is late
     * @param stepLate how long after its time a step is late that has not come to its end
     * @param feedSilent after how long without a file the feed is silent; zero: it is not watched
     * @param behind how long a consumer may fail, and a change may wait to be published
     * @param driftPercent so many of a hundred pairs may differ from a night's file; 100: it is not watched
     * @param driftUnits so many units may; 0: they are not watched
     * @param baseAddress where people reach this server, for links
     */
    public record Alerts(
            Duration interval,
            Duration calm,
            Duration fileLate,
            Duration stepLate,
            Duration feedSilent,
            Duration behind,
            int driftPercent,
            int driftUnits,
            Optional<URI> baseAddress,
            Optional<Hook> webhook,
            Optional<Mail> mail) {}

    /** Where alerts are posted to. The secret signs them. */
    public record Hook(URI address, Optional<String> secret) {
        @Override
        public String toString() {
            return String.valueOf(address.getHost());
        }
    }

    /**
     * The mail server, and who is written to.
     *
     * @param login none: the server asks for none
     */
    public record Mail(
            String host, int port, MailSecurity security, Optional<FirstUser> login, String from, List<String> to) {}

    /** How the way to the mail server is kept secret. */
    public enum MailSecurity {
        /** Not at all; within a machine or a closed network. */
        NONE,
        /** TLS from the first command on, or no mail is sent. */
        STARTTLS,
        /** TLS from the first byte. */
        TLS
    }
}
