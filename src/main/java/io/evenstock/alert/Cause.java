package io.evenstock.alert;

/** Why somebody is needed, and what to do about it; docs/operations.md says more. */
public enum Cause {
    FILE_LATE("Ask whoever runs Retail Pro for the upload. The filter takes the file as soon as it is complete."),
    STEP_FAILED("Read the reason, mend it, then run the step: client/evenstock run-step <date> <step>."),
    STEP_LATE("Look at the step and its node's log: it waits or works far longer than a night takes."),
    NOT_ASKED("See whether a node was up and no timer is paused, then run the step."),
    RUN_HELD("Look at the preview, then approve or refuse the run. Until then the figures stay as they are."),
    VARIANCE_HELD("Compare the file with the recorded lines, then approve or refuse its run."),
    FEED_UNREACHABLE("Read the reason and mend it: the SFTP server, its host key, the login or the folder."),
    FEED_SILENT("Ask whoever runs the ERP for its files; look into rejected/ and at the runs refused last."),
    CONSUMER_DISABLED("Ask the consumer to mend its endpoint, then resume it; it goes on where it stood."),
    CONSUMER_FAILING("Ask the consumer; nothing is lost, and it is tried again by itself."),
    NOT_PUBLISHED("See that a node with evenstock.downstream.enabled is up, and its log."),
    DRIFT("Look at the page Drift by facility: a wrong file or one of another day, sales that never came, a receipt."),
    SELF_AUDIT_RED(
            "Keep the log's line self-audit and look at client/evenstock why for the pair; tell the developers."),
    SELF_AUDIT_GREY("See that a node is up and evenstock.self-audit.pairs is more than 0."),
    QUARANTINE("Import the product or facility, or map the identification on the page Quarantine."),
    TILL_SILENT("Ask the store whether its till is in use and reaches Evenstock."),
    STORE_SILENT("Ask the store whether it is open and its tills reach Evenstock.");

    private final String advice;

    Cause(String advice) {
        this.advice = advice;
    }

    /** What to do, in a sentence or two. */
    public String advice() {
        return advice;
    }
}
