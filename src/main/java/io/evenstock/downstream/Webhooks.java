package io.evenstock.downstream;

import io.evenstock.database.Sql;
import io.evenstock.http.ProblemException;
import io.evenstock.settings.Settings;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.security.GeneralSecurityException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The endpoints: what each has been told, and which node may tell it more; all times are the database's. */
@Stateless
public class Webhooks {
    /** How long both secrets sign after a rotation. */
    static final Duration ROTATION = Duration.ofHours(24);

    /** A node that is gone is replaced after so long beyond the time limit of a message. */
    private static final Duration LEASE = Duration.ofSeconds(20);

    private static final int ATTEMPTS_KEPT = 100;
    private static final int REFUSALS_TOLD = 100;
    /** A backlog is counted up to here. */
    static final int MOST_BACKLOG = 100_000;

    @Inject
    Sql sql;

    @Inject
    Settings settings;

    /** Registers an endpoint. @return its id */
    public long register(String url, String target, @Nullable Integer channelKey, String secret, Cursor cursor) {
        sql.one("select pg_advisory_xact_lock(hashtextextended('register a webhook', 0))", row -> true);
        int most = settings.downstream().mostWebhooks();
        if (sql.one("select count(*) from webhook", row -> row.getInt(1)) >= most) {
            throw ProblemException.notNow("There are " + most + " webhooks already, as many as are allowed");
        }
        String sealed = seal().seal(secret, url);
        return sql.one("""
                insert into webhook (url, target, channel_key, secret, urgent, bulk)
                values (?, ?, ?::integer, ?, ?, ?) returning webhook_id
                """, row -> row.getLong(1), url, target, channelKey, sealed, cursor.urgent(), cursor.bulk());
    }

    public List<Webhook> all() {
        return list("");
    }

    /** The endpoint. @throws ProblemException 404 if there is none */
    public Webhook one(long webhookId) {
        return list("where webhook_id = " + webhookId).stream().findFirst().orElseThrow(() -> unknown(webhookId));
    }

    public void delete(long webhookId) {
        requireOne(sql.update("delete from webhook where webhook_id = ?", webhookId), webhookId);
    }

    /** Tells the endpoint everything after a cursor again, starting at once, whatever its state was. */
    public void replay(long webhookId, Cursor after) {
        requireOne(sql.update("""
                        update webhook set urgent = ?, bulk = ?, state = 'ACTIVE', reason = null, failures = 0,
                               failing_since = null, retry_at = '-infinity', fence = fence + 1, lease_until = null
                        where webhook_id = ?
                        """, after.urgent(), after.bulk(), webhookId), webhookId);
    }

    /** Goes on where it stands, whatever its state was. */
    public void resume(long webhookId) {
        replay(webhookId, one(webhookId).cursor());
    }

    public void pause(long webhookId, String reason) {
        requireOne(
                sql.update(
                        "update webhook set state = 'PAUSED', reason = ?, fence = fence + 1, lease_until = null where"
                                + " webhook_id = ?",
                        reason,
                        webhookId),
                webhookId);
    }

    /** A new secret; the one before signs, too, for a day. */
    public void rotate(long webhookId, String secret) {
        String sealed = seal().seal(secret, one(webhookId).url());
        requireOne(sql.update("""
                        update webhook set former_secret = secret, secret = ?,
                               former_until = clock_timestamp() + ? * interval '1 second'
                        where webhook_id = ?
                        """, sealed, ROTATION.toSeconds(), webhookId), webhookId);
    }

    /** Seals by the newest key what an older one has sealed, as far as that is at hand. @return of how many endpoints */
    public int sealAnew() {
        int sealedAnew = 0;
        for (Sealed old : sql.list("select webhook_id, url, secret, former_secret from webhook", Sealed::of)) {
            sealedAnew += old.byNewestKey(seal())
                    .map(anew -> sql.update(
                            """
                            update webhook set secret = ?, former_secret = ?
                            where webhook_id = ? and secret = ? and former_secret is not distinct from ?
                            """, anew.secret(), anew.formerSecret(), old.webhookId(), old.secret(), old.formerSecret()))
                    .orElse(0);
        }
        return sealedAnew;
    }

