package io.evenstock.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeysTest {

    @Test
    void agreesWithAHashSet() {
        Random random = new Random(1);
        for (int round = 0; round < 200; round++) {
            Set<String> expected = new HashSet<>();
            Keys.Builder builder = Keys.builder();
            int alphabet = 1 + random.nextInt(5);
            int count = random.nextInt(600);
            for (int index = 0; index < count; index++) {
                String key = text(random, alphabet);
                expected.add(key);
                builder.add(key);
            }
            Keys keys = builder.build();
            assertEquals(expected.size(), keys.size());
            expected.forEach(key -> assertTrue(keys.contains(key), key));
            for (int index = 0; index < 500; index++) {
                String other = text(random, alphabet);
                assertEquals(expected.contains(other), keys.contains(other), other);
            }
        }
    }

    @Test
    void findsEveryOneOfVeryMany() {
        Keys.Builder builder = Keys.builder();
        for (int index = 0; index < 200_000; index++) {
            builder.add("key" + index);
        }
        Keys keys = builder.build();
        assertEquals(200_000, keys.size());
        for (int index = 0; index < 200_000; index++) {
            assertTrue(keys.contains("key" + index));
            assertFalse(keys.contains("kex" + index));
        }
    }

    @Test
    void comparesBytesAsTheyStand() {
        Keys keys = Keys.builder().add("0123").add("é").add("12345678").build();
        for (String other :
                new String[] {"123", "00123", " 0123", "0123 ", "0123\0", "É", "1234567", "123456789", ""}) {
            assertFalse(keys.contains(other), other);
        }
        assertTrue(keys.contains("é"));
        assertEquals(8, keys.longestBytes());
    }

    @Test
    void looksOnlyAtTheBytesAskedFor() {
        Keys keys = Keys.builder().add("1234").add("123456789").build();
        byte[] bytes = "xx123456789yyyyyyyyyyyyy".getBytes(UTF_8);
        assertTrue(keys.contains(bytes, 2, 6));
        assertTrue(keys.contains(bytes, 2, 11));
        assertFalse(keys.contains(bytes, 2, 7));
        assertFalse(keys.contains(bytes, 1, 6));
    }

    @Test
    void mayBeEmptyButNoKeyMay() {
        Keys none = Keys.builder().build();
        assertEquals(0, none.size());
        assertFalse(none.contains(""));
        assertFalse(none.contains("1"));
        assertThrows(IllegalArgumentException.class, () -> Keys.builder().add(""));
    }

    @Test
    void aSetStaysAsItWasBuilt() {
        Keys.Builder builder = Keys.builder().add("1");
        Keys before = builder.build();
        Keys after = builder.add("2").add("1").build();
        assertFalse(before.contains("2"));
        assertTrue(after.contains("2"));
        assertEquals(1, before.size());
        assertEquals(2, after.size());
    }

    private static String text(Random random, int alphabet) {
        StringBuilder text = new StringBuilder();
        int length = 1 + random.nextInt(random.nextInt(4) == 0 ? 40 : 9);
        for (int index = 0; index < length; index++) {
            text.append("0é\"9\0".charAt(random.nextInt(alphabet)));
        }
        return text.toString();
    }
}
