package io.evenstock.console;

import io.evenstock.http.ProblemException;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Optional;

/** What the address or the form of a page tells. Anybody can write anything there: what cannot be read is not there. */
@RequestScoped
public class Asked {
    @Inject
    HttpServletRequest request;

    /** "": it is not there. */
    String text(String name) {
        String value = request.getParameter(name);
        return value == null ? "" : value;
    }

    /** Zero or more, with up to 18 digits. */
    Optional<Long> number(String name) {
        String digits = text(name);
        return digits.matches("[0-9]{1,18}") ? Optional.of(Long.valueOf(digits)) : Optional.empty();
    }

    /** Of a list, from 1. */
    int page(int last) {
        return Math.toIntExact(Math.max(1, Math.min(last, number("page").orElse(1L))));
    }

    /** What is meant by its number. @throws ProblemException 404 if there is no such number */
    int id(String name) {
        return number(name)
                .filter(id -> id <= Integer.MAX_VALUE)
                .orElseThrow(() -> ProblemException.notFound("There is no such " + name))
                .intValue();
    }

    /** As in 2026-11-22. */
    Optional<LocalDate> date(String name) {
        try {
            return Optional.of(LocalDate.parse(text(name)));
        } catch (DateTimeException noDate) {
            return Optional.empty();
        }
    }
}
