package io.evenstock.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.evenstock.http.ProblemException;
import io.evenstock.settings.Settings;
import io.evenstock.settings.SettingsReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is believed of an identity provider, which here says whatever a test wants. */
class OpenIdTest {
    private static final String CLIENT = "evenstock";
    private static final String SECRET = "s3cret:/with=odd&signs";
    private static final RsaJsonWebKey KEY = key();
    private static final RsaJsonWebKey OTHER_KEY = key();

    private OpenId openId;
    private HttpServer provider;
    private String issuer;
    private String authorization = "";
    private Map<String, String> exchanged = Map.of();
    private String token = "";
    private boolean namesItself;

    @BeforeEach
    void start() throws IOException {
        provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer = "http://localhost:" + provider.getAddress().getPort() + "/corp";
        answer("/corp/.well-known/openid-configuration", () -> """
                {"issuer":"%1$s","authorization_endpoint":"%1$s/login?tenant=1","token_endpoint":"%1$s/token",
                 "jwks_uri":"%1$s/keys","authorization_response_iss_parameter_supported":%2$b}
                """.formatted(issuer, namesItself));
        answer("/corp/keys", () -> "{\"keys\":[" + KEY.toJson() + "]}");
        provider.createContext("/corp/token", this::exchange);
        provider.start();
        openId = openId(Map.of(), Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        provider.stop(0);
    }

    @Test
    void whoeverTheProviderTellsIsLetInWithTheHighestRole() throws Exception {
        Identity identity = identity(claims -> claims.setStringListClaim("groups", "viewers", "ops", "lunch"));
        assertEquals(new Identity(issuer + " 4711", "olga", UserRole.OPERATOR), identity);
    }

    @Test
    void aRoleMayStandInAnotherClaimOrAlone() throws Exception {
        openId = openId(Map.of("evenstock.openid.role-claim", "realm_access.roles"), Clock.systemUTC());
        assertEquals(
                UserRole.ADMIN,
                identity(claims -> claims.setClaim("realm_access", Map.of("roles", List.of("root"))))
                        .role());
        openId = openId(Map.of("evenstock.openid.role-claim", "https://example.org/role"), Clock.systemUTC());
        assertEquals(
                UserRole.VIEWER,
                identity(claims -> claims.setStringClaim("https://example.org/role", "viewers"))
                        .role());
    }

    @Test
    void theQuestionHasAllThatBindsTheAnswerToIt() throws Exception {
        OpenId.Question question = openId.question();
        String address = openId.address(question);
        assertTrue(address.startsWith(issuer + "/login?tenant=1&"), address);
        Map<String, String> asked = fields(String.valueOf(URI.create(address).getRawQuery()));
        assertEquals("code", asked.get("response_type"));
        assertEquals(CLIENT, asked.get("client_id"));
        assertEquals("https://stock.example.org/console/openid", asked.get("redirect_uri"));
        assertEquals("openid profile", asked.get("scope"));
        assertEquals(question.state(), asked.get("state"));
        assertEquals(question.nonce(), asked.get("nonce"));
        assertEquals("S256", asked.get("code_challenge_method"));
        assertFalse(address.contains(question.verifier()));
        identity(question, claims(question, claims -> {}), answer(question));
        assertEquals(asked.get("code_challenge"), challenge(String.valueOf(exchanged.get("code_verifier"))));
        assertEquals("the-code", exchanged.get("code"));
        assertEquals("https://stock.example.org/console/openid", exchanged.get("redirect_uri"));
        String basic =
                new String(Base64.getDecoder().decode(authorization.replace("Basic ", "")), StandardCharsets.US_ASCII);
        assertEquals("evenstock:s3cret%3A%2Fwith%3Dodd%26signs", basic);
        assertEquals(4, exchanged.size(), exchanged::toString);
    }

    @Test
    void noOtherGroupMakesARole() throws Exception {
        assertNull(identity(claims -> claims.setStringListClaim("groups", "lunch", "OPS"))
                .role());
        assertNull(identity(claims -> claims.unsetClaim("groups")).role());
        assertNull(identity(claims -> claims.setClaim("groups", Map.of("ops", true)))
                .role());
    }

    @Test
    void noOtherAnswerIsBelieved() {
        refused(claims -> claims.setClaim("nonce", "another"));
        refused(claims -> claims.unsetClaim("nonce"));
        refused(claims -> claims.setIssuer(issuer + "/"));
        refused(claims -> claims.unsetClaim("iss"));
        refused(claims -> claims.setAudience("somebody else"));
        refused(claims -> claims.unsetClaim("aud"));
        refused(claims -> claims.setAudience(CLIENT, "somebody else"));
        refused(claims -> claims.setClaim("azp", "somebody else"));
        refused(claims -> claims.unsetClaim("sub"));
        refused(claims -> claims.setSubject("4711\n"));
        refused(claims -> claims.setSubject("4".repeat(500)));
        refused(claims -> claims.unsetClaim("exp"));
        refused(claims -> claims.unsetClaim("iat"));
        refused(claims -> claims.setExpirationTime(
                NumericDate.fromSeconds(NumericDate.now().getValue() - 61)));
        refused(claims ->
                claims.setNotBefore(NumericDate.fromSeconds(NumericDate.now().getValue() + 120)));
    }

    @Test
    void noSignatureButTheProvidersIsBelieved() throws Exception {
        OpenId.Question question = openId.question();
        JwtClaims claims = claims(question, any -> {});
        for (String forged : new String[] {
            signed(claims, AlgorithmIdentifiers.RSA_USING_SHA256, OTHER_KEY.getPrivateKey()),
            signed(claims, AlgorithmIdentifiers.NONE, null),
            signed(
                    claims,
                    AlgorithmIdentifiers.HMAC_SHA256,
                    new HmacKey(KEY.getPublicKey().getEncoded())),
            "not.a.token",
            ""
        }) {
            token = forged;
            assertThrows(
                    Exception.class,
                    () -> openId.identity(question, answer(question)),
                    "believed: " + (forged.isEmpty() ? "nothing" : forged));
        }
        token = signed(claims, AlgorithmIdentifiers.RSA_USING_SHA256, KEY.getPrivateKey());
        assertEquals("olga", openId.identity(question, answer(question)).name());
    }

    @Test
    void anAnswerWithoutItsQuestionIsNotLookedAt() throws Exception {
        OpenId.Question question = openId.question();
        token = signed(claims(question, any -> {}), AlgorithmIdentifiers.RSA_USING_SHA256, KEY.getPrivateKey());
        OpenId.Answer answer = answer(question);
        for (OpenId.@Nullable Question other : Arrays.asList(null, openId.question())) {
            assertThrows(ProblemException.class, () -> openId.identity(other, answer));
        }
        assertThrows(
                ProblemException.class,
                () -> openId.identity(question, new OpenId.Answer(question.state(), "the-code", "https://evil", null)));
        for (String code : Arrays.asList(null, "the-code")) {
            assertThrows(
                    ProblemException.class,
                    () -> openId.identity(question, new OpenId.Answer(question.state(), code, null, "access_denied")));
        }
        OpenId late = openId(Map.of(), Clock.offset(Clock.systemUTC(), Duration.ofMinutes(16)));
        assertThrows(ProblemException.class, () -> late.identity(question, answer));
        assertEquals(Map.of(), exchanged);
    }

    @Test
    void aProviderThatNamesItselfInItsAnswersMustDoSo() throws Exception {
        namesItself = true;
        OpenId.Question question = openId.question();
        JwtClaims claims = claims(question, any -> {});
        assertThrows(ProblemException.class, () -> identity(question, claims, answer(question)));
        OpenId.Answer named = new OpenId.Answer(question.state(), "the-code", issuer, null);
        assertEquals("olga", identity(question, claims, named).name());
    }

    @ParameterizedTest
    @ValueSource(strings = {"evenstock.openid.issuer=http://login.example.org", "evenstock.openid.client-secret="})
    void whatWouldBeUnsafeIsNoSetting(String fault) {
        String[] parts = fault.split("=", 2);
        IllegalArgumentException faults =
                assertThrows(IllegalArgumentException.class, () -> settings(Map.of(parts[0], parts[1])));
        assertTrue(String.valueOf(faults.getMessage()).contains(parts[0]), faults::getMessage);
        assertFalse(String.valueOf(faults.getMessage()).contains(SECRET), faults::getMessage);
    }

    @Test
    void itIsOffByDefaultAndTheSecretIsInNoText() {
        assertEquals(
                Optional.empty(),
                new SettingsReader(name -> Optional.empty()).read().openId());
        assertFalse(openId.settings.toString().contains(SECRET));
    }

    private void refused(Consumer<JwtClaims> change) {
        ProblemException refused = assertThrows(ProblemException.class, () -> identity(change));
        assertTrue(String.valueOf(refused.getMessage()).contains("cannot be believed"), refused::getMessage);
    }

    private Identity identity(Consumer<JwtClaims> change) throws Exception {
        OpenId.Question question = openId.question();
        return identity(question, claims(question, change), answer(question));
    }

    private Identity identity(OpenId.Question question, JwtClaims claims, OpenId.Answer answer) throws Exception {
        token = signed(claims, AlgorithmIdentifiers.RSA_USING_SHA256, KEY.getPrivateKey());
        return openId.identity(question, answer);
    }

    private static OpenId.Answer answer(OpenId.Question question) {
        return new OpenId.Answer(question.state(), "the-code", null, null);
    }

    private JwtClaims claims(OpenId.Question question, Consumer<JwtClaims> change) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(issuer);
        claims.setSubject("4711");
        claims.setAudience(CLIENT);
        claims.setIssuedAtToNow();
        claims.setExpirationTimeMinutesInTheFuture(5);
        claims.setClaim("nonce", question.nonce());
        claims.setClaim("preferred_username", "olga");
        claims.setStringListClaim("groups", "ops");
        change.accept(claims);
        return claims;
    }

