package io.evenstock.nightly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.evenstock.nightly.Rings.Ring;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RingsTest {
    private static final Instant AT_ONE = Instant.parse("2026-11-22T01:00:00Z");
    private static final Ring LIST = new Ring(StepName.LIST, AT_ONE);
    private static final Ring FILTER = new Ring(StepName.FILTER, AT_ONE.plusSeconds(1_800));
    private static final Ring NEXT_LIST = new Ring(StepName.LIST, AT_ONE.plus(Duration.ofDays(1)));

    private final Rings rings = new Rings();
    private final List<Ring> heard = new ArrayList<>();
    private boolean away;

    @Test
    void aRingThatWasHeardIsNotToldAgain() {
        rings.ring(LIST, this::hear);
        rings.again(this::hear);
        assertEquals(List.of(LIST), heard);
    }

    @Test
    void whatTheDatabaseDidNotHearIsToldAgainUntilItHas() {
        away = true;
        for (Ring ring : List.of(NEXT_LIST, FILTER, LIST)) {
            assertThrows(IllegalStateException.class, () -> rings.ring(ring, this::hear));
        }
        assertThrows(IllegalStateException.class, () -> rings.again(this::hear));
        assertEquals(List.of(), heard);

        away = false;
        rings.again(this::hear);
        assertEquals(List.of(LIST, FILTER, NEXT_LIST), heard, "each once, the oldest first");
        rings.again(this::hear);
        assertEquals(3, heard.size());
    }

    /** The node's clock is a minute ahead, and half an hour has passed. */
    @Test
    void whenItRangTheDatabasesClockSays() {
        Instant here = AT_ONE.plusSeconds(1_800);
        assertEquals(AT_ONE.minusSeconds(60), LIST.by(here.minusSeconds(60), here));
    }

    private void hear(Ring ring) {
        if (away) {
            throw new IllegalStateException("the database is away");
        }
        heard.add(ring);
    }
}
