package io.evenstock.console;

import io.evenstock.access.Actor;
import io.evenstock.access.UserRole;
import io.evenstock.http.ProblemException;
import io.evenstock.nightly.Nightly;
import io.evenstock.nightly.Nights;
import io.evenstock.nightly.StepName;
import io.evenstock.nightly.TimerPause;
import io.evenstock.nightly.Timers;
import io.evenstock.settings.Settings;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The steps' timers: when each asks next, who paused it; pause, resume, run now. */
@Named
@RequestScoped
public class TimersPage {
    private static final int FIRES_SHOWN = 5;
    private static final String PAGE = "/console/timers";
    private static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ofPattern("EEE d MMM yyyy HH:mm (OOOO)", Locale.ENGLISH);

    @Inject
    Timers timers;

    @Inject
    Nightly nightly;

    @Inject
    Nights nights;

    @Inject
    Settings settings;

    @Inject
    Me me;

    @Inject
    Deeds deeds;

    @Inject
    Asked asked;

    private String reason = "";
    private String until = "";
    private @Nullable List<Timers.Timer> all;

    public List<Timers.Timer> getTimers() {
        if (all == null) {
            all = Arrays.stream(StepName.values())
                    .map(step -> timers.of(step, FIRES_SHOWN))
                    .toList();
        }
        return all;
    }

    /** The pause in force; null: none. */
    public @Nullable TimerPause pause(Timers.Timer timer) {
        return timer.pause().orElse(null);
    }

    public boolean isEnabled() {
        return settings.schedule().enabled();
    }

    /** Local time with its offset, which tells summer from winter time. */
    public String local(Instant at) {
        return LOCAL.format(at.atZone(settings.zone()));
    }

    /** The night that a step is run of. */
    public LocalDate getNight() {
        return nights.current();
    }

    public String getReason() {
        return reason;
    }

    public void setReason(@Nullable String reason) {
        this.reason = reason == null ? "" : reason.strip();
    }

    public String getUntil() {
        return until;
    }

    public void setUntil(@Nullable String until) {
        this.until = until == null ? "" : until.strip();
    }

    public String pause() {
        return deeds.done("The timer of " + step().text() + " is paused.", PAGE, () -> {
            Actor actor = me.require(UserRole.OPERATOR);
            timers.pause(step(), actor, deeds.reason(reason), end());
        });
    }

    public String resume() {
        return deeds.done(
                "The timer of " + step().text() + " asks again.",
                PAGE,
                () -> timers.resume(step(), me.require(UserRole.OPERATOR)));
    }

    /** Of the night that the page has shown, whatever the time is now. */
    public String run() {
        LocalDate night = night();
        return deeds.done("The " + step().text() + " of " + night + " runs.", "/console/tonight?date=" + night, () -> {
            Actor actor = me.require(UserRole.OPERATOR);
            nightly.runNow(
                    nights.known(night).orElseThrow(() -> ProblemException.notFound("There is no night " + night)),
                    step(),
                    actor);
        });
    }

    private StepName step() {
        return StepName.of(asked.text("step")).orElseThrow(() -> ProblemException.notFound("There is no such timer"));
    }

    private LocalDate night() {
        return asked.date("night").orElseThrow(() -> ProblemException.notFound("There is no such night"));
    }

    /** As the browser's field has it, in the business's zone. */
    private @Nullable Instant end() {
        try {
            return until.isEmpty()
                    ? null
                    : LocalDateTime.parse(until).atZone(settings.zone()).toInstant();
        } catch (DateTimeException unparsable) {
            throw ProblemException.invalid("/until", "Until is a date and a time like 2026-11-22T18:00");
        }
    }
}
