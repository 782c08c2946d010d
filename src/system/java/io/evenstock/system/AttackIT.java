package io.evenstock.system;

import static io.evenstock.system.RawClient.header;
import static io.evenstock.system.RawClient.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.evenstock.http.OpenApiDocument;
import io.evenstock.lab.Secrets;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A catalogue of attacks, run against every call of the document that the server itself tells: a new call is attacked as soon
 * as it stands there, and fails here if it says too little. No attack is answered by a failure of the server or with a
 * word about its inside, and none changes anything.
 *
 * <p>Elsewhere: the console's pages ConsoleAttackIT, brute force and noise RateLimitIT, webhooks to addresses within
 * DownstreamIT and SenderTest, scripts in names ConsoleIT.
 */
@ExtendWith(Evenstock.class)
class AttackIT {
    static final String MARK = "forged" + Long.toString(System.nanoTime(), 36);
    static final Pattern INSIDE = Pattern.compile("\\bat [a-z]+(\\.[\\w$]+)+\\(|Exception\\b|SQLSTATE|PSQL|syntax error"
            + "|ERROR: |org\\.postgresql|jakarta\\.|<web-app|ui:composition|root:x:");
    static final List<String> HOSTILE = List.of(
            "' or '1'='1",
            "'; select pg_sleep(60); --",
            "\"; drop table movement cascade; --",
            "$$||(select string_agg(key_sha256::text,',') from api_key)||$$",
            "\\'; truncate audit; --",
            "${jndi:ldap://127.0.0.1:1/x}#{7*7}${7*7}",
            "<script>alert(1)</script>",
            "=cmd|' /C calc'!A0",
            "../../../../../../etc/passwd",
            "x\r\n" + MARK + ": header\r\n\r\n" + MARK + " body",
            "x\u0085" + MARK + "\u2028" + MARK,
            "\u0000",
            "\u202e\ufeff\ud83d\ude00",
            "%s%n%x%00",
            "A".repeat(20_000),
            "-1",
            "1e9999",
            "9223372036854775808",
            "2026-13-45T99:99:99Z");

    /** The server itself refuses longer addresses, without a word. */
    static final int MOST_IN_AN_ADDRESS = 3_000;

    private static final List<String> ROLES = List.of("pos", "integration", "operator", "admin");
    private static final Pattern FACILITY = Pattern.compile("[fF]acilityId[=\"]:?\"?([^\"&]+)");

    /** How many attacks, and calls with a body, those do who may do less than an admin, where not all is done. */
    private static final int TEXTS = 60;

    private static final int BODIES = 2;

    /** As it is by default. */
    private static final int MAX_BODY = 8 << 20;

    private static final int PIECE = 64 << 10;

    private List<Target> targets = List.of();
    private final List<String> faults = new ArrayList<>();
    private Shop shop;
    private String before = "";

    @BeforeEach
    void look(Evenstock.Running evenstock) throws IOException {
        OpenApiDocument told = OpenApiDocument.of(
                evenstock.raw().withKey(null).get("/api-docs/openapi.yaml").body());
        targets = Target.all(told);
        assertTrue(targets.size() > 40, () -> "only " + targets.size());
        shop = evenstock.newShop();
        shop.knowFacilities("101");
        shop.knowProducts(1, 2);
        shop.move("101", 1, 5, "found", shop.at("10:00"));
        shop.ship("S", "101", 2, 3, shop.at("10:30"));
        before = fingerprint(evenstock);
    }

    @AfterEach
    void nothingHasHappened(Evenstock.Running evenstock) throws IOException {
        assertTrue(faults.isEmpty(), () -> String.join("\n", faults));
        assertEquals(before, fingerprint(evenstock));
        assertEquals(200, evenstock.raw().get("/api/health/ready").statusCode());
        List<String> forged = Files.readAllLines(evenstock.log()).stream()
                .filter(line -> line.startsWith(MARK))
                .toList();
        assertEquals(List.of(), forged, "no line of the log is begun from outside");
    }

