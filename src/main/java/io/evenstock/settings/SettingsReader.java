package io.evenstock.settings;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** Reads {@link Settings} from named texts; collects every fault before it fails. */
public final class SettingsReader {
    private static final String FEED_NAMES = "*.csv,*.csv.gz";
    private static final String LOCAL_NETWORKS = "127.0.0.0/8,::1/128,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7";

    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final int MOST_MAILED = 20;
    private static final int SECRET_KEY_BYTES = 32;

    private final Function<String, Optional<String>> source;
    private final List<String> faults = new ArrayList<>();

    /** @param source the text of a setting by its full name, e.g. {@code evenstock.sftp.host} */
    public SettingsReader(Function<String, Optional<String>> source) {
        this.source = source;
    }

    /** Reads all. @throws IllegalArgumentException naming every faulty setting */
    public Settings read() {
        Settings settings = new Settings(
                zone(),
                bootstrapKey(),
                secretKeys(),
                path("work.dir", System.getProperty("java.io.tmpdir") + "/evenstock"),
                duration("max-future", "PT5M"),
                http(),
                sales(),
                keys(),
                rateLimit(),
                sftp(),
                reset(),
                plausibility(),
                integer("undo.depth", 7, 1, 100),
                schedule(),
                feed(),
                downstream(),
                integer("self-audit.pairs", 1_000, 0, 100_000),
                console(),
                optional("openid.issuer").flatMap(this::openId),
                alerts());
        requireOwnFolder(settings.feed(), settings.sftp());
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("Faulty settings: " + String.join("; ", faults));
        }
        return settings;
    }

    private Settings.Http http() {
        return new Settings.Http(
                integer("http.max-body-bytes", 8 << 20, 1 << 10, 64 << 20),
                integer("http.max-batch", 1_000, 1, 10_000),
                integer("http.max-import", 10_000, 1, 30_000),
                networks("http.open-networks", LOCAL_NETWORKS),
                networks("http.trusted-proxies", ""),
                parsed("http.log", "REFUSED", Settings.RequestLog::valueOf, Settings.RequestLog.REFUSED));
    }

    private Settings.Keys keys() {
        return new Settings.Keys(integer("keys.live-per-name", 2, 1, 10), duration("keys.cache", "PT3S"));
    }

    private Settings.RateLimit rateLimit() {
        return new Settings.RateLimit(
                bool("rate-limit.enabled", true),
                integer("rate-limit.adjustments", 2_000, 1, 1_000_000),
                integer("rate-limit.wrong-keys", 60, 1, 100_000),
                integer("rate-limit.wrong-passwords", 10, 1, 100_000),
                duration("rate-limit.refusal-pause", "PT0.5S"));
    }

    private Settings.Console console() {
        return new Settings.Console(
                bootstrapUser(),
                pause("console.idle", "PT30M"),
                pause("console.longest-session", "PT12H"),
                atLeast("console.silent-till", "PT24H", Duration.ofMinutes(1)),
                bool("console.secure-cookie", comesByTls()));
    }

    /** As people reach the console by what else names its address; what is no address is told there. */
    private boolean comesByTls() {
        return optional("openid.redirect")
                .or(() -> optional("alert.base-address"))
                .filter(address -> address.startsWith("https:"))
                .isPresent();
    }

    private Optional<Settings.FirstUser> bootstrapUser() {
        Optional<String> user = optional("bootstrap.user");
        Optional<String> password = secret("bootstrap.password");
        if (user.isPresent() != password.isPresent()) {
            faults.add("evenstock.bootstrap.user and evenstock.bootstrap.password belong together: one of them is"
                    + " missing");
        }
        if (user.isPresent() && !user.get().matches("[\\p{L}\\p{N}._@+-]{1,64}")) {
            faults.add("evenstock.bootstrap.user must be 1 to 64 letters, digits or . _ @ + -");
        }
        if (password.isPresent()
                && (password.get().length() < 12 || password.get().length() > 200)) {
            faults.add("evenstock.bootstrap.password must have 12 to 200 characters");
        }
        return user.flatMap(name -> password.map(secret -> new Settings.FirstUser(name, secret)));
    }

    private Optional<Settings.OpenId> openId(String issuer) {
        Optional<URI> address = providersAddress(issuer);
        Optional<URI> redirect = optional("openid.redirect")
                .or(() -> optional("alert.base-address").map(base -> base.replaceAll("/+$", "") + "/console/openid"))
                .flatMap(text -> address("openid.redirect", text));
        Optional<String> clientId = optional("openid.client-id");
        Optional<String> clientSecret = secret("openid.client-secret");
        Map<String, Set<String>> roles = new LinkedHashMap<>();
        List.of("viewer", "operator", "admin").forEach(role -> roles.put(role, words("openid." + role)));
        if (clientId.isEmpty() || clientSecret.isEmpty() || redirect.isEmpty()) {
            faults.add("evenstock.openid.issuer needs evenstock.openid.client-id, evenstock.openid.client-secret and"
                    + " evenstock.openid.redirect (or evenstock.alert.base-address)");
        }
        if (roles.values().stream().allMatch(Set::isEmpty)) {
            faults.add(
                    "evenstock.openid.issuer needs evenstock.openid.viewer, .operator or .admin: nobody could log in");
        }
        if (address.isEmpty() || redirect.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Settings.OpenId(
                text("openid.title", String.valueOf(address.get().getHost())),
                address.get(),
                clientId.orElse(""),
                clientSecret.orElse(""),
                redirect.get(),
                List.copyOf(new LinkedHashSet<>(
                        List.of(text("openid.scopes", "openid profile").split("[,\\s]+")))),
                text("openid.name-claim", "preferred_username"),
                text("openid.role-claim", "groups"),
                Map.copyOf(roles),
                pause("openid.timeout", "PT5S")));
    }

    /** Who stands between could be anybody, so nothing but TLS will do, unless nobody stands between. */
    private Optional<URI> providersAddress(String issuer) {
        Optional<URI> address = address("openid.issuer", issuer);
        if (address.isPresent()
                && !"https".equals(address.get().getScheme())
                && !THIS_MACHINE.contains(address.get().getHost())) {
            faults.add("evenstock.openid.issuer must be an https address (http only on this machine)");
        }
        return address;
    }

    private Set<String> words(String name) {
        return Arrays.stream(text(name, "").split(","))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    private Networks networks(String name, String byDefault) {
        return parsed(name, byDefault, Networks::of, Networks.of(byDefault));
    }

    private Settings.Sales sales() {
        return new Settings.Sales(
                integer("sales.queue", 20_000, 1_000, 1_000_000),
                integer("sales.batch", 2_000, 1, 10_000),
                duration("sales.patience", "PT10S"));
    }

    private Settings.Sftp sftp() {
        return new Settings.Sftp(
                text("sftp.host", "localhost"),
                integer("sftp.port", 22, 1, 65_535),
                text("sftp.user", "evenstock"),
                secret("sftp.password"),
                optional("sftp.key-file").map(Path::of).map(this::readable),
                path("sftp.known-hosts", System.getProperty("user.home") + "/.ssh/known_hosts"),
                folder("sftp.inbox", "/retailpro/reset"),
                folder("sftp.filtered", "/evenstock/reset"),
                folder("sftp.variance", "/evenstock/variance"),
                integer("sftp.stable-checks", 3, 1, 100),
                duration("sftp.stable-interval", "PT2S"),
                duration("sftp.timeout", "PT30S"),
                integer("sftp.least-rate", 10_240, 0, 1_048_576),
                integer("sftp.requests-in-flight", 64, 1, 1_024));
    }

    private Settings.Reset reset() {
        return new Settings.Reset(
                containing("reset.name-pattern", "ResetInventory_{asOf}.csv", "{asOf}"),
                character("reset.delimiter", ','),
                text("reset.columns.subsidiary", "sbs_no"),
                text("reset.columns.store", "store_code"),
                text("reset.columns.identification", "upc"),
                text("reset.columns.quantity", "qty"),
                text("reset.id-type", "UPCA"),
                share("reset.minimum-share", 0.8),
                integer("reset.max-record-bytes", 1 << 20, 1 << 8, 64 << 20),
                integer("reset.max-kept-bytes", 64 << 20, 1 << 10, 512 << 20),
                integer("reset.keep-days", 90, 1, 3_650),
                integer("reset.lines-per-second", 100_000, 1_000, 100_000_000));
    }

    private Settings.Plausibility plausibility() {
        return new Settings.Plausibility(
                bool("plausibility.enabled", true),
                share("plausibility.rows", 0.5),
                share("plausibility.units", 0.5),
                share("plausibility.zero-share", 0.3),
                integer("plausibility.missing-facilities", 0, 0, 100_000),
                duration("plausibility.time-of-day", "PT2H"));
    }

    private Settings.Schedule schedule() {
        Map<String, LocalTime> times = new LinkedHashMap<>();
        times.put("list", time("schedule.list", "01:00"));
        times.put("filter", time("schedule.filter", "01:30"));
        times.put("reset", time("schedule.reset", "02:00"));
        times.put("variance", time("schedule.variance", "03:00"));
        return new Settings.Schedule(
                bool("schedule.enabled", true),
                Map.copyOf(times),
                parsed("schedule.catch-up", "LAST", Settings.CatchUp::valueOf, Settings.CatchUp.LAST),
                integer("schedule.retries", 6, 0, 10),
                pause("schedule.retry-delay", "PT1M"));
    }

    private ZoneId zone() {
        return parsed("zone", ZoneId.systemDefault().getId(), ZoneId::of, ZoneId.systemDefault());
    }

    private Optional<String> bootstrapKey() {
        Optional<String> key = secret("bootstrap.key");
        if (key.isPresent() && !key.get().matches("evs_[A-Za-z0-9_-]{43,200}")) {
            faults.add("evenstock.bootstrap.key must be evs_ and at least 43 of A-Z a-z 0-9 _ -");
        }
        return key;
    }

    private List<SecretKey> secretKeys() {
        return secret("secrets.key").stream()
                .flatMap(keys -> Arrays.stream(keys.split("[,\\s]+")))
                .flatMap(key -> secretKey(key).stream())
                .toList();
    }

    private Optional<SecretKey> secretKey(String base64) {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            if (bytes.length == SECRET_KEY_BYTES) {
                return Optional.of(new SecretKeySpec(bytes, "AES"));
            }
        } catch (IllegalArgumentException noBase64) {
            // Told below, as for a key of another length; what it is is told nowhere.
        }
        faults.add("evenstock.secrets.key must be " + SECRET_KEY_BYTES
                + " bytes in base64, or several such keys separated by commas, the newest first");
        return Optional.empty();
    }

    private Optional<String> optional(String name) {
        return source.apply("evenstock." + name).filter(value -> !value.isBlank());
    }

    /** A secret stands in its setting or in the file that {@code <name>.file} (in the environment {@code …_FILE}) names. */
    private Optional<String> secret(String name) {
        Optional<String> file = optional(name + ".file");
        if (file.isEmpty()) {
            return optional(name);
        }
        try {
            return Optional.of(Files.readString(Path.of(file.get())).strip());
        } catch (IOException unreadable) {
            faults.add("evenstock." + name + ": its file " + file.get() + " cannot be read");
            return Optional.empty();
        }
    }

    private String text(String name, String byDefault) {
        return optional(name).orElse(byDefault);
    }

    private String containing(String name, String byDefault, String part) {
        String value = text(name, byDefault);
        if (!value.contains(part)) {
            faults.add("evenstock." + name + " must contain " + part + ": " + value);
        }
        return value;
    }

    private String folder(String name, String byDefault) {
        String value = text(name, byDefault);
        if (!value.startsWith("/") || value.endsWith("/") || value.contains("/..")) {
            faults.add("evenstock." + name + " must be an absolute folder without trailing slash: " + value);
        }
        return value;
    }

    private Path path(String name, String byDefault) {
        return Path.of(text(name, byDefault));
    }

    private Path readable(Path file) {
        if (!Files.isReadable(file)) {
            faults.add("evenstock.sftp.key-file cannot be read: " + file);
        }
        return file;
    }

    private char character(String name, char byDefault) {
        String value = text(name, String.valueOf(byDefault));
        if (value.length() != 1 || value.charAt(0) > 126 || value.charAt(0) == '"') {
            faults.add("evenstock." + name + " must be one ASCII character: " + value);
            return byDefault;
        }
        return value.charAt(0);
    }

    private int integer(String name, int byDefault, int least, int most) {
        int value = parsed(name, String.valueOf(byDefault), Integer::parseInt, byDefault);
        if (value < least || value > most) {
            faults.add("evenstock." + name + " must be from " + least + " to " + most + ": " + value);
        }
        return value;
    }

    private double share(String name, double byDefault) {
        double value = parsed(name, String.valueOf(byDefault), Double::parseDouble, byDefault);
        if (!(value >= 0 && value <= 1)) {
            faults.add("evenstock." + name + " must be from 0 to 1: " + value);
        }
        return value;
    }

    private boolean bool(String name, boolean byDefault) {
        String value = text(name, String.valueOf(byDefault));
        if (!value.equals("true") && !value.equals("false")) {
            faults.add("evenstock." + name + " must be true or false: " + value);
        }
        return value.equals("true");
    }

    private Duration duration(String name, String byDefault) {
        Duration value = parsed(name, byDefault, Duration::parse, Duration.parse(byDefault));
        if (value.isNegative() || value.compareTo(Duration.ofDays(1)) > 0) {
            faults.add("evenstock." + name + " must be from PT0S to P1D: " + value);
        }
        return value;
    }

    private LocalTime time(String name, String byDefault) {
        return parsed(name, byDefault, LocalTime::parse, LocalTime.parse(byDefault));
    }

    private <T> T parsed(String name, String byDefault, Function<String, T> parse, T onFault) {
        String value = text(name, byDefault);
        try {
            return parse.apply(value);
        } catch (DateTimeException | IllegalArgumentException unusable) {
            faults.add("evenstock." + name + " is unusable: " + value + " (" + unusable.getMessage() + ")");
            return onFault;
        }
    }

    private Settings.Feed feed() {
        return new Settings.Feed(
                bool("feed.enabled", true),
                folder("sftp.feed", "/erp/reset"),
                parsed("feed.name-pattern", FEED_NAMES, NamePattern::of, NamePattern.of(FEED_NAMES)),
                pause("feed.interval", "PT60S"),
                parsed("feed.as-of", "NAME", Settings.AsOf::valueOf, Settings.AsOf.NAME),
                text("feed.as-of-column", "asOf"),
                integer("feed.max-bytes", 1 << 30, 1 << 10, Integer.MAX_VALUE));
    }

    private Settings.Downstream downstream() {
        return new Settings.Downstream(
                bool("downstream.enabled", true),
                atLeast("downstream.poll", "PT0.1S", Duration.ofMillis(10)),
                integer("downstream.chunk", 1_000, 10, 20_000),
                integer("downstream.webhook.batch", 500, 1, 5_000),
                pause("downstream.webhook.timeout", "PT10S"),
                pause("downstream.webhook.longest-pause", "PT10M"),
                integer("downstream.webhook.give-up-hours", 72, 1, 720),
                integer("downstream.webhook.most", 100, 1, 1_000),
                hosts("downstream.webhook.allowed-hosts"));
    }

    private Settings.Alerts alerts() {
        return new Settings.Alerts(
                pause("alert.interval", "PT30S"),
                duration("alert.calm", "PT5M"),
                duration("alert.file-late", "PT30M"),
                duration("alert.step-late", "PT1H"),
                duration("alert.feed-silent", "PT0S"),
                duration("alert.behind", "PT15M"),
                integer("alert.drift-percent", 25, 0, 100),
                integer("alert.drift-units", 0, 0, Integer.MAX_VALUE),
                optional("alert.base-address").flatMap(text -> address("alert.base-address", text)),
                alertWebhook(),
                optional("alert.mail.host").flatMap(this::mail));
    }

    private Optional<Settings.Hook> alertWebhook() {
        Optional<String> secret = secret("alert.webhook.secret");
        if (secret.isPresent() && !secret.get().matches("whsec_[A-Za-z0-9+/]{32,100}={0,2}")) {
            faults.add("evenstock.alert.webhook.secret must be whsec_ and at least 24 bytes in base64");
        }
        return optional("alert.webhook.url")
                .flatMap(text -> address("alert.webhook.url", text))
                .map(address -> new Settings.Hook(address, secret));
    }

    /** What it says may be secret, so a fault does not repeat it. */
    private Optional<URI> address(String name, String text) {
        try {
            URI address = new URI(text);
            if (address.getHost() != null
                    && ("https".equals(address.getScheme()) || "http".equals(address.getScheme()))
                    && address.getRawUserInfo() == null) {
                return Optional.of(address);
            }
        } catch (URISyntaxException malformed) {
            // told below
        }
        faults.add("evenstock." + name + " must be an http or https address without user");
        return Optional.empty();
    }

    private Optional<Settings.Mail> mail(String host) {
        Settings.MailSecurity security = parsed(
                "alert.mail.security", "STARTTLS", Settings.MailSecurity::valueOf, Settings.MailSecurity.STARTTLS);
        List<String> to = Arrays.stream(text("alert.mail.to", "").split(","))
                .map(String::strip)
                .filter(each -> !each.isEmpty())
                .map(each -> mailAddress("alert.mail.to", each))
                .toList();
        if (to.isEmpty() || to.size() > MOST_MAILED) {
            faults.add("evenstock.alert.mail.to must name 1 to " + MOST_MAILED + " addresses, separated by commas");
        }
        return Optional.of(new Settings.Mail(
                host,
                integer("alert.mail.port", security == Settings.MailSecurity.TLS ? 465 : 587, 1, 65_535),
                security,
                mailLogin(),
                mailAddress("alert.mail.from", text("alert.mail.from", "evenstock@localhost")),
                to));
    }

    private Optional<Settings.FirstUser> mailLogin() {
        Optional<String> user = optional("alert.mail.user");
        Optional<String> password = secret("alert.mail.password");
        if (user.isPresent() != password.isPresent()) {
            faults.add("evenstock.alert.mail.user and evenstock.alert.mail.password belong together: one of them is"
                    + " missing");
        }
        return user.flatMap(name -> password.map(secret -> new Settings.FirstUser(name, secret)));
    }

    private String mailAddress(String name, String address) {
        if (!address.matches("[^\\s@<>,;:\"]{1,64}@[A-Za-z0-9.-]{1,253}")) {
            faults.add("evenstock." + name + " is no mail address: " + address);
        }
        return address;
    }

    private Set<String> hosts(String name) {
        return Arrays.stream(text(name, "").split(","))
                .map(host -> host.strip().toLowerCase(Locale.ROOT))
                .filter(host -> !host.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Two flows in one folder would take each other's files. */
    private void requireOwnFolder(Settings.Feed feed, Settings.Sftp others) {
        if (List.of(others.inbox(), others.filtered(), others.variance()).contains(feed.folder())) {
            faults.add("evenstock.sftp.feed must be a folder of its own: " + feed.folder());
        }
    }

    private Duration pause(String name, String byDefault) {
        return atLeast(name, byDefault, Duration.ofSeconds(1));
    }

    private Duration atLeast(String name, String byDefault, Duration least) {
        Duration value = duration(name, byDefault);
        if (value.compareTo(least) < 0) {
            faults.add("evenstock." + name + " must be at least " + least + ": " + value);
        }
        return value;
    }
}