    /** The secrets of an endpoint as they stand in the database. */
    private record Sealed(
            long webhookId,
            String url,
            String secret,
            @Nullable String formerSecret) {
        static Sealed of(ResultSet row) throws SQLException {
            return new Sealed(row.getLong(1), row.getString(2), row.getString(3), row.getString(4));
        }

        /** Empty: the newest key has sealed both, or they do not open. */
        Optional<Sealed> byNewestKey(Seal seal) {
            if (seal.isNewest(secret) && (formerSecret == null || seal.isNewest(formerSecret))) {
                return Optional.empty();
            }
            try {
                String former = formerSecret == null ? null : seal.seal(seal.open(formerSecret, url), url);
                return Optional.of(new Sealed(webhookId, url, seal.seal(seal.open(secret, url), url), former));
            } catch (GeneralSecurityException unreadable) {
                return Optional.empty();
            }
        }
    }

    /** Claims endpoints that are due and have something to be told, at most so many. */
    public List<WebhookClaim> claim(String node, int most) {
        return sql.list("""
                with due as (
                    select webhook_id from webhook w
                    where state = 'ACTIVE' and retry_at <= clock_timestamp()
                      and (lease_until is null or lease_until < clock_timestamp())
                      -- Once for all endpoints, by the index: exists (… version > w.bulk) read the whole table for each.
                      and ((select max(version) from published_inventory where not bulk) > w.urgent
                           or (select max(version) from published_inventory where bulk) > w.bulk)
                    order by webhook_id limit ? for update skip locked)
                update webhook w
                set claimed_by = ?, fence = fence + 1, lease_until = clock_timestamp() + ? * interval '1 millisecond'
                from due where w.webhook_id = due.webhook_id
                returning w.*, w.former_until > clock_timestamp() as both,
                          (select c.name from channel c where c.channel_key = w.channel_key) as channel
                """, Webhooks::claim, most, node, lease());
    }

    /** The claim holds for another lease, if it is still this node's. @return whether it is */
    public boolean renewed(WebhookClaim claim) {
        return sql.update("""
                        update webhook set lease_until = clock_timestamp() + ? * interval '1 millisecond'
                        where webhook_id = ? and fence = ?
                        """, lease(), claim.webhookId(), claim.fence()) == 1;
    }

    /** The message was taken. @return whether the claim still held */
    public boolean delivered(WebhookClaim claim, Message message, Attempt attempt) {
        log(claim, message, attempt);
        return sql.update(
                        """
                        update webhook set urgent = ?, bulk = ?, failures = 0, failing_since = null, retry_at = '-infinity',
                               last_success_at = clock_timestamp(), delivered = delivered + ?,
                               lease_until = clock_timestamp() + ? * interval '1 millisecond'
                        where webhook_id = ? and fence = ?
                        """,
                        message.next().urgent(),
                        message.next().bulk(),
                        message.items(),
                        lease(),
                        claim.webhookId(),
                        claim.fence())
                == 1;
    }

    /** There was nothing for this endpoint up to a cursor; the claim is given back. */
    public void nothing(WebhookClaim claim, Cursor next) {
        sql.update(
                "update webhook set urgent = ?, bulk = ?, lease_until = null where webhook_id = ? and fence = ?",
                next.urgent(),
                next.bulk(),
                claim.webhookId(),
                claim.fence());
    }

    /** The claim is given back. */
    public void release(WebhookClaim claim) {
        sql.update(
                "update webhook set lease_until = null where webhook_id = ? and fence = ?",
                claim.webhookId(),
                claim.fence());
    }

    /** The message was not taken: again after a pause, or never if the receiver is gone for good; the claim is given back. */
    public void failed(WebhookClaim claim, Message message, Attempt attempt) {
        log(claim, message, attempt);
        Duration pause = new BackOff(settings.downstream().longestPause())
                .after(claim.failures() + 1, attempt.retryAfter(), ThreadLocalRandom.current());
        sql.update(
                """
                update webhook
                set failures = failures + 1, failing_since = coalesce(failing_since, clock_timestamp()),
                    retry_at = clock_timestamp() + ? * interval '1 millisecond', lease_until = null,
                    state = case when ? or failing_since < clock_timestamp() - ? * interval '1 hour'
                                 then 'DISABLED' else state end,
                    reason = case when ? then 'it answered 410 Gone'
                                  when failing_since < clock_timestamp() - ? * interval '1 hour'
                                  then 'it has failed for ' || ? || ' hours' end
                where webhook_id = ? and fence = ?
                """,
                pause.toMillis(),
                attempt.gone(),
                settings.downstream().giveUpHours(),
                attempt.gone(),
                settings.downstream().giveUpHours(),
                String.valueOf(settings.downstream().giveUpHours()),
                claim.webhookId(),
                claim.fence());
    }