    /** What must stay: this shop's figures and facts, tables, users but for those an admin may name like a number, pauses. */
    private String fingerprint(Evenstock.Running evenstock) throws IOException {
        String facility = shop.facility("101");
        return evenstock.raw().get("/api/inventory?facilityId=" + facility).body()
                + evenstock.query("""
                        select concat_ws(' ',
                            (select md5(string_agg(m::text, '|' order by m.event_id)) from movement m
                             where facility_id = '%1$s'),
                            (select md5(string_agg(i::text, '|' order by i.shipment_id)) from shipment_item i
                             join facility using (facility_key) where facility_id = '%1$s'),
                            (select string_agg(relname, ',' order by relname) from pg_class
                             where relkind in ('r', 'p', 'v') and not relispartition
                               and relnamespace = 'public'::regnamespace),
                            (select md5(string_agg(concat(name, role, password, disabled_at), '|' order by name))
                             from console_user where name !~ '^[0-9]'),
                            (select count(*) from timer_pause))
                        """.formatted(facility));
    }

    @Test
    void withoutAKeyThereIsNothing(Evenstock.Running evenstock) throws IOException {
        RawClient.Made revoked = evenstock.raw().make("atk revoked", "admin", "");
        assertEquals(204, evenstock.raw().delete("/api/keys/" + revoked.keyId()).statusCode());
        String good = String.valueOf(evenstock.raw().key());
        List<String> tries = List.of(
                "Bearer " + Secrets.apiKey(),
                "Bearer " + revoked.key(),
                "Bearer " + good + "x",
                "Bearer " + good.substring(0, good.length() - 1),
                "Bearer ' or '1'='1",
                "Bearer",
                "Basic YWRtaW46YWRtaW4=",
                "Bearer " + "A".repeat(4_000));
        int from = 0;
        for (Target target : targets) {
            String[] outside = {"X-Forwarded-For", "203.0.113." + (from++ % 250 + 1)};
            expect(
                    target,
                    401,
                    evenstock.raw().withKey(null).call(target.method(), target.path(), target.text(), outside));
            for (String header : tries) {
                HttpResponse<String> answer = evenstock
                        .raw()
                        .withKey(null)
                        .call(
                                target.method(),
                                target.path(),
                                target.text(),
                                outside[0],
                                outside[1],
                                "Authorization",
                                header);
                expect(target, 401, answer);
            }
        }
    }

    @Test
    void aRoleThatIsNotNamedIsForbidden(Evenstock.Running evenstock) throws IOException {
        for (String role : ROLES) {
            String facilities = role.equals("pos") ? ",\"facilities\":[\"atk-none\"]" : "";
            RawClient caller = evenstock
                    .raw()
                    .withKey(evenstock
                            .raw()
                            .make("atk " + role, role, facilities)
                            .key());
            for (Target target : targets) {
                if (!target.roles().isEmpty() && !target.roles().contains(role)) {
                    HttpResponse<String> answer = caller.call(
                            target.method(), target.path(), target.text(), "X-Forwarded-For", "203.0.113.99");
                    expect(target, 403, answer);
                }
            }
        }
    }

    @Test
    void aKeyOfAnotherStoreReachesNothingHere(Evenstock.Running evenstock) throws IOException {
        RawClient stranger = evenstock
                .raw()
                .withKey(evenstock
                        .raw()
                        .make("atk stranger", "pos", ",\"facilities\":[\"atk-none\"]")
                        .key());
        String here = shop.facility("101");
        int reached = 0;
        for (Target target : targets) {
            if (target.roles().contains("pos")) {
                String body = target.textAt(here);
                assertTrue(
                        target.parameters("query").contains("facilityId") || (body != null && body.contains(here)),
                        () -> target + ": how does it know the facility?");
                String path = target.path(Map.of(
                        "facilityId", here, "idType", "UPCA", "idValue", shop.upc(1), "after", "", "figures", "true"));
                HttpResponse<String> answer = stranger.call(target.method(), path.replaceAll("after=(&|$)", ""), body);
                expect(target, 403, answer);
                if (body != null) {
                    HttpResponse<String> many = stranger.call(target.method(), path, "[" + body + "]");
                    assertEquals(
                            "/problems/forbidden",
                            Shop.json(many.body())
                                    .asJsonArray()
                                    .getJsonObject(0)
                                    .getJsonObject("problem")
                                    .getString("type"));
                }
                reached++;
            }
        }
        assertTrue(reached >= 5, "the calls of a till and of its store's figures");
    }

