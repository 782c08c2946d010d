package io.evenstock.access;

import io.evenstock.http.ProblemException;
import io.evenstock.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwt.consumer.Validator;
import org.jose4j.keys.resolvers.HttpsJwksVerificationKeyResolver;
import org.jspecify.annotations.Nullable;

/**
 * Login by OpenID Connect: the authorization code flow with PKCE (S256), state and nonce. An ID token is believed only if the
 * provider has signed it by one of its published keys, for this client, in answer to this very question, and not too long ago.
 * A code, token or secret is never logged.
 */
@ApplicationScoped
public class OpenId {
    private static final Logger LOG = Logger.getLogger(OpenId.class.getName());
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int RANDOM_BYTES = 32;
    private static final int CLOCKS_APART_SECONDS = 60;
    private static final int MAX_SUBJECT = 500;

    /** So long a question may be answered. */
    public static final Duration PATIENCE = Duration.ofMinutes(15);

    /** The provider's description of itself is asked for anew after so long. */
    private static final Duration KNOWN_FOR = Duration.ofHours(1);

    /** A failure is believed for so long. */
    private static final Duration FAILED_FOR = Duration.ofSeconds(10);

    /** A provider that answers slowly holds up no more than so many threads. */
    private static final int EXCHANGES_AT_A_TIME = 4;

    /** Only such that need the provider's private key. */
    private static final String[] SIGNATURES = {
        AlgorithmIdentifiers.RSA_USING_SHA256,
        AlgorithmIdentifiers.RSA_USING_SHA384,
        AlgorithmIdentifiers.RSA_USING_SHA512,
        AlgorithmIdentifiers.RSA_PSS_USING_SHA256,
        AlgorithmIdentifiers.RSA_PSS_USING_SHA384,
        AlgorithmIdentifiers.RSA_PSS_USING_SHA512,
        AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
        AlgorithmIdentifiers.ECDSA_USING_P384_CURVE_AND_SHA384,
        AlgorithmIdentifiers.ECDSA_USING_P521_CURVE_AND_SHA512,
        AlgorithmIdentifiers.EDDSA
    };

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    private final Semaphore exchanges = new Semaphore(EXCHANGES_AT_A_TIME);
    private final ReentrantLock asking = new ReentrantLock();
    private volatile Known known = new Known(null, Instant.EPOCH);

    /** @param provider null: it has not told yet */
    private record Known(@Nullable OpenIdProvider provider, Instant until) {
        OpenIdProvider required() throws IOException {
            if (provider == null) {
                throw new IOException(
                        "The identity provider has not told about itself yet; the next look is at " + until);
            }
            return provider;
        }
    }

