package io.evenstock.lab;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Plays one night on a running Evenstock: what happened the day before, the upload, the four steps with sales in
 * between, and what became of the figures. It foretells the sampled figures itself and says where they differ.
 */
final class Demo {

    private final ApiClient api;
    private final Uploads uploads;
    private final ResetInventoryGenerator generator;
    private final BusinessNight night;
    private final Stories stories;
    private final Facts facts;
    private final Cycle cycle;
    private final Report report;

    Demo(
            ApiClient api,
            Uploads uploads,
            ResetInventoryGenerator generator,
            BusinessNight night,
            Stories stories,
            String run,
            Report report) {
        this.api = api;
        this.uploads = uploads;
        this.generator = generator;
        this.night = night;
        this.stories = stories;
        this.facts = new Facts(api, night.asOf().toInstant(), run);
        this.cycle = new Cycle(api, night.date(), report);
        this.report = report;
    }

    /** True if all four steps are DONE and every sampled figure is as foretold. */
    boolean play() throws IOException {
        tellTheDayBefore();
        upload();
        List<Reading> before = read();
        report.heading("The night of %s".formatted(night.date()));
        if (!cycle.run("list") || !cycle.run("filter")) {
            return failed();
        }
        sell(Happening.SOLD_BETWEEN, "a sale between filter and reset");
        if (!cycle.run("reset")) {
            return failed();
        }
        sell(Happening.SOLD_LATE, "a sale of 00:50 whose message comes only now");
        List<Reading> afterReset = read();
        if (!cycle.run("variance")) {
            return failed();
        }
        return compared(before, afterReset, read());
    }

    private void tellTheDayBefore() throws IOException {
        report.heading("The day before, as of %s"
                .formatted(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm VV").format(night.asOf())));
        List<Story> all = stories.all();
        report.timed("facilities", () -> Report.grouped(facts.putFacilities()) + " in two subsidiaries");
        report.timed(
                "products",
                () -> "%s, of which %s are sold online"
                        .formatted(
                                Report.grouped(facts.putProducts(generator)),
                                Report.grouped(generator.activeProducts().length)));
        report.timed("counts", () -> facts.postOpenings(all) + " opening counts, half of them a little wrong");
        report.timed(
                "sales",
                () -> "%d before 00:55, %d since"
                        .formatted(
                                facts.postSales(all, Happening.SOLD_BEFORE),
                                facts.postSales(all, Happening.SOLD_SINCE)));
        report.timed(
                "shipments",
                () -> "%d; acknowledged before 00:55: %d, since: %d, the others not yet"
                        .formatted(
                                facts.postShipments(all),
                                facts.postAcknowledgements(all, Happening.SHIPPED_ACKNOWLEDGED),
                                facts.postAcknowledgements(all, Happening.SHIPPED_ACKNOWLEDGED_SINCE)));
    }

    private void upload() throws IOException {
        report.timed("upload", () -> {
            Upload upload = new Upload();
            uploads.upload(night.fileName(), upload);
            uploads.upload(
                    night.fileName() + ".sha256",
                    out -> out.write(
                            (upload.sha256() + "  " + night.fileName() + "\n").getBytes(StandardCharsets.US_ASCII)));
            return "%s, %s rows".formatted(night.fileName(), Report.grouped(generator.rows()));
        });
    }

    private void sell(Happening happening, String words) throws IOException {
        for (Story story : stories.samples()) {
            if (story.units(happening) > 0) {
                String status = facts.postSale(story, happening);
                report.item(
                        "",
                        "+  %s: %s %s: %s"
                                .formatted(
                                        words,
                                        story.store().facilityId(),
                                        story.product().productId(),
                                        status));
            }
        }
    }

    private List<Reading> read() throws IOException {
        List<Reading> readings = new ArrayList<>();
        for (Story story : stories.samples()) {
            readings.add(Reading.of(api, story));
        }
        return readings;
    }

    private boolean failed() {
        report.heading("The night failed: see the reason above.");
        return false;
    }

    private boolean compared(List<Reading> before, List<Reading> afterReset, List<Reading> afterVariance) {
        int sampled = stories.samples().size();
        int differences = new SampleTable(report).tell(stories.samples(), before, afterReset, afterVariance);
        report.heading("All four steps are DONE; %d of %d sampled pairs are as the rules say."
                .formatted(sampled - differences, sampled));
        return differences == 0;
    }

    /** The sample file, hashed on its way: its completion marker promises what it holds. */
    private final class Upload implements Uploads.Content {

        private final MessageDigest digest = newDigest();

        @Override
        public void writeTo(OutputStream out) throws IOException {
            generator.writeTo(new DigestOutputStream(out, digest), night.asOf().toOffsetDateTime());
        }

        String sha256() {
            return HexFormat.of().formatHex(digest.digest());
        }

        private static MessageDigest newDigest() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }
    }
}