    /** Who may most, and of the others in a sample one. */
    private static List<String> attackers() {
        List<String> attackers = new ArrayList<>(List.of("admin"));
        attackers.addAll(Proof.chosen(
                "attacker", ROLES.stream().filter(role -> !role.equals("admin")).toList(), 1));
        return attackers;
    }

    @Test
    void noTextIsMoreThanText(Evenstock.Running evenstock) throws IOException {
        for (String role : attackers()) {
            RawClient caller = as(role, evenstock);
            List<Attack> attacks = attacks(role);
            int most = role.equals("admin") ? attacks.size() / 2 : TEXTS;
            for (Attack attack : Proof.chosen("texts of " + role, attacks, most)) {
                attack(caller, attack);
            }
        }
    }

    /** A hostile text at one place of a call. */
    private record Attack(
            Target target,
            String where,
            String hostile,
            String path,
            @Nullable String body) {}

    /** All on what a role may call. */
    private List<Attack> attacks(String role) {
        List<Attack> attacks = new ArrayList<>();
        for (Target target : allowed(role)) {
            for (String hostile : HOSTILE) {
                for (String in : List.of("path", "query")) {
                    for (String name : target.parameters(in)) {
                        String path = target.path(Map.of(name, shortened(hostile)));
                        attacks.add(new Attack(target, name, hostile, path, target.text()));
                    }
                }
                target.bodies(hostile)
                        .forEach((place, body) -> attacks.add(new Attack(target, place, hostile, target.path(), body)));
            }
        }
        return attacks;
    }

    private List<Target> allowed(String role) {
        return targets.stream()
                .filter(target -> target.roles().isEmpty() || target.roles().contains(role))
                .toList();
    }

    /** A till is at all facilities of the examples, so that it is not refused for another's. */
    private RawClient as(String role, Evenstock.Running evenstock) throws IOException {
        if (role.equals("admin")) {
            return evenstock.raw();
        }
        String facilities = targets.stream()
                .flatMap(target ->
                        FACILITY.matcher(target.path() + target.text()).results())
                .map(facility -> "\"" + facility.group(1) + "\"")
                .distinct()
                .collect(Collectors.joining(","));
        String rest = role.equals("pos") ? ",\"facilities\":[" + facilities + "]" : "";
        return evenstock
                .raw()
                .withKey(evenstock.raw().make("atk texts " + role, role, rest).key());
    }

    private void attack(RawClient caller, Attack attack) throws IOException {
        String method = attack.target().method();
        HttpResponse<String> answer;
        try {
            answer = caller.call(method, attack.path(), attack.body());
        } catch (HttpTimeoutException hangs) {
            faults.add(attack.target() + " " + attack.where() + "=" + beginning(attack.hostile()) + ": no answer");
            return;
        } catch (IOException hungUp) {
            // A connection that the server has closed after what it refused before.
            answer = caller.call(method, attack.path(), attack.body());
        }
        harmless(attack.target(), attack.where(), attack.hostile(), answer);
    }

    private static String shortened(String hostile) {
        return hostile.substring(0, Math.min(hostile.length(), MOST_IN_AN_ADDRESS));
    }

    @Test
    void aBodyThatIsNoGoodJsonIsRefused(Evenstock.Running evenstock) throws IOException {
        for (String role : attackers()) {
            RawClient caller = as(role, evenstock);
            List<Target> taking = allowed(role).stream()
                    .filter(target -> target.body() != null)
                    .toList();
            for (Target target : role.equals("admin") ? taking : Proof.chosen("bodies of " + role, taking, BODIES)) {
                sendNoGoodJson(caller, target);
            }
        }
    }