    /**
     * What was asked of the provider, kept in the session of whoever asks.
     *
     * @param verifier what the code can be exchanged with only
     */
    public record Question(String state, String nonce, String verifier, Instant at) implements Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public String toString() {
            return "asked at " + at;
        }
    }

    /**
     * What the browser brings back; all of it may be anybody's.
     *
     * @param error why the provider has refused
     */
    public record Answer(
            @Nullable String state,
            @Nullable String code,
            @Nullable String issuer,
            @Nullable String error) {
        /** Nobody has answered anything. */
        public boolean isNone() {
            return state == null && code == null && error == null;
        }
    }

    /** What people call the provider; empty: there is none. */
    public Optional<String> title() {
        return settings.openId().map(Settings.OpenId::title);
    }

    /** A new question. */
    public Question question() {
        return new Question(random(), random(), random(), clock.instant());
    }

    /** Where a person's browser goes to be asked. @throws IOException if the provider does not tell */
    public String address(Question question) throws IOException {
        Settings.OpenId client = settings.openId().orElseThrow();
        Map<String, String> asked = new LinkedHashMap<>();
        asked.put("response_type", "code");
        asked.put("client_id", client.clientId());
        asked.put("redirect_uri", client.redirect().toString());
        asked.put("scope", String.join(" ", client.scopes()));
        asked.put("state", question.state());
        asked.put("nonce", question.nonce());
        asked.put("code_challenge", challenge(question.verifier()));
        asked.put("code_challenge_method", "S256");
        String authorization = provider().authorization();
        return authorization + (authorization.contains("?") ? "&" : "?") + OpenIdProvider.form(asked);
    }

    /** The question that this is an answer to. @throws ProblemException 403 if none was asked, or another, or long ago */
    public Question answered(@Nullable Question question, Answer answer) {
        if (question == null
                || answer.state() == null
                || !same(question.state(), answer.state())
                || question.at().plus(PATIENCE).isBefore(clock.instant())) {
            throw refused("the state is none that was asked with", "Log in once more from the login page.");
        }
        return question;
    }

    /**
     * Who it is.
     *
     * @throws ProblemException 403 if it is no answer to this question, cannot be believed, or is nobody's who may log in
     * @throws IOException if the provider does not answer
     */
    public Identity identity(@Nullable Question asked, Answer answer) throws IOException {
        Question question = answered(asked, answer);
        OpenIdProvider provider = provider();
        Settings.OpenId client = settings.openId().orElseThrow();
        boolean othersAnswer = answer.issuer() == null
                ? provider.tellsIssuer()
                : !answer.issuer().equals(client.issuer().toString());
        if (othersAnswer || answer.error() != null || answer.code() == null) {
            throw refused("the provider has refused", client.title() + " has not let you in.");
        }
        if (!exchanges.tryAcquire()) {
            throw new IOException("The identity provider has " + EXCHANGES_AT_A_TIME + " logins to answer already");
        }
        try {
            return identity(
                    claims(provider, provider.idToken(client, answer.code(), question.verifier()), question), client);
        } finally {
            exchanges.release();
        }
    }

    private JwtClaims claims(OpenIdProvider provider, String token, Question question) {
        Settings.OpenId client = settings.openId().orElseThrow();
        JwtConsumer consumer = new JwtConsumerBuilder()
                .setVerificationKeyResolver(new HttpsJwksVerificationKeyResolver(provider.keys()))
                .setJwsAlgorithmConstraints(AlgorithmConstraints.ConstraintType.PERMIT, SIGNATURES)
                .setExpectedIssuer(true, client.issuer().toString())
                .setExpectedAudience(true, client.clientId())
                .setRequireExpirationTime()
                .setRequireIssuedAt()
                .setRequireSubject()
                .setAllowedClockSkewInSeconds(CLOCKS_APART_SECONDS)
                .setEvaluationTime(NumericDate.fromMilliseconds(clock.millis()))
                .registerValidator((Validator) context -> answers(question, context.getJwtClaims(), client))
                .build();
        try {
            return consumer.processToClaims(token);
        } catch (InvalidJwtException invalid) {
            String why = invalid.getErrorDetails().stream()
                    .map(error -> error.getErrorMessage().replaceAll("[\\w-]+\\.[\\w-]*\\.[\\w-]*", "…"))
                    .collect(Collectors.joining("; "));
            throw refused(
                    why, "What " + client.title() + " has answered cannot be believed; the server's log says why.");
        }
    }

    /** @return why it answers another question, or somebody else; null: it does not */
    private static @Nullable String answers(Question question, JwtClaims claims, Settings.OpenId client)
            throws MalformedClaimException {
        String party = claims.getClaimValueAsString("azp");
        if (!same(question.nonce(), claims.getClaimValueAsString("nonce"))) {
            return "The nonce is not the one that was asked with";
        }
        boolean ours = party == null ? claims.getAudience().size() == 1 : party.equals(client.clientId());
        return ours ? null : "It was made for another party than this client (azp)";
    }

    private static Identity identity(JwtClaims claims, Settings.OpenId client) {
        String name = claims.getClaimValueAsString(client.nameClaim());
        return new Identity(
                subject(claims, client),
                name == null ? "" : name,
                role(claims, client).orElse(null));
    }

    private static String subject(JwtClaims claims, Settings.OpenId client) {
        try {
            String subject = client.issuer() + " " + claims.getSubject();
            if (subject.length() <= MAX_SUBJECT && subject.chars().noneMatch(Character::isISOControl)) {
                return subject;
            }
        } catch (MalformedClaimException noText) {
            // told below
        }
        throw refused(
                "its subject is no text, too long, or has control characters",
                "What " + client.title() + " has answered cannot be believed; the server's log says why.");
    }

    /** The highest of those that the person's groups make of it. */
    private static Optional<UserRole> role(JwtClaims claims, Settings.OpenId client) {
        Set<String> told = texts(told(claims.getClaimsMap(), client.roleClaim()));
        return Arrays.stream(UserRole.values())
                .filter(role -> client.roles().getOrDefault(role.text(), Set.of()).stream()
                        .anyMatch(told::contains))
                .max(Comparator.naturalOrder());
    }

    /** A claim by its name, or one inside another by both names with a dot between. */
    private static @Nullable Object told(Map<?, ?> claims, String name) {
        if (claims.containsKey(name)) {
            return claims.get(name);
        }
        int dot = name.indexOf('.');
        return dot > 0 && claims.get(name.substring(0, dot)) instanceof Map<?, ?> inner
                ? told(inner, name.substring(dot + 1))
                : null;
    }

    private static Set<String> texts(@Nullable Object value) {
        Collection<?> all = value instanceof Collection<?> several ? several : Arrays.asList(value);
        return all.stream()
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .collect(Collectors.toSet());
    }

    /** As it was last told. One at a time asks for it, and not again soon after a failure: others do not wait for that. */
    private OpenIdProvider provider() throws IOException {
        Known latest = known;
        if (clock.instant().isBefore(latest.until())) {
            return latest.required();
        }
        if (!asking.tryLock()) {
            return latest.required();
        }
        try {
            known = new Known(
                    OpenIdProvider.discover(settings.openId().orElseThrow()),
                    clock.instant().plus(KNOWN_FOR));
        } catch (IOException failure) {
            LOG.log(Level.WARNING, "The identity provider does not tell about itself", failure);
            known = new Known(latest.provider(), clock.instant().plus(FAILED_FOR));
        } finally {
            asking.unlock();
        }
        return known.required();
    }

    private static ProblemException refused(String why, String words) {
        LOG.warning(() -> "A login by OpenID Connect was refused: " + why);
        return ProblemException.forbidden(null, words);
    }

    private static boolean same(String expected, @Nullable String told) {
        return told != null
                && MessageDigest.isEqual(
                        expected.getBytes(StandardCharsets.UTF_8), told.getBytes(StandardCharsets.UTF_8));
    }

    private static String challenge(String verifier) {
        try {
            return text(MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException everyJvmHasIt) {
            throw new IllegalStateException(everyJvmHasIt);
        }
    }

    private static String random() {
        byte[] random = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(random);
        return text(random);
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