    /** Nothing is sent for a while; the claim is given back. */
    public void rest(WebhookClaim claim, Duration pause) {
        sql.update("""
                update webhook set retry_at = clock_timestamp() + ? * interval '1 millisecond', lease_until = null
                where webhook_id = ? and fence = ?
                """, pause.toMillis(), claim.webhookId(), claim.fence());
    }

    /**
     * Learns what a Shopify store calls facilities (locations) and products (inventory items), and tells it everything again.
     *
     * @return how many were known
     */
    public int map(long webhookId, Map<String, String> locations, Map<String, String> items) {
        int known = sql.update("""
                insert into shopify_location (webhook_id, facility_key, location_id)
                select ?, facility_key, location_id
                from unnest(?::text[], ?::text[]) m(facility_id, location_id) join facility using (facility_id)
                order by facility_key
                on conflict (webhook_id, facility_key) do update set location_id = excluded.location_id
                """, webhookId, keys(locations), values(locations));
        known += sql.update("""
                insert into shopify_item (webhook_id, product_key, inventory_item_id)
                select ?, product_key, inventory_item_id
                from unnest(?::text[], ?::text[]) m(product_id, inventory_item_id) join product using (product_id)
                order by product_key
                on conflict (webhook_id, product_key) do update set inventory_item_id = excluded.inventory_item_id
                """, webhookId, keys(items), values(items));
        replay(webhookId, Cursor.START);
        return known;
    }

    /** The changes of which the store knows facility and product, in its words. */
    public List<Shopify.Quantity> quantities(WebhookClaim claim, List<Change> changes) {
        return sql.list(
                """
                select facility_key, product_key, inventory_item_id, location_id,
                       least(available, 1000000000) as available
                from unnest(?::text[], ?::text[]) c(facility_id, product_id)
                join facility using (facility_id) join product using (product_id)
                join shopify_location l using (facility_key) join shopify_item i using (product_key)
                join published_inventory using (facility_key, product_key)
                where l.webhook_id = ? and i.webhook_id = ?
                """,
                row -> new Shopify.Quantity(
                        row.getInt(1), row.getInt(2), row.getString(3), row.getString(4), row.getLong(5)),
                changes.stream().map(Change::facilityId).toArray(String[]::new),
                changes.stream().map(Change::productId).toArray(String[]::new),
                claim.webhookId(),
                claim.webhookId());
    }

    /** Keeps what a store did not take of a batch, until it does: here that of all others is forgotten. */
    public void judged(WebhookClaim claim, List<Shopify.Quantity> taken, List<Shopify.Refusal> refused) {
        sql.update(
                """
                delete from shopify_refusal r using unnest(?::integer[], ?::integer[]) t(facility_key, product_key)
                where r.webhook_id = ? and r.facility_key = t.facility_key and r.product_key = t.product_key
                """,
                taken.stream().map(Shopify.Quantity::facilityKey).toArray(Integer[]::new),
                taken.stream().map(Shopify.Quantity::productKey).toArray(Integer[]::new),
                claim.webhookId());
        sql.update(
                """
                insert into shopify_refusal as r (webhook_id, facility_key, product_key, code, message)
                select w.webhook_id, u.facility_key, u.product_key, u.code, u.message
                from webhook w, unnest(?::integer[], ?::integer[], ?::text[], ?::text[])
                                u(facility_key, product_key, code, message)
                where w.webhook_id = ? order by 2, 3
                on conflict (webhook_id, facility_key, product_key) do update
                set code = excluded.code, message = excluded.message, times = r.times + 1, last_at = excluded.last_at
                """,
                refused.stream().map(each -> each.quantity().facilityKey()).toArray(Integer[]::new),
                refused.stream().map(each -> each.quantity().productKey()).toArray(Integer[]::new),
                refused.stream().map(Shopify.Refusal::code).toArray(String[]::new),
                refused.stream().map(Shopify.Refusal::message).toArray(String[]::new),
                claim.webhookId());
    }

    /**
     * A pair that a store did not take when it was told it last.
     *
     * @param times in a row
     */
    public record Refused(
            String facilityId,
            String productId,
            String locationId,
            String inventoryItemId,
            String code,
            String message,
            long times,
            String since,
            String lastAt) {}

