package io.evenstock.access;

import io.evenstock.database.Migration;
import io.evenstock.database.Sql;
import io.evenstock.http.ProblemException;
import io.evenstock.observation.LogLine;
import io.evenstock.observation.Trace;
import io.evenstock.settings.Settings;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.inject.Inject;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The API keys as the database has them; each change stands in the audit trail, in one transaction. The first one comes from {@code evenstock.bootstrap.key}, and only while there
 * is none.
 */
@Startup
@Singleton
@DependsOn(Migration.NAME)
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
public class ApiKeys {
    private static final Logger LOG = Logger.getLogger(ApiKeys.class.getName());
    private static final String LIVE = "revoked_at is null and (expires_at is null or expires_at > clock_timestamp())";

    @Inject
    Sql sql;

    @Inject
    Settings settings;

    @Inject
    Audit audit;

    @PostConstruct
    void bootstrap() {
        settings.bootstrapKey().ifPresent(key -> {
            int taken = sql.update("""
                    insert into api_key (name, key_sha256, hint, role, created_by)
                    select 'bootstrap', ?, ?, 'admin', 'evenstock.bootstrap.key' where not exists (select from api_key)
                    on conflict do nothing
                    """, KeyText.sha256(key), KeyText.hint(key));
            if (taken == 1) {
                LOG.info("The bootstrap key was taken as the first API key, role admin");
            }
        });
    }

    /** The live key of this hash. Only hashes are compared, in the index. */
    public Optional<ApiKey> live(byte[] sha256) {
        return sql.first("select * from api_key where key_sha256 = ? and " + LIVE, ApiKeys::row, sha256);
    }

    /** The hashes of all live keys. */
    public List<byte[]> liveHashes() {
        return sql.list("select key_sha256 from api_key where " + LIVE, row -> row.getBytes(1));
    }

    /** Keys with a smaller number than {@code before}, the newest first; the dead ones only if asked for. */
    public List<ApiKey> newest(long before, int limit, boolean withDead) {
        return sql.list(
                "select * from api_key where key_id < ? and (? or (" + LIVE + ")) order by key_id desc limit ?",
                ApiKeys::row,
                before,
                withDead,
                limit);
    }

    /**
     * Keeps a new key.
     *
     * @throws ProblemException 409 if as many keys of its name live as may
     */
    public ApiKey add(NewKey key, byte[] sha256, String hint, Actor by) {
        serialize();
        int most = settings.keys().livePerName();
        int live = sql.one("select count(*) from api_key where name = ? and " + LIVE, row -> row.getInt(1), key.name());
        if (live >= most) {
            throw ProblemException.notNow("Of the name " + key.name() + " " + live
                    + " keys live already; revoke one first (evenstock.keys.live-per-name is " + most + ")");
        }
        ApiKey added = sql.one(
                """
                insert into api_key (name, key_sha256, hint, role, facilities, rate_limit, created_by, expires_at)
                values (?, ?, ?, ?, ?, ?::integer, ?, ?::timestamptz) returning *
                """,
                ApiKeys::row,
                key.name(),
                sha256,
                hint,
                key.role().text(),
                key.facilities().toArray(String[]::new),
                key.rateLimit(),
                by.name(),
                key.expiresAt());
        tell("key-created", added, by.name());
        audit.record(by, "key made", added.who(), added.role().text() + bound(added));
        return added;
    }

    /**
     * Ends a key; one that has ended stays as it is.
     *
     * @return its hash
     * @throws ProblemException 404 if there is none, 409 if it is the last that could make others
     */
    public byte[] revoke(int keyId, Actor by) {
        serialize();
        ApiKey key = sql.first("select * from api_key where key_id = ?", ApiKeys::row, keyId)
                .orElseThrow(() -> ProblemException.notFound("There is no key " + keyId));
        if (key.role() == Role.ADMIN && key.revokedAt() == null && otherAdmins(keyId) == 0) {
            throw ProblemException.notNow("Key " + keyId + " is the last live one of role admin; create another first");
        }
        int revoked = sql.update("""
                update api_key set revoked_at = clock_timestamp(), revoked_by = ?
                where key_id = ? and revoked_at is null
                """, by.name(), keyId);
        if (revoked == 1) {
            tell("key-revoked", key, by.name());
            audit.record(by, "key revoked", key.who(), null);
        }
        return sql.one("select key_sha256 from api_key where key_id = ?", row -> row.getBytes(1), keyId);
    }

    private static String bound(ApiKey key) {
        return key.facilities().isEmpty()
                ? ""
                : " " + key.facilities().stream().sorted().collect(Collectors.joining(", "));
    }

    private int otherAdmins(int keyId) {
        return sql.one(
                "select count(*) from api_key where role = 'admin' and key_id <> ? and " + LIVE,
                row -> row.getInt(1),
                keyId);
    }

    /** Notes when keys were last used. */
    public void used(Map<Integer, Instant> lastUses) {
        lastUses.forEach((keyId, at) ->
                sql.update("update api_key set last_used_at = greatest(last_used_at, ?) where key_id = ?", at, keyId));
    }

    /** One change of the keys at a time, on all nodes, until the transaction ends. */
    private void serialize() {
        sql.one("select pg_advisory_xact_lock(hashtext('api_key')) is null", row -> row.getBoolean(1));
    }

    private static void tell(String event, ApiKey key, String by) {
        LOG.info(() -> LogLine.of(event)
                .with("key", key.who())
                .with("role", key.role().text())
                .with("by", by)
                .with("request", Trace.current().orElse(null))
                .toString());
    }

    private static ApiKey row(ResultSet row) throws SQLException {
        return new ApiKey(
                row.getInt("key_id"),
                row.getString("name"),
                row.getString("hint"),
                Role.of(row.getString("role")).orElseThrow(),
                texts(row.getArray("facilities")),
                rateLimit(row),
                row.getString("created_by"),
                Sql.instant(row, "created_at"),
                Sql.optionalInstant(row, "expires_at"),
                Sql.optionalInstant(row, "last_used_at"),
                Sql.optionalInstant(row, "revoked_at"));
    }

    private static Set<String> texts(Array array) throws SQLException {
        return Set.of((String[]) array.getArray());
    }

    private static @Nullable Integer rateLimit(ResultSet row) throws SQLException {
        int limit = row.getInt("rate_limit");
        return row.wasNull() ? null : limit;
    }
}