    private static String signed(JwtClaims claims, String algorithm, java.security.@Nullable Key key)
            throws JoseException {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setPayload(claims.toJson());
        signature.setAlgorithmHeaderValue(algorithm);
        signature.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
        signature.setKeyIdHeaderValue(KEY.getKeyId());
        if (key != null) {
            signature.setKey(key);
        }
        return signature.getCompactSerialization();
    }

    @SuppressWarnings("UnnecessaryAssignment") // no container is here to inject
    private OpenId openId(Map<String, String> changed, Clock clock) {
        OpenId made = new OpenId();
        made.settings = settings(changed);
        made.clock = clock;
        return made;
    }

    private Settings settings(Map<String, String> changed) {
        Map<String, String> all = new HashMap<>(Map.of(
                "evenstock.openid.issuer", issuer,
                "evenstock.openid.client-id", CLIENT,
                "evenstock.openid.client-secret", SECRET,
                "evenstock.alert.base-address", "https://stock.example.org/",
                "evenstock.openid.viewer", "viewers",
                "evenstock.openid.operator", "ops, night-ops",
                "evenstock.openid.admin", "root"));
        all.putAll(changed);
        return new SettingsReader(name -> Optional.ofNullable(all.get(name))).read();
    }

    private interface Text {
        String get();
    }

    private void answer(String path, Text text) {
        provider.createContext(path, exchange -> send(exchange, text.get()));
    }

    private void exchange(HttpExchange exchange) throws IOException {
        authorization = exchange.getRequestHeaders().getFirst("Authorization");
        exchanged = fields(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII));
        send(exchange, "{\"token_type\":\"Bearer\",\"access_token\":\"any\",\"id_token\":\"" + token + "\"}");
    }

    private static void send(HttpExchange exchange, String text) throws IOException {
        try (exchange) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static Map<String, String> fields(String form) {
        return Arrays.stream(form.split("&"))
                .map(field -> field.split("=", 2))
                .collect(Collectors.toMap(
                        field -> field[0], field -> URLDecoder.decode(field[1], StandardCharsets.UTF_8)));
    }

    private static String challenge(String verifier) throws NoSuchAlgorithmException {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    }

    private static RsaJsonWebKey key() {
        try {
            RsaJsonWebKey key = RsaJwkGenerator.generateJwk(2048);
            key.setKeyId("k1");
            return key;
        } catch (JoseException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
