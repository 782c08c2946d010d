package io.evenstock.alert;

import io.evenstock.observation.Phrases;
import io.evenstock.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;

/** What a message says to people. What came from outside, a file's name for example, cannot begin a line or a header in it. */
@ApplicationScoped
class Letters {
    private static final int LONGEST_SUBJECT = 150;
    private static final int LONGEST_TEXT = 2_000;

    @Inject
    Settings settings;

    @Inject
    Phrases phrases;

    /** One line. */
    String subject(Call call) {
        String subject = "Evenstock: " + (call.over() ? "over: " : "")
                + oneLine(call.alert().title());
        return shortened(subject, LONGEST_SUBJECT);
    }

    /** What has happened, since when, where to look and what to do. */
    String text(Call call) {
        StringBuilder text = new StringBuilder();
        text.append(oneLine(call.alert().title())).append('\n');
        text.append(shortened(oneLine(call.alert().text()), LONGEST_TEXT)).append("\n\n");
        text.append("Since ").append(phrases.moment(call.alert().raisedAt())).append('\n');
        if (call.over()) {
            text.append("Over  ").append(phrases.moment(call.at())).append('\n');
        } else {
            text.append('\n').append(call.alert().cause().advice()).append('\n');
        }
        link(call).ifPresent(link -> text.append('\n').append(link).append('\n'));
        return text.append("\nAlert ")
                .append(call.alert().alertId())
                .append(", ")
                .append(call.alert().cause())
                .append(", ")
                .append(oneLine(call.alert().subject()))
                .append(". Times are those of ")
                .append(settings.zone())
                .append(".\n")
                .toString();
    }

    /** The whole address of the page; empty: there is no page, or the settings do not say where people reach the server. */
    Optional<String> link(Call call) {
        String link = call.alert().link();
        return link == null
                ? Optional.empty()
                : settings.alerts().baseAddress().map(base -> base.toString().replaceAll("/+$", "") + link);
    }

    private static String oneLine(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ").strip();
    }

    private static String shortened(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 1) + "…";
    }
}
