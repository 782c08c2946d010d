package io.evenstock.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PairPositionsTest {
    @Test
    void isAMapFromPairsToTheirFirstPosition() {
        SplittableRandom random = new SplittableRandom(7);
        PairPositions positions = new PairPositions();
        Map<String, Integer> expected = new HashMap<>();
        for (int i = 0; i < 50_000; i++) {
            int facility = random.nextInt(40) - 5;
            int product = random.nextInt(700) * 65_536 - 9;
            Integer before = expected.putIfAbsent(facility + "/" + product, i);
            assertEquals(before == null ? -1 : before, positions.putIfAbsent(facility, product, i));
        }
    }
}