    /** The pairs that a store does not take, those refused last first, at most 100. */
    public List<Refused> refusals(long webhookId) {
        return sql.list(
                """
                select facility_id, product_id, location_id, inventory_item_id, code, message, times, since, last_at
                from shopify_refusal
                join facility using (facility_key) join product using (product_key)
                join shopify_location using (webhook_id, facility_key) join shopify_item using (webhook_id, product_key)
                where webhook_id = ? order by last_at desc, facility_key, product_key limit ?
                """,
                row -> new Refused(
                        row.getString("facility_id"),
                        row.getString("product_id"),
                        row.getString("location_id"),
                        row.getString("inventory_item_id"),
                        row.getString("code"),
                        row.getString("message"),
                        row.getLong("times"),
                        Sql.instant(row, "since").toString(),
                        Sql.instant(row, "last_at").toString()),
                webhookId,
                REFUSALS_TOLD);
    }

    private static String[] keys(Map<String, String> map) {
        return map.keySet().toArray(String[]::new);
    }

    private static String[] values(Map<String, String> map) {
        return map.values().toArray(String[]::new);
    }

    /** An attempt that was made. */
    public record Sent(
            String messageId,
            int items,
            @Nullable Integer status,
            @Nullable String error,
            long millis,
            String at) {}

    /** The last attempts, newest first. */
    public List<Sent> attempts(long webhookId) {
        return sql.list(
                """
                select message_id, items, status, error, millis, sent_at from webhook_delivery
                where webhook_id = ? order by delivery_id desc limit ?
                """,
                row -> new Sent(
                        row.getString("message_id"),
                        row.getInt("items"),
                        row.getObject("status", Integer.class),
                        row.getString("error"),
                        row.getLong("millis"),
                        Sql.instant(row, "sent_at").toString()),
                webhookId,
                ATTEMPTS_KEPT);
    }

    private void log(WebhookClaim claim, Message message, Attempt attempt) {
        sql.update(
                """
                insert into webhook_delivery (webhook_id, message_id, items, status, error, millis)
                select webhook_id, ?, ?, ?::integer, ?, ? from webhook where webhook_id = ?
                """,
                message.id(),
                message.items(),
                attempt.status(),
                attempt.error(),
                attempt.took().toMillis(),
                claim.webhookId());
        sql.update("""
                delete from webhook_delivery where webhook_id = ? and delivery_id <=
                    (select delivery_id from webhook_delivery where webhook_id = ?
                     order by delivery_id desc offset ? limit 1)
                """, claim.webhookId(), claim.webhookId(), ATTEMPTS_KEPT);
    }

    private Seal seal() {
        return new Seal(settings.secretKeys());
    }

    private long lease() {
        return settings.downstream().timeout().plus(LEASE).toMillis();
    }

    private List<Webhook> list(String where) {
        return sql.list(
                "select w.*, (select c.name from channel c where c.channel_key = w.channel_key) as channel,"
                        + " nullif(retry_at, '-infinity') as again_at, backlog(w, " + MOST_BACKLOG
                        + ") as backlog, (select count(*) from shopify_refusal r where r.webhook_id = w.webhook_id) as refused"
                        + " from webhook w "
                        + where
                        + " order by webhook_id",
                Webhooks::webhook);
    }

    private static Webhook webhook(ResultSet row) throws SQLException {
        return new Webhook(
                row.getLong("webhook_id"),
                row.getString("url"),
                row.getString("target"),
                row.getString("channel"),
                Webhook.State.valueOf(row.getString("state")),
                row.getString("reason"),
                new Cursor(row.getLong("urgent"), row.getLong("bulk")),
                row.getInt("failures"),
                Sql.optionalInstant(row, "failing_since"),
                Sql.optionalInstant(row, "again_at"),
                Sql.optionalInstant(row, "last_success_at"),
                row.getLong("delivered"),
                row.getLong("backlog"),
                row.getLong("refused"),
                Sql.instant(row, "created_at"));
    }

    private static WebhookClaim claim(ResultSet row) throws SQLException {
        List<String> secrets = new ArrayList<>(List.of(row.getString("secret")));
        if (row.getBoolean("both")) {
            secrets.add(row.getString("former_secret"));
        }
        return new WebhookClaim(
                row.getLong("webhook_id"),
                row.getLong("fence"),
                row.getString("url"),
                row.getString("target").equals("shopify"),
                row.getObject("channel_key", Integer.class),
                row.getString("channel"),
                secrets,
                new Cursor(row.getLong("urgent"), row.getLong("bulk")),
                row.getInt("failures"));
    }

    private static void requireOne(int rows, long webhookId) {
        if (rows == 0) {
            throw unknown(webhookId);
        }
    }

    private static ProblemException unknown(long webhookId) {
        return ProblemException.notFound("There is no webhook " + webhookId);
    }
}
