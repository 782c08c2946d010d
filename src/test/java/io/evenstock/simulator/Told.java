package io.evenstock.simulator;

import io.evenstock.simulator.World.Entry;
import io.evenstock.simulator.World.Photo;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A message on its way, with what the world knows of it and the system under test must not see. */
record Told(Instant recordedAt, Message message, Claim claim) {

    /**
     * What a message speaks of.
     *
     * @param entry of a movement or an acknowledgement: the line of Retail Pro's journal; of a shipment: its moment
     * @param slip the line of the transfer slip
     * @param photo what a file was made from
     * @param future whether the message's times lie beyond any skew: "are refused" (R15)
     */
    record Claim(
            @Nullable Entry entry,
            @Nullable Entry slip,
            @Nullable Photo photo,
            boolean future) {
        static final Claim NONE = new Claim(null, null, null, false);
        static final Claim FUTURE = new Claim(null, null, null, true);

        static Claim of(Entry entry) {
            return new Claim(entry, null, null, false);
        }

        static Claim of(Entry entry, @Nullable Entry slip) {
            return new Claim(entry, slip, null, false);
        }

        static Claim of(Photo photo) {
            return new Claim(null, null, photo, false);
        }

        Entry entryThatIs() {
            return Objects.requireNonNull(entry);
        }

        Photo photoThatIs() {
            return Objects.requireNonNull(photo);
        }
    }

    @Override
    public String toString() {
        return recordedAt + "  " + message.brief();
    }
}
