package io.evenstock.access;

import io.evenstock.settings.Settings;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import org.jose4j.http.Get;
import org.jose4j.jwk.HttpsJwks;

/**
 * The identity provider as it describes itself (OpenID Connect Discovery 1.0). Every failure to be understood is an
 * {@link IOException}.
 *
 * @param authorization where people log in
 * @param token where a code is exchanged for a token
 * @param secretInBody whether it takes the client's secret in the body only, not in a header
 * @param tellsIssuer whether it sends its issuer with each answer (RFC 9207)
 * @param keys its public keys, fetched again when a token names one that is not known
 */
record OpenIdProvider(String authorization, String token, boolean secretInBody, boolean tellsIssuer, HttpsJwks keys) {
    private static final int MAX_ANSWER_BYTES = 1 << 20;
    private static final String BASIC = "client_secret_basic";

    /** Asks for its configuration. */
    static OpenIdProvider discover(Settings.OpenId settings) throws IOException {
        String issuer = settings.issuer().toString();
        String address = issuer.replaceAll("/+$", "") + "/.well-known/openid-configuration";
        JsonObject told = answer(connect(address, settings));
        if (!issuer.equals(told.getString("issuer", ""))) {
            throw new IOException(address + " is of the issuer " + told.getString("issuer", "") + ", not of " + issuer);
        }
        return new OpenIdProvider(
                required(told, "authorization_endpoint"),
                required(told, "token_endpoint"),
                told.containsKey("token_endpoint_auth_methods_supported")
                        && told.getJsonArray("token_endpoint_auth_methods_supported").stream()
                                .noneMatch(method -> method.equals(Json.createValue(BASIC))),
                told.getBoolean("authorization_response_iss_parameter_supported", false),
                keys(required(told, "jwks_uri"), settings));
    }

    private static HttpsJwks keys(String address, Settings.OpenId settings) {
        Get get = new Get();
        get.setConnectTimeout(Math.toIntExact(settings.timeout().toMillis()));
        get.setReadTimeout(Math.toIntExact(settings.timeout().toMillis()));
        get.setResponseBodySizeLimit(MAX_ANSWER_BYTES);
        get.setRetries(0);
        HttpsJwks keys = new HttpsJwks(address);
        keys.setSimpleHttpGet(get);
        return keys;
    }

    /** Exchanges a code. @return the ID token, of which nothing is checked */
    String idToken(Settings.OpenId settings, String code, String verifier) throws IOException {
        HttpURLConnection connection = connect(token, settings);
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/x-www-form-urlencoded");
        String form = form(Map.of(
                "grant_type",
                "authorization_code",
                "code",
                code,
                "redirect_uri",
                settings.redirect().toString(),
                "code_verifier",
                verifier));
        if (secretInBody) {
            form += "&" + form(Map.of("client_id", settings.clientId(), "client_secret", settings.clientSecret()));
        } else {
            connection.setRequestProperty("Authorization", basic(settings));
        }
        try (OutputStream body = connection.getOutputStream()) {
            body.write(form.getBytes(StandardCharsets.US_ASCII));
        }
        return required(answer(connection), "id_token");
    }

    private static HttpURLConnection connect(String address, Settings.OpenId settings) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(address).toURL().openConnection();
        connection.setInstanceFollowRedirects(false);
        connection.setConnectTimeout(Math.toIntExact(settings.timeout().toMillis()));
        connection.setReadTimeout(Math.toIntExact(settings.timeout().toMillis()));
        connection.setRequestProperty("Accept", "application/json");
        return connection;
    }

    private static JsonObject answer(HttpURLConnection connection) throws IOException {
        if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
            throw new IOException(connection.getURL() + " answered " + connection.getResponseCode());
        }
        try (InputStream body = connection.getInputStream();
                JsonReader json = Json.createReader(new ByteArrayInputStream(body.readNBytes(MAX_ANSWER_BYTES)))) {
            return json.readObject();
        } catch (JsonException none) {
            throw new IOException(connection.getURL() + " answered something else than JSON", none);
        }
    }

    private static String required(JsonObject told, String name) throws IOException {
        String value = told.getString(name, "");
        if (value.isEmpty()) {
            throw new IOException("The identity provider tells no " + name);
        }
        return value;
    }

    /** Each of the two is encoded before they are joined (RFC 6749, 2.3.1). */
    private static String basic(Settings.OpenId settings) {
        String both = encoded(settings.clientId()) + ":" + encoded(settings.clientSecret());
        return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.US_ASCII));
    }

    static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
