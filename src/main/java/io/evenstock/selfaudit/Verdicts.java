package io.evenstock.selfaudit;

import io.evenstock.database.Sql;
import io.evenstock.selfaudit.Offence.Amounts;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the self-audit knows, as the database has it. */
@ApplicationScoped
public class Verdicts {
    private static final Duration FRESH = Duration.ofHours(1);

    @Inject
    Sql sql;

    @Inject
    Clock clock;

    /** What it knows now. */
    public Verdict now() {
        long offences = sql.one("select count(*) from self_audit_offence", row -> row.getLong(1));
        Optional<Offence> first = offences(1).stream().findFirst();
        return sql.one("select * from self_audit", row -> verdict(row, offences, first));
    }

    /** The pairs known to be wrong, those found first first. */
    List<Offence> offences(int most) {
        return sql.list("""
                select o.*, f.facility_id, p.product_id
                from self_audit_offence o join facility f using (facility_key) join product p using (product_key)
                order by o.found_at, o.facility_key, o.product_key limit ?
                """, Verdicts::offence, most);
    }

    private Verdict verdict(ResultSet row, long offences, Optional<Offence> first) throws SQLException {
        Optional<Instant> checked = Optional.ofNullable(Sql.optionalInstant(row, "checked_at"));
        Instant ended = Sql.optionalInstant(row, "last_ended_at");
        Optional<Verdict.Pass> last = ended == null
                ? Optional.empty()
                : Optional.of(new Verdict.Pass(Sql.instant(row, "last_started_at"), ended, row.getLong("last_pairs")));
        return new Verdict(light(offences, checked, last), checked, row.getLong("pairs"), last, offences, first);
    }

    private Light light(long offences, Optional<Instant> checked, Optional<Verdict.Pass> last) {
        if (offences > 0) {
            return Light.RED;
        }
        boolean fresh =
                checked.isPresent() && checked.get().isAfter(clock.instant().minus(FRESH));
        return fresh && last.isPresent() ? Light.GREEN : Light.GREY;
    }

    private static Offence offence(ResultSet row) throws SQLException {
        long published = row.getLong("published_on_hand");
        Optional<Amounts> told = row.wasNull()
                ? Optional.empty()
                : Optional.of(new Amounts(published, row.getLong("published_withheld")));
        return new Offence(
                row.getString("facility_id"),
                row.getString("product_id"),
                new Amounts(row.getLong("facts_on_hand"), row.getLong("facts_withheld")),
                new Amounts(row.getLong("figure_on_hand"), row.getLong("figure_withheld")),
                told,
                row.getLong("sums_off"),
                Sql.instant(row, "found_at"));
    }
}
