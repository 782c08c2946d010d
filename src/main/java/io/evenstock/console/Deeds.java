package io.evenstock.console;

import io.evenstock.http.ProblemException;
import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.application.FacesMessage;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Inject;

/** What a page's button does, and what is told of it. */
@RequestScoped
public class Deeds {
    private static final int MAX_REASON = 500;

    @Inject
    FacesContext faces;

    /**
     * Does it. A refusal stays on the page with its reason.
     *
     * @param page to go on with, by GET: to reload it does nothing twice
     */
    String done(String told, String page, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException failure) {
            refusal(failure);
            return "";
        }
        tell(FacesMessage.SEVERITY_INFO, told);
        faces.getExternalContext().getFlash().setKeepMessages(true);
        return page + (page.contains("?") ? "&" : "?") + "faces-redirect=true";
    }

    /** The reason as it is kept. @throws ProblemException 400 if none was given */
    String reason(String reason) {
        if (reason.isEmpty() || reason.length() > MAX_REASON) {
            throw ProblemException.invalid("/reason", "Give a reason, at most " + MAX_REASON + " characters");
        }
        return reason;
    }

    /** For the next page only. */
    void hand(String name, String value) {
        faces.getExternalContext().getFlash().put(name, value);
    }

    /** The server may have wrapped what the transaction threw. */
    private void refusal(RuntimeException failure) {
        Throwable cause = failure;
        while (cause != null && !(cause instanceof ProblemException)) {
            cause = cause.getCause();
        }
        if (cause == null) {
            throw failure;
        }
        tell(FacesMessage.SEVERITY_ERROR, String.valueOf(cause.getMessage()));
    }

    private void tell(FacesMessage.Severity severity, String words) {
        faces.addMessage(null, new FacesMessage(severity, words, null));
    }
}
