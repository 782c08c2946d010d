package io.evenstock.lab;

import java.util.List;

/** The sampled pairs before, during and after the night, each with the equation behind its last figure. */
final class SampleTable {

    private static final String ROW = "  %-9s %-9s %7s %7s %7s %9s %7s %10s  %s";

    private static final String HEADER =
            "%29s %7s %25s %10s".formatted("before", "file", "---- after the reset ----", "after the");

    private final Report report;

    SampleTable(Report report) {
        this.report = report;
    }

    /** Prints the table; answers how many figures are not what the rules say. */
    int tell(List<Story> stories, List<Reading> before, List<Reading> afterReset, List<Reading> afterVariance) {
        report.heading(HEADER);
        report.line(String.format(ROW, "facility", "product", "QOH", "00:55", "QOH", "withheld", "ATP", "variance", "")
                .stripTrailing());
        int differences = 0;
        for (int i = 0; i < stories.size(); i++) {
            differences += tell(stories.get(i), before.get(i), afterReset.get(i), afterVariance.get(i)) ? 0 : 1;
        }
        return differences;
    }

    private boolean tell(Story story, Reading before, Reading afterReset, Reading afterVariance) {
        String reset = afterReset.differenceTo(Reading.expectedAfterReset(story));
        String variance = afterVariance.differenceTo(Reading.expectedAfterVariance(story));
        boolean even = reset.isEmpty() && variance.isEmpty();
        report.line(ROW.formatted(
                story.store().facilityId(),
                story.product().productId(),
                before.onHand(),
                story.file(),
                afterReset.onHand(),
                afterReset.withheld(),
                afterReset.available(),
                afterVariance.onHand(),
                even ? "ok" : "DIFFERS"));
        report.line("            " + story.equation());
        tellDifference("after the reset", reset);
        tellDifference("after the variance", variance);
        return even;
    }

    private void tellDifference(String when, String difference) {
        if (!difference.isEmpty()) {
            report.line("            !! " + when + ": " + difference);
        }
    }
}