    private void sendNoGoodJson(RawClient caller, Target target) throws IOException {
        String xxe = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY y SYSTEM \"file:///etc/passwd\">]><x>&y;</x>";
        String path = target.path();
        String method = target.method();
        for (String type : List.of(
                "application/xml",
                "text/xml",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/x-java-serialized-object",
                "text/plain")) {
            expect(target, 415, caller.call(method, path, xxe, "Content-Type", type));
        }
        expect(target, 415, caller.call(method, path, target.text(), "Content-Encoding", "gzip"));
        expect(target, 400, caller.call(method, path, xxe));
        expect(target, 413, caller.call(method, path, new byte[9 << 20]));
        expect(target, 400, caller.call(method, path, "[".repeat(20_000) + "]".repeat(20_000)));
        expect(target, 400, caller.call(method, path, "{\"a\":".repeat(20_000)));
        expect(target, 400, caller.call(method, path, "{\"a\":1,\"a\":2}"));
        expect(target, 400, caller.call(method, path, "[{\"a\":1,\"a\":2}]"));
        expect(target, 400, caller.call(method, path, "{\"a\":" + "9".repeat(100_000) + "}"));
        expect(target, 400, caller.call(method, path, new byte[] {'{', '"', (byte) 0xc3, '"', ':', '1', '}'}));
    }

    /** One byte more than may be, and its end never comes: whoever waited for that would not answer. */
    @Test
    void aBodyOfUnknownLengthIsReadToTheBoundOnly(Evenstock.Running evenstock) throws IOException {
        for (Target target : targets) {
            if (target.body() != null) {
                int status = statusOfAnEndlessBody(evenstock.raw(), target);
                boolean leadsNowhere =
                        status == 404 && !target.parameters("path").isEmpty();
                if (status != 413 && !leadsNowhere) {
                    faults.add(target + ": " + status + " instead of 413");
                }
            }
        }
    }

    private static int statusOfAnEndlessBody(RawClient caller, Target target) throws IOException {
        String piece = Integer.toHexString(PIECE) + "\r\n" + "[".repeat(PIECE) + "\r\n";
        try (Wire wire = new Wire(caller.baseAddress())) {
            wire.say("%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
                    .formatted(target.method(), target.path(), caller.key()));
            wire.say("Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int said = 0; said < MAX_BODY; said += PIECE) {
                wire.say(piece);
            }
            return wire.say("1\r\n[\r\n").status();
        }
    }

    /** Another way of writing a path is no way round the key. */
    @Test
    void noSpellingOfAPathOpensIt(Evenstock.Running evenstock) throws IOException {
        URI server = evenstock.raw().baseAddress();
        for (Target target : targets) {
            String rest = target.path().substring("/api/".length());
            for (String spelled : List.of(
                    "/api/%2e/" + rest,
                    "/api//" + rest,
                    "//api/" + rest,
                    "/api;a=b/" + rest,
                    "/api/" + rest.replaceFirst("(\\?|$)", ";a=b$1"),
                    "/api/" + rest.replaceFirst("(\\?|$)", "/$1"),
                    "/api/" + rest.replaceFirst("(\\?|$)", "%00$1"),
                    "/api/x/../" + rest,
                    "/api/health/live/../../" + rest,
                    "/api/health/live/..;/../" + rest,
                    "/API/" + rest,
                    "/%61pi/" + rest,
                    "/api%2f" + rest,
                    "/api/health%2flive%2f..%2f..%2f" + rest)) {
                String answer = Wire.ask(server, """
                        %s %s HTTP/1.1\r
                        Host: localhost\r
                        X-Forwarded-For: 203.0.113.77\r
                        Content-Length: 0\r
                        Connection: close\r
                        \r
                        """.formatted(target.method(), spelled));
                int status = Wire.status(answer);
                if (status < 300 || status >= 500) {
                    faults.add(target + " as " + spelled + ": " + status);
                }
            }
        }
    }

