package io.evenstock.nightly;

import io.evenstock.file.MalformedFileException;
import java.io.IOException;

/** A step of the night. It prepares everything outside a transaction and returns what is to be made lasting. */
interface Step {
    StepName name();

    /**
     * Carries the step out as far as it needs no transaction.
     *
     * @throws IOException worth another try; an IncompleteException, as soon as the file is complete; an
     *     UntrustedServerException, not before a person has looked
     * @throws MalformedFileException a file is not what it should be
     * @throws StepHeldException an operator must decide about its run
     * @throws StepFailedException anything else that an operator must see to
     */
    StepResult run(Claim claim) throws IOException, MalformedFileException, StepFailedException, StepHeldException;
}
