package io.evenstock.access;

import io.evenstock.database.Migration;
import io.evenstock.database.Sql;
import io.evenstock.settings.Settings;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.logging.Logger;

/** The API keys. The first one comes from {@code evenstock.bootstrap.key}, and only while there is none. */
@Startup
@Singleton
@DependsOn(Migration.NAME)
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
public class ApiKeys {
    private static final Logger LOG = Logger.getLogger(ApiKeys.class.getName());

    @Inject
    Sql sql;

    @Inject
    Settings settings;

    @PostConstruct
    void bootstrap() {
        settings.bootstrapKey().ifPresent(key -> {
            int taken = sql.update("""
                    insert into api_key (name, key_sha256, role)
                    select 'bootstrap', ?, 'admin' where not exists (select from api_key)
                    on conflict do nothing
                    """, sha256(key));
            if (taken == 1) {
                LOG.info("The bootstrap key was taken as the first API key, role admin");
            }
        });
    }

    /** Whether this is the text of a key. Only hashes are compared, in the index. */
    public boolean known(String key) {
        return sql.first("select key_id from api_key where key_sha256 = ?", row -> row.getInt(1), sha256(key))
                .isPresent();
    }

    private static byte[] sha256(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