    @Test
    void noPathLeadsOutOfTheApplication(Evenstock.Running evenstock) throws IOException {
        URI server = evenstock.raw().baseAddress();
        for (String path : List.of(
                "/WEB-INF/web.xml",
                "/web-inf/web.xml",
                "/WEB-INF/classes/META-INF/persistence.xml",
                "/META-INF/MANIFEST.MF",
                "/api-docs/../WEB-INF/web.xml",
                "/api-docs/..%2fWEB-INF/web.xml",
                "/api-docs/%2e%2e/WEB-INF/web.xml",
                "/api-docs/..;/WEB-INF/web.xml",
                "/api-docs/..%5cWEB-INF%5cweb.xml",
                "/webjars/../WEB-INF/web.xml",
                "/webjars/swagger-ui/..%2f..%2f..%2fWEB-INF/web.xml",
                "/problems/..%2f..%2fWEB-INF%2fweb.xml",
                "/problems/../META-INF/openapi",
                "/console-assets/../WEB-INF/web.xml",
                "/console-assets/..%2f..%2f..%2f..%2fetc%2fpasswd",
                "/console/../WEB-INF/web.xml",
                "/WEB-INF/console/page.xhtml",
                "/console/tonight.xhtml",
                "/jakarta.faces.resource/web.xml.xhtml?ln=../WEB-INF",
                "/jakarta.faces.resource/../WEB-INF/web.xml.xhtml",
                "/jakarta.faces.resource/tonight.xhtml.xhtml?ln=../console",
                "/jakarta.faces.resource/..%2fWEB-INF%2fweb.xml.xhtml",
                "/jakarta.faces.resource/dynamiccontent.properties.xhtml?ln=primefaces&pfdrt=sc&pfdrid=x",
                "/../../../../etc/passwd",
                "/%2e%2e/%2e%2e/%2e%2e/etc/passwd")) {
            String answer =
                    Wire.ask(server, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            int status = Wire.status(answer);
            boolean told =
                    status == 200 && answer.replaceFirst("(?s).*?\r\n\r\n", "").length() > "0\r\n\r\n".length();
            if (status >= 500 || told || INSIDE.matcher(answer).find()) {
                faults.add(path + ": " + answer.substring(0, Math.min(300, answer.length())));
            }
        }
    }

    @Test
    void whatIsNoHttpIsRefusedAndOthersAreAnswered(Evenstock.Running evenstock) throws IOException {
        URI server = evenstock.raw().baseAddress();
        String key = "Authorization: Bearer " + evenstock.raw().key() + "\r\n";
        String close = "Host: localhost\r\nConnection: close\r\n";
        String smuggled = "GET /api/keys HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        for (String request : List.of(
                "TRACE /api/runs HTTP/1.1\r\n" + close + key + "\r\n",
                "CONNECT localhost:22 HTTP/1.1\r\n" + close + "\r\n",
                "GET /api/runs HTTP/1.1\r\n" + close + "X-Request-Id: " + "a".repeat(100_000) + "\r\n\r\n",
                "GET /api/runs?" + "a=b&".repeat(20_000) + " HTTP/1.1\r\n" + close + "\r\n",
                "GET /api/runs HTTP/1.1\r\n" + close + "X-A: b\r\n".repeat(5_000) + "\r\n",
                "GET /api/runs HTTP/1.1\r\n" + close + "X-Http-Method-Override: DELETE\r\n\r\n",
                "GET /api/runs HTTP/9.9\r\n" + close + "\r\n",
                "GE\u0000T /api/runs HTTP/1.1\r\n" + close + "\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
                "POST /api/runs/1/approval HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\nConnection: close\r\n\r\n",
                "POST /api/nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n"
                        + "Connection: close\r\n\r\n0\r\n\r\n" + smuggled)) {
            String answer = Wire.ask(server, request);
            int status = Wire.status(answer);
            // Undertow itself stumbles over CONNECT: a bare 500 before it has looked for an application.
            boolean stumbled = status == 500 && request.startsWith("CONNECT ");
            boolean refused =
                    status == 0 || (status >= 400 && status < 500) || status == 501 || status == 505 || stumbled;
            if (!refused || INSIDE.matcher(answer).find()) {
                faults.add(request.substring(0, 60) + ": " + answer.substring(0, Math.min(300, answer.length())));
            }
        }
    }

    /** A server takes a form into memory as a whole: so it is refused by its announced size, or because it has none. */
    @Test
    void aHugeFormIsRefusedBeforeItIsRead(Evenstock.Running evenstock) throws IOException {
        String form = String.join(
                "\r\n",
                "POST %s HTTP/1.1",
                "Host: localhost",
                "Content-Type: application/x-www-form-urlencoded",
                "Connection: close",
                "");
        for (String path : List.of("/console/login", "/console/login.xhtml", "/nothing.xhtml", "/nothing", "/error")) {
            for (String beginning :
                    List.of("Content-Length: 65537\r\n\r\na=b", "Transfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n")) {
                // Whoever wants to read all of it waits for the rest.
                try (Wire wire = new Wire(evenstock.address())) {
                    assertEquals(413, wire.say(form.formatted(path) + beginning).status(), path);
                }
            }
        }
    }

    /** The server is told by its settings that a proxy before it speaks TLS. */
    @Test
    void aSessionBeginsNoSoonerThanNeededAndItsCookieTravelsByTls(Evenstock.Running evenstock) throws IOException {
        RawClient nobody = evenstock.raw().withKey(null);
        HttpResponse<String> login = nobody.get("/console/login");
        assertEquals(200, login.statusCode());
        assertEquals("", header(login, "Set-Cookie"));
        String cookie = header(nobody.get("/console/tonight"), "Set-Cookie");
        assertTrue(cookie.startsWith("evenstock-session="), cookie);
        for (String attribute : List.of("secure", "httponly", "samesite=lax")) {
            assertTrue(cookie.toLowerCase(Locale.ROOT).contains("; " + attribute), cookie);
        }
    }

    @Test
    void whoSpeaksSlowlyHoldsUpNobody(Evenstock.Running evenstock) throws IOException {
        URI server = evenstock.raw().baseAddress();
        String key = "Authorization: Bearer " + evenstock.raw().key() + "\r\n";
        List<Wire> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                slow.add(new Wire(server).say("GET /api/runs HTTP/1.1\r\nHost: localhost\r\nX-Slow: "));
                slow.add(new Wire(server)
                        .say("POST /console/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
                                + "Content-Type: application/x-www-form-urlencoded\r\n\r\na=b"));
                slow.add(new Wire(server)
                        .say("POST /api/UpdateInventory HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
                                + "Content-Type: application/json\r\n" + key + "\r\n{"));
            }
            for (int i = 0; i < 20; i++) {
                assertEquals(200, evenstock.raw().get("/api/runs?limit=1").statusCode());
            }
        } finally {
            for (Wire wire : slow) {
                wire.close();
            }
        }
    }

    /** What leads nowhere may be told to, once the caller is known. */
    private void expect(Target target, int status, HttpResponse<String> answer) {
        boolean leadsNowhere = answer.statusCode() == 404
                && status != 401
                && status != 403
                && !target.parameters("path").isEmpty();
        if (answer.statusCode() != status && !leadsNowhere) {
            faults.add(target + ": " + answer.statusCode() + " instead of " + status + ": " + beginning(answer));
        }
        harmless(target, "", "", answer);
    }

    /** Whatever was asked for: no failure of the server, nothing about its inside, no header from outside, and its own once. */
    private void harmless(Target target, String where, String hostile, HttpResponse<String> answer) {
        boolean good = answer.statusCode() < 500
                && !INSIDE.matcher(answer.body()).find()
                && answer.headers().map().keySet().stream().noneMatch(name -> name.contains(MARK));
        // A path with %2F, %5C or %00 in it the server itself refuses, before any application and without a word.
        boolean wordless = target.parameters("path").contains(where)
                && answer.statusCode() == 400
                && answer.body().isEmpty();
        if (!wordless) {
            good = good
                    && answer.headers().allValues("X-Content-Type-Options").equals(List.of("nosniff"))
                    && answer.headers().allValues("Cache-Control").size() == 1;
        }
        if (good && !wordless && answer.statusCode() >= 400) {
            good = header(answer, "Content-Type").startsWith("application/problem+json")
                    && json(answer).getInt("status") == answer.statusCode();
        }
        if (!good) {
            faults.add(target + " " + where + "=" + beginning(hostile) + ": " + answer.statusCode() + " "
                    + beginning(answer) + " " + answer.headers().map());
        }
    }

    private static String beginning(HttpResponse<String> answer) {
        return beginning(answer.body());
    }

    private static String beginning(@Nullable String text) {
        String all = String.valueOf(text);
        return all.substring(0, Math.min(200, all.length()));
    }
}
